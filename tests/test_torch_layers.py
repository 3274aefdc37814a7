"""Every PyTorch module case of the golden data: shapes, parameters, multiply-adds, refusals."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from shapewright.arithmetic.dimension import is_known
from shapewright.formats.errors import DocumentError
from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.network.propagate import infer
from shapewright.network.report import Entry, ShapesDoNotFit
from tests.golden_data import leaves, load

CASES: dict[str, list[Any]] = defaultdict(list)
for _case in load("torch_layers")["cases"]:
    CASES[_case["module"]].append(_case)


def as_stack(case: dict[str, Any]) -> dict[str, Any]:
    """One golden case as a stack of one layer."""
    several = case.get("several_inputs")
    shapes = case["input_shape"] if several else [case["input_shape"]]
    inputs = {f"x{index}": shape for index, shape in enumerate(shapes)}
    layer = {"type": case["module"], **case["kwargs"], "inputs": list(inputs)}
    if case.get("call_kwargs"):
        layer["call"] = case["call_kwargs"]
    return {"framework": "torch", "inputs": inputs, "layers": [layer]}


def answer(case: dict[str, Any]) -> Entry | str:
    """The layer's entry, or the text of the refusal."""
    try:
        return infer(read_stack(as_stack(case), Options())).layers[0]
    except DocumentError as error:
        return "; ".join(str(fault) for fault in getattr(error, "faults", [error]))
    except ShapesDoNotFit as error:
        return str(error)


def expected_shapes(case: dict[str, Any]) -> list[Any]:
    """The shapes of all tensors that come out."""
    return [shape for shape in leaves(case["output_shape"]) if shape is not None]


SEQUENTIAL = ("RNN", "LSTM", "GRU", "Multihead", "Transformer")
"""Modules on (time, batch, features) or, with `batch_first`, on (batch, time, features)."""


def samples(case: dict[str, Any]) -> int:
    """How many samples the input holds; one without a batch axis is one."""
    module, shape = case["module"], case["input_shape"]
    shape = shape[0] if case.get("several_inputs") else shape
    sequential = module.startswith(SEQUENTIAL) and not module.endswith("Cell")
    spatial = int(module[-2]) if module[-2].isdigit() else 0
    single = 2 if sequential else spatial + 1
    batch = 1 if sequential and not case["kwargs"].get("batch_first") else 0
    return 1 if len(shape) == single else int(shape[batch])


def macs(case: dict[str, Any]) -> int | None:
    """Multiply-adds of one sample, where torch counts them: it counts twice, and whole batches.

    It leaves out the fused attention that it takes where no weights are asked for.
    """
    fused = case.get("call_kwargs", {}).get("need_weights") is False
    if "torch_flop_counter" not in case or fused:
        return None
    return int(case["torch_flop_counter"]) // 2 // samples(case)


def difference(case: dict[str, Any]) -> str | None:
    """What is wrong with the answer to a case, if anything."""
    entry = answer(case)
    if "error" in case:
        return None if isinstance(entry, str) else f"accepted, torch says {case['error']['text']}"
    if isinstance(entry, str):
        return f"refused: {entry}"
    shapes = [[d if is_known(d) else None for d in shape] for shape in entry.output_shapes]
    if shapes != expected_shapes(case):
        return f"shapes {shapes}, expected {expected_shapes(case)}"
    weights = [(w.name, list(w.shape), w.trainable) for w in entry.weights]
    wanted = [(w["name"], w["shape"], w["trainable"]) for w in case["weight_shapes"]]
    if weights != wanted:
        return f"weights {weights}, expected {wanted}"
    if entry.params != case["params"]:
        return f"params {entry.params}, expected {case['params']}"
    counted = macs(case)
    if counted is not None and entry.macs != counted:
        return f"macs {entry.macs}, expected {counted}"
    return None


@pytest.mark.parametrize("module", sorted(CASES))
def test_module_agrees_with_torch(module: str) -> None:
    """All cases of one module type."""
    wrong = {case["id"]: text for case in CASES[module] if (text := difference(case))}
    lines = [f"{len(wrong)} of {len(CASES[module])} cases differ"]
    lines += [f"case {number}: {text}" for number, text in list(wrong.items())[:10]]
    assert not wrong, "\n".join(lines)
