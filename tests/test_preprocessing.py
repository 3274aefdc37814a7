"""Keras's preprocessing beyond the golden cases: maps of tensors, vocabularies, messages."""

from __future__ import annotations

from typing import Any

import pytest

from shapewright.arithmetic.dimension import UNKNOWN
from shapewright.formats.errors import InvalidDocument
from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.network.propagate import infer
from tests.single_layer import entry, fault, output

Sizes = list[int | None]
Parameters = dict[str, Any]

FIRST: Parameters = {"data_format": "channels_first"}
TERMS = ["a", "b", "c"]

SHAPES: dict[str, tuple[str, Parameters, Sizes, Sizes]] = {
    # ---- images
    "one image": ("Resizing", {"height": 4, "width": 5}, [9, None, 3], [4, 5, 3]),
    "channels first": (
        "CenterCrop",
        {"height": 4, "width": 5, **FIRST},
        [2, 3, 9, 9],
        [2, 3, 4, 5],
    ),
    "crop of nothing": ("CenterCrop", {"height": 0, "width": 5}, [2, 9, 9, 1], [2, 0, 5, 1]),
    "sizes of `area`": (
        "Resizing",
        {"height": 1, "width": 2, "interpolation": "area"},
        [2, 9, 9, 1],
        [2, 1, 2, 1],
    ),
    "gray stays gray": ("RandomGrayscale", {}, [2, 9, 9, 1], [2, 9, 9, 1]),
    "open channels": ("RandomHue", {"factor": 0.1}, [2, 9, 9, None], [2, 9, 9, None]),
    # ---- numbers
    "a scale for each channel": ("Rescaling", {"scale": [1, 2, 3]}, [None, 4, 3], [None, 4, 3]),
    "a scale that widens": ("Rescaling", {"scale": [[1, 2, 3]]}, [2, 1], [2, 3]),
    "an offset that widens": ("Rescaling", {"scale": 1, "offset": [1, 2]}, [2, 1], [2, 2]),
    "a scale beside an open size": ("Rescaling", {"scale": [1, 2]}, [2, None], [2, None]),
    "a scale as Keras writes arrays": (
        "Rescaling",
        {"scale": {"class_name": "__numpy__", "config": {"value": [1, 2], "dtype": "float32"}}},
        [2, 1],
        [2, 2],
    ),
    "bins before they are found": (
        "Discretization",
        {"num_bins": 4, "output_mode": "one_hot"},
        [None, 3],
        [None, 3, 4],
    ),
    "bins that were found": (
        "Discretization",
        {"num_bins": 4, "bin_boundaries": [1, 2, 3], "output_mode": "count"},
        [None, 3],
        [None, 4],
    ),
    # ---- categories
    "one hot drops a last 1": (
        "CategoryEncoding",
        {"num_tokens": 4, "output_mode": "one_hot"},
        [2, 3, 1],
        [2, 3, 4],
    ),
    "one hot keeps the only axis": (
        "CategoryEncoding",
        {"num_tokens": 4, "output_mode": "one_hot"},
        [1],
        [1, 4],
    ),
    "several hot drop the second axis": (
        "CategoryEncoding",
        {"num_tokens": 4},
        [2, 3, 1],
        [2, 1, 4],
    ),
    "several hot of one sample": ("CategoryEncoding", {"num_tokens": 4}, [3], [4]),
    "binary is the old word": (
        "CategoryEncoding",
        {"num_tokens": 4, "output_mode": "binary"},
        [2, 3],
        [2, 4],
    ),
    "a hash drops two axes": (
        "Hashing",
        {"num_bins": 4, "output_mode": "one_hot"},
        [2, 1, 1],
        [2, 4],
    ),
    # ---- vocabularies
    "a place for the unknown": (
        "StringLookup",
        {"vocabulary": TERMS, "output_mode": "count"},
        [2, 5],
        [2, 4],
    ),
    "no place for the mask": (
        "StringLookup",
        {"vocabulary": TERMS, "mask_token": "m", "output_mode": "count"},
        [2, 5],
        [2, 4],
    ),
    "reserved terms in front": (
        "IntegerLookup",
        {"vocabulary": [-1, -1, 7, 8], "num_oov_indices": 2, "output_mode": "one_hot"},
        [2],
        [2, 4],
    ),
    "as many as can be": (
        "StringLookup",
        {"vocabulary": TERMS, "max_tokens": 9, "pad_to_max_tokens": True, "output_mode": "count"},
        [2, 5],
        [2, 9],
    ),
    "a remembered size": (
        "StringLookup",
        {"vocabulary_size": 7, "output_mode": "multi_hot"},
        [2, 5],
        [2, 7],
    ),
    "no vocabulary yet": ("StringLookup", {"output_mode": "multi_hot"}, [2, 5], [2, None]),
    "weights": (
        "StringLookup",
        {"vocabulary": TERMS, "output_mode": "tf-idf", "idf_weights": [1, 2, 3]},
        [2, 5],
        [2, 4],
    ),
    # ---- texts
    "tokens": ("TextVectorization", {}, [None], [None, None]),
    "so many tokens": ("TextVectorization", {"output_sequence_length": 6}, [None, 1], [None, 6]),
    "texts in texts": ("TextVectorization", {"output_sequence_length": 6}, [2, 3, 1], [2, 3, 6]),
    "tokens already": ("TextVectorization", {"split": None}, [2, 3], [2, 3]),
    "tokens joined": ("TextVectorization", {"split": None, "ngrams": 2}, [2, 3], [2, None]),
    "ragged": ("TextVectorization", {"ragged": True, "output_sequence_length": 6}, [2], [2, None]),
    "a function of one's own": (
        "TextVectorization",
        {"split": {"class_name": "function"}},
        [2],
        [2, None],
    ),
    "texts counted": (
        "TextVectorization",
        {"vocabulary": TERMS, "output_mode": "count"},
        [2, 1],
        [2, 4],
    ),
    "each token": (
        "TextVectorization",
        {"vocabulary": TERMS, "output_mode": "one_hot"},
        [2, 1],
        [2, None, 4],
    ),
    "texts before their vocabulary": (
        "TextVectorization",
        {"vocabulary_size": 1, "output_mode": "count"},
        [2, 1],
        [2, None],
    ),
    "texts and a remembered size": (
        "TextVectorization",
        {"vocabulary_size": 8, "output_mode": "count"},
        [2, 1],
        [2, 8],
    ),
    # ---- sound
    "channels side by side": ("STFTSpectrogram", {"frame_length": 16}, [2, 100, 3], [2, 11, 27]),
    "both parts": (
        "STFTSpectrogram",
        {"frame_length": 16, "mode": "stft", "expand_dims": True, **FIRST},
        [2, 3, 100],
        [2, 3, 11, 18],
    ),
    "the next power of 2": ("STFTSpectrogram", {"frame_length": 17}, [2, 100, 1], [2, 11, 17]),
    "bands": ("MelSpectrogram", {"fft_length": 32, "sequence_stride": 8}, [2, 55], [2, 128, 7]),
    "bands of an odd window": (
        "MelSpectrogram",
        {"fft_length": 31, "sequence_stride": 8},
        [16],
        [128, 2],
    ),
    "bands of channels": (
        "MelSpectrogram",
        {"fft_length": 32, "sequence_stride": 8},
        [2, 3, 50],
        [2, 3, 128, 7],
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_output_shape(name: str) -> None:
    kind, parameters, shape, expected = SHAPES[name]
    assert output(shape, kind, **parameters) == expected


FAULTS: dict[str, tuple[str, Parameters, Sizes, str, str]] = {
    "crop and pad": (
        "Resizing",
        {"height": 4, "width": 4, "crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True},
        [2, 8, 8, 3],
        "/pad_to_aspect_ratio",
        "crop_to_aspect_ratio and pad_to_aspect_ratio are both true, only one can be",
    ),
    "rank of an image": (
        "RandomFlip",
        {},
        [8, 3],
        "",
        "needs 3 or 4 axes (an image, or a batch of images), got 2: (8, 3)",
    ),
    "colours": (
        "RandomSaturation",
        {"factor": 0.1},
        [2, 8, 8, 4],
        "",
        "needs size 3 on axis -1, got 4 in (2, 8, 8, 4)",
    ),
    "colours of a jitter": (
        "RandomColorJitter",
        {"hue_factor": 0.1, **FIRST},
        [2, 3, 8, 8],
        "",
        "needs size 3 on axis -1, got 8 in (2, 3, 8, 8)",
    ),
    "too strong": (
        "RandomContrast",
        {"factor": 1.5},
        [2, 8, 8, 3],
        "/factor",
        "needs a number >= 0 and <= 1, or a list of a number <= 1 and a number >= 0, got 1.5",
    ),
    "as small as nothing": (
        "RandomZoom",
        {"height_factor": -1.0},
        [2, 8, 8, 3],
        "/height_factor",
        "needs a number > -1 and <= 1, "
        "or a list of a number > -1 and <= 1 and a number > -1 and <= 1, got -1.0",
    ),
    "even blur": (
        "RandomGaussianBlur",
        {"kernel_size": [3, 4]},
        [2, 8, 8, 3],
        "/kernel_size",
        "needs an odd integer >= 1, "
        "or a list of an odd integer >= 1 and an odd integer >= 1, got [3, 4]",
    ),
    "a range of three": (
        "AutoContrast",
        {"value_range": [0, 1, 2]},
        [2, 8, 8, 3],
        "/value_range",
        "needs a list of a number and a number, got [0, 1, 2]",
    ),
    "a mean alone": (
        "Normalization",
        {"mean": [1, 2]},
        [2, 2],
        "/variance",
        "mean and variance are set together and have one shape, got shape [2] and null",
    ),
    "a mean of too many axes": (
        "Normalization",
        {"mean": [[1]], "variance": [[1]]},
        [2, 2],
        "/mean",
        "mean has 2 axes, but axis names only 1: [-1]",
    ),
    "a mean that does not fit": (
        "Normalization",
        {"mean": [1, 2], "variance": [1, 2]},
        [2, 3],
        "/mean",
        "statistics of shape (2,) do not fit the sizes (3,) of axes (1,) in (2, 3)",
    ),
    "an axis twice": (
        "Normalization",
        {"axis": [1, -1]},
        [2, 3],
        "/axis",
        "names an axis of (2, 3) twice: (1, -1)",
    ),
    "no bins": (
        "Discretization",
        {},
        [2],
        "/num_bins",
        "needs bin_boundaries or num_bins, got neither",
    ),
    "other bins": (
        "Discretization",
        {"bin_boundaries": [1, 2], "num_bins": 7},
        [2],
        "/num_bins",
        "2 bin_boundaries make 3 bins, but num_bins is 7",
    ),
    "sparse numbers": (
        "Hashing",
        {"num_bins": 3, "sparse": True},
        [2],
        "/sparse",
        "sparse is true, which output_mode 'int' does not allow",
    ),
    "one feature": (
        "HashedCrossing",
        {"num_bins": 3},
        [2],
        "",
        "needs exactly 2 inputs, got 1: ((2,),)",
    ),
    "salt without a hash": (
        "IntegerLookup",
        {"salt": 3},
        [2],
        "/salt",
        "salt needs oov_method 'farmhash', got 'floormod'",
    ),
    "a term twice": (
        "StringLookup",
        {"vocabulary": ["a", "b", "a"]},
        [2],
        "/vocabulary",
        "the vocabulary has 'a' 2 times, once is enough",
    ),
    "a reserved term in the middle": (
        "StringLookup",
        {"vocabulary": ["a", "m"], "mask_token": "m"},
        [2],
        "/vocabulary",
        "the reserved term 'm' stands at a wrong place: reserved terms are left out of the "
        "vocabulary, or are the first 2 of it",
    ),
    "too many terms": (
        "StringLookup",
        {"vocabulary": TERMS, "max_tokens": 3},
        [2],
        "/max_tokens",
        "the vocabulary makes 4 places, 1 of them reserved, max_tokens is 3",
    ),
    "another size remembered": (
        "StringLookup",
        {"vocabulary": TERMS, "vocabulary_size": 3, "output_mode": "count"},
        [2],
        "/vocabulary_size",
        "the vocabulary makes 4 places, vocabulary_size is 3",
    ),
    "too few weights": (
        "StringLookup",
        {"vocabulary": TERMS, "output_mode": "tf_idf", "idf_weights": [1]},
        [2],
        "/idf_weights",
        "a vocabulary of 3 terms needs 3 weights, got 1",
    ),
    "weights for nothing": (
        "StringLookup",
        {"idf_weights": [1]},
        [2],
        "/idf_weights",
        "idf_weights need output_mode 'tf_idf', got 'int'",
    ),
    "a file of terms": (
        "StringLookup",
        {"vocabulary": "terms.txt"},
        [2],
        "/vocabulary",
        "needs a list of one or more strings (files of terms are not read), got 'terms.txt'",
    ),
    "padding to nothing": (
        "StringLookup",
        {"pad_to_max_tokens": True},
        [2],
        "/max_tokens",
        "pad_to_max_tokens is true, which needs max_tokens, got null",
    ),
    "vectors back to terms": (
        "StringLookup",
        {"invert": True, "output_mode": "count"},
        [2],
        "/output_mode",
        "invert is true, which needs output_mode 'int', got 'count'",
    ),
    "texts side by side": (
        "TextVectorization",
        {},
        [2, 3],
        "",
        "needs texts of shape (batch,), or with a last axis of 1, got (2, 3)",
    ),
    "a length for vectors": (
        "TextVectorization",
        {"output_mode": "count", "output_sequence_length": 4},
        [2],
        "/output_sequence_length",
        "output_sequence_length is 4, which needs output_mode 'int', got 'count'",
    ),
    "gaps between frames": (
        "STFTSpectrogram",
        {"frame_length": 16, "frame_step": 17},
        [2, 100, 1],
        "/frame_step",
        "frame_step is 17, it has to be from 1 to frame_length, which is 16",
    ),
    "half of one sample": (
        "STFTSpectrogram",
        {"frame_length": 1},
        [2, 100, 1],
        "/frame_step",
        "frame_step is 0, it has to be from 1 to frame_length, which is 1",
    ),
    "short sound": (
        "STFTSpectrogram",
        {"frame_length": 16},
        [2, 15, 1],
        "/frame_length",
        "the window spans 16 elements, but the axis has only 15",
    ),
    "another window": (
        "STFTSpectrogram",
        {"frame_length": 4, "window": [1, 2, 3]},
        [2, 15, 1],
        "/window",
        "the window has 3 values, but frame_length is 4",
    ),
    "sound too short to mirror": (
        "MelSpectrogram",
        {"fft_length": 32},
        [2, 16],
        "/fft_length",
        "half of a window of 32 samples is mirrored at each end, "
        "which needs 17 samples or more, got 16",
    ),
    "an empty pipeline": (
        "Pipeline",
        {"layers": []},
        [2],
        "/layers",
        "needs one layer or more, got none",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str) -> None:
    kind, parameters, shape, place, detail = FAULTS[name]
    assert fault(shape, kind, **parameters) == (f"/layers/0{place}", detail)


HOSTILE: dict[str, tuple[str, Parameters]] = {
    "places without end": ("StringLookup", {"vocabulary": TERMS, "num_oov_indices": 2**31 - 1}),
    "grams without end": ("TextVectorization", {"ngrams": 2**31 - 1}),
    "bands without end": ("MelSpectrogram", {"num_mel_bins": 2**31 - 1, "fft_length": 2}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_large_numbers_cost_nothing(name: str) -> None:
    kind, parameters = HOSTILE[name]
    assert entry([4], kind, **parameters).params == 0


def test_deep_arrays_are_refused() -> None:
    deep: Any = 1.0
    for _ in range(500):
        deep = [deep]
    place, detail = fault([2, 3], "Rescaling", scale=deep)
    assert place == "/layers/0/scale"
    assert detail.startswith("needs a number, or a list of numbers")


# ---- maps of tensors -----------------------------------------------------------------------------

BATCH = {
    "images": [None, 9, 8, 3],
    "segmentation_masks": [None, 9, 8, 1],
    "labels": [None, 5],
    "boxes": [None, 3, 4],
    "box_labels": [None, 3],
}
BOXES = {"boxes": "boxes", "labels": "box_labels"}


def on_map(kind: str, tree: Any, **parameters: Any) -> list[Sizes]:
    """The outputs of a layer that is called on one map of tensors."""
    layer = {"type": kind, **parameters, "inputs": [tree]}
    found = infer(read_stack({"inputs": BATCH, "layers": [layer]}, Options())).layers[0]
    return [
        [None if size is UNKNOWN else int(str(size)) for size in shape]
        for shape in found.output_shapes
    ]


def test_a_resized_map_comes_in_the_order_of_its_keys() -> None:
    tree = {key: key for key in ("segmentation_masks", "images", "labels")}
    assert on_map("Resizing", {**tree, "bounding_boxes": BOXES}, height=4, width=5) == [
        [None, 3, 4],
        [None, 3],
        [None, 4, 5, 3],
        [None, 5],
        [None, 4, 5, 1],
    ]


def test_an_augmented_map_keeps_its_shapes() -> None:
    assert on_map("RandomFlip", {"labels": "labels", "images": "images"}) == [
        [None, 9, 8, 3],
        [None, 5],
    ]


def test_boxes_are_cut_or_filled_up() -> None:
    tree = {"images": "images", "bounding_boxes": BOXES}
    assert on_map("MaxNumBoundingBoxes", tree, max_number=7) == [
        [None, 7, 4],
        [None, 7],
        [None, 9, 8, 3],
    ]


def test_a_map_needs_images() -> None:
    with pytest.raises(InvalidDocument) as raised:
        on_map("RandomFlip", {"labels": "labels"})
    (found,) = raised.value.faults
    assert found.detail == "takes a tensor of images, or a map of tensors with `images` in it"


# ---- what a report says --------------------------------------------------------------------------


def test_statistics_are_weights_that_do_not_train() -> None:
    found = entry([None, 6, 5], "Normalization", axis=[-1, 1])
    assert {weight.name: weight.shape for weight in found.weights} == {
        "mean": (6, 5),
        "variance": (6, 5),
        "count": (),
    }
    assert found.params == 61
    assert found.trainable_params == 0


def test_counts_may_be_weighed() -> None:
    layer = {"type": "CategoryEncoding", "num_tokens": 4, "output_mode": "count"}
    inputs = {"x": [None, 3], "w": [None, 3]}
    document = {"inputs": inputs, "layers": [{**layer, "inputs": ["x", "w"]}]}
    found = infer(read_stack(document, Options())).layers[0]
    assert found.output_shapes == ((UNKNOWN, 4),)


def test_a_spectrogram_is_two_convolutions_of_each_channel() -> None:
    found = entry([None, 100, 3], "STFTSpectrogram", frame_length=16)
    assert found.macs == 11 * 16 * 9 * 3 * 2
    assert found.window is not None
    assert found.window.placements[0].outputs == 11


def test_one_part_of_a_spectrogram_is_one_convolution() -> None:
    found = entry([None, None, 1], "STFTSpectrogram", frame_length=16, mode="real")
    assert found.macs is UNKNOWN
    assert [weight.name for weight in found.weights] == ["real_kernel"]


def test_a_random_crop_says_when_it_crops() -> None:
    (note,) = entry([2, 9, 9, 3], "RandomCrop", height=4, width=4).notes
    assert note.code == "training_only"


def test_a_pipeline_names_the_weights_of_its_layers() -> None:
    layers = [
        {"type": "Resizing", "height": 4, "width": 4},
        {"type": "Normalization", "name": "scaled"},
    ]
    found = entry([None, 9, 9, 3], "Pipeline", layers=layers)
    assert found.output_shapes == ((UNKNOWN, 4, 4, 3),)
    assert [weight.name for weight in found.weights] == [
        "scaled/mean",
        "scaled/variance",
        "scaled/count",
    ]
