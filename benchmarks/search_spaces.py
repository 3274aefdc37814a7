"""Two spaces that an architecture search walks through, as endless streams of stacks.

A share of the candidates is spoiled as searches spoil them: branches that do not fit, a window
larger than its input, a wrong parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Final, NamedTuple

from benchmarks.cells import cells
from benchmarks.layers import Document, Layer
from benchmarks.mobile import mobile

LENGTHS: Final = range(40, 61)
"""How many layers a candidate has."""

INVALID: Final = 0.075
"""The share of candidates that are spoiled."""

INPUT_SIZES: Final = (96, 128, 160, 192, 224)


class Candidate(NamedTuple):
    """A stack, and what is wrong with it, if anything."""

    document: Document
    fault: str | None


def candidates(space: str, seed: int) -> Iterator[Candidate]:
    """The stream of a space; the same for the same seed, and endless."""
    random = Random(f"{space} {seed}")
    while True:
        size = random.choice(INPUT_SIZES)
        layers = SPACES[space](random)
        if len(layers) not in LENGTHS:
            continue
        fault = random.choice(tuple(FAULTS)) if random.random() < INVALID else None
        if fault:
            FAULTS[fault](layers, random)
        yield Candidate({"input_shape": [None, size, size, 3], "layers": layers}, fault)


SPACES: Final[dict[str, Callable[[Random], list[Layer]]]] = {"mobile": mobile, "cells": cells}
"""How the layers of one candidate are drawn."""


def _branch_mismatch(layers: list[Layer], random: Random) -> None:
    """Let the last merge read the stem, which is larger."""
    merge = [layer for layer in layers if layer["type"] in ("Add", "Multiply", "Concatenate")][-1]
    merge["inputs"] = ["stem", merge["inputs"][-1]]


def _window_too_large(layers: list[Layer], random: Random) -> None:
    """Let a window be larger than any image."""
    layer = _any(layers, random, "kernel_size", "pool_size")
    size = "kernel_size" if "kernel_size" in layer else "pool_size"
    layer.update({size: max(INPUT_SIZES) + 1, "padding": "valid"})


def _wrong_parameter(layers: list[Layer], random: Random) -> None:
    """Say something that no layer understands."""
    wrong = random.choice(({"padding": "some"}, {"stride": 2}))
    _any(layers, random, "strides").update(wrong)


FAULTS: Final[dict[str, Callable[[list[Layer], Random], None]]] = {
    "branch mismatch": _branch_mismatch,
    "window too large": _window_too_large,
    "wrong parameter": _wrong_parameter,
}


def _any(layers: list[Layer], random: Random, *keys: str) -> Layer:
    return random.choice([layer for layer in layers if layer.keys() & set(keys)])
