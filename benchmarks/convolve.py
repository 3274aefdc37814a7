# ruff: noqa: E402 - threads are counted when numpy is imported
"""How fast convolutions run on one thread in single precision.

Beside each stands a matrix product of the same size, which is as fast as numpy can be, and PyTorch
in its faster memory format, where it is installed.
"""

from __future__ import annotations

import os

os.environ.pop("OPENBLAS_CORETYPE", None)  # it holds numpy to an older kernel
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from math import exp, log, prod
from typing import Any

import numpy as np

from shapewright.arithmetic.window import Window
from shapewright.numeric.convolve import plan
from shapewright.numeric.kernels import KernelLayout
from shapewright.operations.convolution import Convolution, TransposedConvolution
from shapewright.operations.spatial import Layout

SECONDS = 2.0
"""For each shape, shared by all that are compared, in turns; the best time of each counts."""


@dataclass(frozen=True)
class Case:
    """One convolution of one sample; depthwise without filters."""

    name: str
    sizes: tuple[int, ...]
    channels: int
    kernel: tuple[int, ...]
    stride: int
    filters: int | None
    transposed: bool = False

    @property
    def padding(self) -> int:
        return (self.kernel[0] - 1) // 2


CASES = (
    Case("7x7 /2", (224, 224), 3, (7, 7), 2, 64),
    Case("3x3", (56, 56), 64, (3, 3), 1, 64),
    Case("3x3", (28, 28), 128, (3, 3), 1, 128),
    Case("3x3", (14, 14), 256, (3, 3), 1, 256),
    Case("1x1", (56, 56), 256, (1, 1), 1, 64),
    Case("depthwise 3x3", (112, 112), 32, (3, 3), 1, None),
    Case("5x5 /2", (56, 56), 64, (5, 5), 2, 96),
    Case("3x3x3", (16, 28, 28), 32, (3, 3, 3), 1, 32),
    Case("3x3x3", (8, 14, 14), 64, (3, 3, 3), 1, 64),
    Case("transposed 4x4 /2", (28, 28), 128, (4, 4), 2, 64, transposed=True),
)


def ours(case: Case) -> tuple[Callable[[], Any], int]:
    """The run, and its multiply-adds."""
    rank = len(case.sizes)
    random = np.random.default_rng(0)
    made = case.filters or case.channels
    last = (made, case.channels) if case.transposed else (case.channels, case.filters or 1)
    kind = TransposedConvolution if case.transposed else Convolution
    operation: Any = kind(
        Layout(rank, channels_last=True),
        tuple(Window(taps, case.stride) for taps in case.kernel),
        ((case.padding, case.padding),) * rank,
        "explicit",
        case.filters,  # type: ignore[arg-type]
    )
    arrays = {
        "input": random.random((1, *case.sizes, case.channels), np.float32),
        "kernel": random.random((*case.kernel, *last), np.float32),
        "bias": random.random(made, np.float32),
    }
    foretold = plan(operation, arrays, KernelLayout.TAPS_FIRST)
    return foretold.run, foretold.multiply_adds


def product(case: Case, multiply_adds: int) -> Callable[[], Any]:
    """A matrix product with as many multiply-adds, of the same depth and width."""
    taps = prod(case.kernel)
    depth = case.channels if case.transposed else taps * case.channels
    width = (case.filters or 1) * (taps if case.transposed else 1)
    left = np.ones((max(multiply_adds // (depth * width), 1), depth), np.float32)
    right = np.ones((depth, width), np.float32)
    out = np.empty((len(left), width), np.float32)
    return lambda: np.matmul(left, right, out=out)


def theirs(case: Case) -> list[Callable[[], Any]]:
    """PyTorch with the channels first and last; nothing where it is not installed."""
    if find_spec("torch") is None:
        return []
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    rank, made = len(case.sizes), case.filters or case.channels
    first = (case.channels, made) if case.transposed else (made, case.channels)
    groups = 1 if case.filters else case.channels
    function = getattr(
        torch.nn.functional, f"conv_transpose{rank}d" if case.transposed else f"conv{rank}d"
    )
    last = torch.channels_last if rank == 2 else torch.channels_last_3d
    weight = torch.rand(first[0], first[1] // groups, *case.kernel)
    data, bias = torch.rand(1, case.channels, *case.sizes), torch.rand(made)
    options = {"stride": case.stride, "padding": case.padding, "groups": groups}

    def runner(memory: Any) -> Callable[[], Any]:
        source, kernel = data.to(memory_format=memory), weight.to(memory_format=memory)
        return lambda: function(source, kernel, bias, **options)

    return [runner(torch.contiguous_format), runner(last)]


def best_times(functions: list[Callable[[], Any]]) -> list[float]:
    """The least seconds that each took, tried in turns so that all meet the same machine."""
    best = [float("inf")] * len(functions)
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        for index, function in enumerate(functions):
            function()
            start = time.perf_counter()
            function()
            best[index] = min(best[index], time.perf_counter() - start)
    return best


def main() -> None:
    """Print a line for each case, and the geometric mean of the last column."""
    ratios = []
    print(f"{'':36}{'ms':>8}{'GFLOP/s':>9}{'of matmul':>11}{'x torch':>9}")
    for case in CASES:
        run, multiply_adds = ours(case)
        own, matmul, *torch = best_times([run, product(case, multiply_adds), *theirs(case)])
        name = f"{case.name} on {'x'.join(map(str, (*case.sizes, case.channels)))}"
        line = f"{name:36}{own * 1e3:8.3f}{2 * multiply_adds / own / 1e9:9.1f}"
        line += f"{matmul / own:11.2f}" if case.filters else f"{'':11}"
        if torch:
            ratios.append(min(torch) / own)
            line += f"{ratios[-1]:9.2f}"
        print(line)
    if ratios:
        print(f"{'geometric mean':64}{exp(sum(map(log, ratios)) / len(ratios)):9.2f}")


if __name__ == "__main__":
    main()
