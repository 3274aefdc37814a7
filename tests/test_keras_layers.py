"""Every Keras layer case of the golden data: shapes, parameters, weights, refusals.

Each is asked twice: as a stack of one layer, and as a functional model in Keras's own JSON.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from shapewright.arithmetic.dimension import is_known
from shapewright.formats.errors import DocumentError
from shapewright.formats.options import Options
from shapewright.formats.read import read_document
from shapewright.network.propagate import infer
from shapewright.network.report import Entry, ShapesDoNotFit
from tests.golden_data import leaves, load
from tests.keras_documents import functional, given, tensor
from tests.keras_documents import layer as keras_layer

CASES: dict[str, list[Any]] = defaultdict(list)
for _case in load("keras_layers")["cases"]:
    CASES[_case["layer"]["class_name"]].append(_case)

UNRUNNABLE = "eager call fails where the symbolic call works"


def real(shape: list[int | None]) -> list[int]:
    """The shape of the real tensor that was fed where a size was left open."""
    return [(19 if axis else 2) if d is None else d for axis, d in enumerate(shape)]


def as_stack(case: dict[str, Any]) -> dict[str, Any]:
    """One golden case as a stack of one layer."""
    inputs: dict[str, Any] = {}

    def feed(shapes: Any, name: str) -> Any:
        if isinstance(shapes, dict):
            return {key: feed(value, key) for key, value in shapes.items()}
        if shapes and isinstance(shapes[0], list):
            return [feed(value, f"{name}_{index}") for index, value in enumerate(shapes)]
        inputs[f"in_{name}"] = real(shapes) if "eager_output_shape" in case else shapes
        return f"in_{name}"

    tree = feed(case["input_shape"], "x")
    if case.get("call") == "dict":
        tree = [tree]
    layer = {"type": case["layer"]["class_name"], **case["layer"]["config"], "inputs": tree}
    if case.get("call_kwargs"):
        layer["call"] = case["call_kwargs"]
    return {"inputs": inputs, "layers": [layer]}


STATES = {"initial_state_": "initial_state", "states_": "states"}
"""Tensors that Keras takes as a list, by how the golden data number them."""


def as_model(case: dict[str, Any]) -> dict[str, Any]:
    """One golden case as a functional model of one layer."""
    stack = as_stack(case)
    (layer,) = stack["layers"]

    def feed(tree: Any) -> Any:
        if isinstance(tree, dict):
            return {key: feed(value) for key, value in tree.items()}
        return [feed(item) for item in tree] if isinstance(tree, list) else tensor((tree, 0, 0))

    tree = layer["inputs"][0] if case.get("call") == "dict" else layer["inputs"]
    first, named = feed(tree), {}
    if case.get("call") == "named arguments":
        first, *rest = first.items()
        for name, value in rest:
            stem = next((stem for stem in STATES if name.startswith(stem)), None)
            if stem:
                named.setdefault(STATES[stem], []).append(value)
            else:
                named[name] = value
        first = first[1]
    one = keras_layer(case["layer"]["class_name"], "it")
    one["config"] = {**case["layer"]["config"], "name": "it"}
    one["inbound_nodes"] = [{"args": [first], "kwargs": {**named, **layer.get("call", {})}}]
    inputs = (given(name, *shape) for name, shape in stack["inputs"].items())
    return functional(*inputs, one, outputs=[["it", 0, 0]])


FORMS = {"stack": as_stack, "model": as_model}


def answer(case: dict[str, Any], form: Callable[[Any], Any] = as_stack) -> Entry | str:
    """The layer's entry, or the text of the refusal."""
    try:
        return infer(read_document(form(case), Options())).layers[0]
    except DocumentError as error:
        return "; ".join(str(fault) for fault in getattr(error, "faults", [error]))
    except ShapesDoNotFit as error:
        return str(error)


def expected_shapes(case: dict[str, Any]) -> list[Any]:
    """Every shape that is right: a real tensor's where it contradicts the symbolic call."""
    eager = case.get("eager_output_shape")
    return [leaves(shape) for shape in (eager.values() if eager else [case["output_shape"]])]


def difference(case: dict[str, Any], form: Callable[[Any], Any]) -> str | None:
    """What is wrong with the answer to a case, if anything."""
    entry = answer(case, form)
    if "error" in case:
        return None if isinstance(entry, str) else f"accepted, Keras says {case['error']['text']}"
    if isinstance(entry, str):
        may_refuse = any(UNRUNNABLE in note["kind"] for note in case.get("notes", ()))
        return None if may_refuse else f"refused: {entry}"
    shapes = [[d if is_known(d) else None for d in shape] for shape in entry.output_shapes]
    if shapes not in expected_shapes(case):
        return f"shapes {shapes}, expected {expected_shapes(case)}"
    weights = sorted((w.name, list(w.shape), w.trainable) for w in entry.weights)
    wanted = sorted((w["name"], w["shape"], w["trainable"]) for w in case["weight_shapes"])
    if weights != wanted:
        return f"weights {weights}, expected {wanted}"
    if (entry.params, entry.trainable_params) != (case["params"], case["trainable_params"]):
        return f"params {entry.params}, expected {case['params']}"
    return None


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("class_name", sorted(CASES))
def test_layer_agrees_with_keras(class_name: str, form: str) -> None:
    """All cases of one class."""
    asked = ((case["id"], difference(case, FORMS[form])) for case in CASES[class_name])
    wrong = {number: text for number, text in asked if text}
    lines = [f"{len(wrong)} of {len(CASES[class_name])} cases differ"]
    lines += [f"case {number}: {text}" for number, text in list(wrong.items())[:10]]
    assert not wrong, "\n".join(lines)
