"""How image layers are called, and what they have in common.

They take a tensor of images, one image or a batch of them, or a map of tensors: `images`,
`segmentation_masks`, `labels`, and `bounding_boxes` with `boxes` and `labels`. The outputs of a
map come in the order of its keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.axes import Expect
from shapewright.operations.base import Operation
from shapewright.operations.identity import Elementwise
from shapewright.operations.parallel import Parallel
from shapewright.vocabularies.call import Call, Slot
from shapewright.vocabularies.keras.common import CHANNELS_LAST, data_format
from shapewright.vocabularies.parameters import Ignored, Integer, Parameter

FOLDER: Final = "preprocessing/image_preprocessing/"

Keys: TypeAlias = tuple[str, ...]
"""Where a tensor stands in a map of maps."""

IMAGES: Final[Keys] = ("images",)
MASKS: Final[Keys] = ("segmentation_masks",)
BOXES: Final[Keys] = ("bounding_boxes", "boxes")
BOX_LABELS: Final[Keys] = ("bounding_boxes", "labels")


class ImageAxes(NamedTuple):
    """Where an image has its axes, counted from the end."""

    height: int
    width: int
    channels: int


def image_axes(format_word: str | None) -> ImageAxes:
    """The axes that a `data_format` word means."""
    last = (format_word or CHANNELS_LAST) == CHANNELS_LAST
    return ImageAxes(-3, -2, -1) if last else ImageAxes(-2, -1, -3)


def expect_images(axes: ImageAxes, channels: tuple[int, ...] = ()) -> Expect:
    """One image or a batch of them, with one of these numbers of channels if there are any."""
    sizes = ((axes.channels, channels),) if channels else ()
    return Expect((3, 4), "an image, or a batch of images", sizes)


def tensors_of(call: Call) -> Mapping[Keys, Slot]:
    """The tensors of a call in the order of their keys; one that comes alone is the images.

    Raises:
        ParameterError: the call has no images.
    """
    data = call.bind(("data",)).get("data", call.named)
    tensors = dict(_tensors(data, () if isinstance(data, Mapping) else IMAGES))
    if IMAGES not in tensors:
        raise ParameterError("takes a tensor of images, or a map of tensors with `images` in it")
    return tensors


def each(tensors: Mapping[Keys, Slot], operations: Mapping[Keys, Operation]) -> Operation:
    """The operation for each tensor; those that are not listed pass unchanged."""
    if tensors == {IMAGES: Slot(0)}:
        return operations[IMAGES]
    return Parallel(
        tuple((slot.index, operations.get(keys, Elementwise())) for keys, slot in tensors.items())
    )


def _tensors(tree: Any, keys: Keys = ()) -> Iterator[tuple[Keys, Slot]]:
    """The tensors of a map in the order of the keys."""
    if isinstance(tree, Slot):
        yield keys, tree
    elif isinstance(tree, Mapping):
        for key in sorted(tree):
            yield from _tensors(tree[key], (*keys, key))


def image_parameters(*, seed: bool = True) -> dict[str, Parameter[Any]]:
    """What image layers have beside their own parameters; `seed` if they draw random numbers."""
    return {
        **({"seed": Integer(None, minimum=-(2**63), maximum=2**63 - 1)} if seed else {}),
        "data_format": data_format(),
        "bounding_box_format": Ignored(doc="the order of the numbers of a box"),
    }
