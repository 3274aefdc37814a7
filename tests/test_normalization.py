"""Layers that leave shapes alone: weights, axes, what they mix, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from shapewright.arithmetic.dimension import UNKNOWN, Shape
from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.network.propagate import infer
from shapewright.operations.base import Operation
from shapewright.operations.gate import Gate
from shapewright.operations.identity import Elementwise
from shapewright.operations.normalization import GroupNormalization
from tests.single_layer import entry, fault, output

U = UNKNOWN

Sizes = list[int | None]

WEIGHTS: dict[str, tuple[str, dict[str, Any], Sizes, dict[str, tuple[int, ...]]]] = {
    "layer normalization in order of the axes' numbers": (
        "LayerNormalization",
        {"axis": [2, -1, 1]},
        [None, 3, 4, 5],
        {"gamma": (5, 3, 4), "beta": (5, 3, 4)},
    ),
    "the old scaling has no shift": (
        "LayerNormalization",
        {"rms_scaling": True, "scale": False},
        [None, 3],
        {"gamma": (3,)},
    ),
    "batch normalization of channels first": (
        "BatchNormalization",
        {"axis": 1, "center": False},
        [None, 3, None, None],
        {"gamma": (3,), "moving_mean": (3,), "moving_variance": (3,)},
    ),
    "a slope for each place": ("PReLU", {}, [None, 3, 4], {"alpha": (3, 4)}),
    "a slope for each channel": (
        "PReLU",
        {"shared_axes": [1, 2]},
        [None, None, None, 4],
        {"alpha": (1, 1, 4)},
    ),
    "axis 0 is the last": ("PReLU", {"shared_axes": 0}, [None, 3, None], {"alpha": (3, 1)}),
    "a slope for numbers": ("PReLU", {}, [None], {"alpha": ()}),
}


@pytest.mark.parametrize("name", WEIGHTS)
def test_weights(name: str) -> None:
    kind, parameters, shape, expected = WEIGHTS[name]
    found = entry(shape, kind, **parameters)
    assert {weight.name: weight.shape for weight in found.weights} == expected
    assert (found.output_shapes, found.macs) == (found.input_shapes, 0)


FAULTS: dict[str, tuple[str, dict[str, Any], Sizes, str, str]] = {
    "no such axis": (
        "BatchNormalization",
        {"axis": 3},
        [None, 3, 4],
        "/layers/0/axis",
        "axis 3 does not exist in (?, 3, 4), which has 3 axes",
    ),
    "an open axis": (
        "LayerNormalization",
        {},
        [None, 3, None],
        "/layers/0",
        "the weight `gamma` needs a known size on axis -1, got (?, 3, ?)",
    ),
    "groups": (
        "GroupNormalization",
        {"groups": 4},
        [None, 3, 6],
        "/layers/0/groups",
        "6 channels on axis -1 of (?, 3, 6) do not divide into 4 groups",
    ),
    "no groups": (
        "GroupNormalization",
        {"groups": 0},
        [None, 3, 6],
        "/layers/0/groups",
        "needs a positive integer, or -1 for groups of one channel",
    ),
    "bounds in the wrong order": (
        "BatchNormalization",
        {"renorm": True, "renorm_clipping": {"rmin": 2, "rmax": 1}},
        [None, 6],
        "/layers/0/renorm_clipping",
        "rmax is 1, below rmin 2",
    ),
    "a negative bound": (
        "BatchNormalization",
        {"renorm": True, "renorm_clipping": {"dmax": -1}},
        [None, 6],
        "/layers/0/renorm_clipping",
        "dmax has to be >= 0, got -1",
    ),
    "a bound without a meaning": (
        "BatchNormalization",
        {"renorm": True, "renorm_clipping": {"max": 1}},
        [None, 6],
        "/layers/0/renorm_clipping",
        "needs an object with numbers rmin, rmax and dmax, got {'max': 1}",
    ),
    "a shared axis that does not exist": (
        "PReLU",
        {"shared_axes": [3]},
        [None, 4, 4],
        "/layers/0/shared_axes",
        "axis 2 does not exist in (4, 4), which has 2 axes",
    ),
    "a rate": (
        "Dropout",
        {"rate": 1.5},
        [None, 4],
        "/layers/0/rate",
        "needs a number >= 0 and <= 1, got 1.5",
    ),
    "a rank": (
        "SpatialDropout2D",
        {"rate": 0.5, "data_format": "channels_first"},
        [None, 4],
        "/layers/0",
        "needs 4 axes (batch, channels, height, width), got 2: (?, 4)",
    ),
    "an initializer": (
        "PReLU",
        {"alpha_constraint": "nonneg"},
        [None, 4],
        "/layers/0/alpha_constraint",
        "needs null, an object with a class_name, or one of Constraint, MaxNorm, MinMaxNorm, "
        "NonNeg, UnitNorm, constraint, max_norm, min_max_norm, non_neg, unit_norm, got 'nonneg'",
    ),
    "halves": (
        "Activation",
        {"activation": "glu"},
        [None, 4, 5],
        "/layers/0",
        "the size of axis -1 has to be even, it is 5 in (?, 4, 5)",
    ),
    "a function": (
        "Activation",
        {"activation": "reul"},
        [None, 4],
        "/layers/0/activation",
        "needs the name of a Keras activation such as 'relu', got 'reul'",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str) -> None:
    kind, parameters, shape, place, detail = FAULTS[name]
    assert fault(shape, kind, **parameters) == (place, detail)


def written(name: str, module: str, kind: str = "function") -> dict[str, Any]:
    """What Keras writes for a function or, with a configuration, a class."""
    config: Any = name if kind == "function" else {"name": name}
    return {"class_name": kind, "config": config, "module": module, "registered_name": name}


FUNCTIONS: dict[str, tuple[Any, int | None]] = {
    "by name": ("glu", 2),
    "of Keras": (written("glu", "keras.activations"), 2),
    "of Keras, found by name": (written("glu", "builtins"), 2),
    "of one's own": (written("mine", "my.module"), 4),
    "a layer": (written("leaky", "keras.layers", "LeakyReLU"), 4),
    "none": (None, 4),
    "of Keras, but unknown": (written("mine", "keras.activations"), None),
    "an object of no class": ({"config": "relu"}, None),
    "a number": (3, None),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_how_an_activation_may_be_written(name: str) -> None:
    activation, expected = FUNCTIONS[name]
    if expected is None:
        assert fault([None, 4], "Activation", activation=activation)[0] == "/layers/0/activation"
    else:
        assert output([None, 4], "Activation", activation=activation) == [None, expected]


def test_an_activation_of_halves_follows_the_layer() -> None:
    assert output([None, 8, 8, 3], "Conv2D", filters=6, kernel_size=3, activation="glu") == [
        None,
        6,
        6,
        3,
    ]


@pytest.mark.parametrize(
    "inputs", [["scores", "mask"], {"inputs": "scores", "mask": "mask"}], ids=["place", "name"]
)
def test_a_mask_beside_scores_changes_no_shape(inputs: Any) -> None:
    document = {
        "inputs": {"mask": [None, 1, 7], "scores": [None, 5, None]},
        "layers": [{"type": "Softmax", "inputs": inputs}],
    }
    found = infer(read_stack(document, Options())).layers[0]
    assert (found.inputs, found.output_shapes) == (("scores", "mask"), ((U, 5, U),))


LINKS: dict[str, tuple[Operation, Shape, list[int | None]]] = {
    "every element by itself": (Elementwise(axes=(1,)), (2, 3, 4), [0, 1, 2]),
    "along an axis": (Elementwise(axes=(-1,), mixing=True), (2, 3, 4), [0, 1, None]),
    "in groups": (GroupNormalization(-1, 2), (2, 3, 4), [0, None, None]),
    "by halves": (Gate(1), (2, 6, 4), [0, None, 2]),
}


@pytest.mark.parametrize("name", LINKS)
def test_what_becomes_of_each_axis(name: str) -> None:
    operation, shape, expected = LINKS[name]
    (links,) = operation.infer((shape,)).links
    assert [link and link.axis for link in links] == expected


def test_half_of_an_open_size_is_open() -> None:
    assert Gate().infer(((2, U),)).outputs == ((2, U),)
