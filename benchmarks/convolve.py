# ruff: noqa: E402 - threads are counted when numpy is imported
"""Convolutions on one thread in single precision, beside PyTorch and a matrix product as large.

The product is as fast as numpy can be. PyTorch runs in its faster memory format; without it, there
are no ratios to it.
"""

from __future__ import annotations

import os

os.environ.pop("OPENBLAS_CORETYPE", None)  # it holds numpy to an older kernel
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"

import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from math import prod
from statistics import geometric_mean
from time import perf_counter
from typing import Any, Final

import numpy as np

from benchmarks.report import figure, milliseconds, section, table
from benchmarks.turns import least_costs
from shapewright.arithmetic.window import Window
from shapewright.numeric.convolve import plan
from shapewright.numeric.kernels import KernelLayout
from shapewright.numeric.plans import Plan
from shapewright.operations.convolution import Convolution, TransposedConvolution
from shapewright.operations.spatial import Layout

SECONDS: Final = 4.0
"""For each shape, shared by all that are compared, in turns; the least time of each counts."""

HEAD: Final = ("", "time", "GFLOP/s", "to matrix product", "to PyTorch", "memory")

TEXT: Final = (
    "One sample, one thread, float32, bias and all, the channels last. Ratios are of speed, to a"
    " matrix product of as many multiply-adds, the same depth and width, and to PyTorch with the"
    " channels first or last, whichever is faster for it; above 1 the convolution is faster."
    " `memory` is the most there is at once beside input, kernel and output, in a new thread; at"
    " most 8 MiB are allowed. Goals: 1 to PyTorch in the geometric mean, and 0.8 to the product"
    " for 3x3."
)


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

    def __str__(self) -> str:
        return f"{self.name} on {'x'.join(map(str, (*self.sizes, self.channels)))}"

    @property
    def padding(self) -> int:
        """On either side of each axis."""
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


def ours(case: Case) -> Plan:
    """The run of a case."""
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
    return plan(operation, arrays, KernelLayout.TAPS_FIRST)


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


def again(run: Callable[[], Any]) -> float:
    """How many seconds it takes once it has been run."""
    run()
    start = perf_counter()
    run()
    return perf_counter() - start


def memory(foretold: Plan) -> int:
    """The bytes that are taken beside the output, a new thread's whole workspace among them."""
    tracemalloc.start()
    with ThreadPoolExecutor(1) as thread:
        thread.submit(foretold.run).result()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak - foretold.output_bytes


@dataclass(frozen=True)
class Result:
    """What was measured of a case: seconds, bytes, and ratios of speed."""

    case: Case
    seconds: float
    multiply_adds: int
    to_product: float | None
    to_torch: float | None
    memory: int

    def cells(self) -> tuple[str, ...]:
        """A row of the table."""
        return (
            str(self.case),
            milliseconds(self.seconds),
            figure(2 * self.multiply_adds / self.seconds / 1e9),
            _ratio(self.to_product),
            _ratio(self.to_torch),
            f"{self.memory / 2**20:.1f} MiB",
        )


def result(case: Case) -> Result:
    """Measure a case."""
    foretold = ours(case)
    runs = [foretold.run, product(case, foretold.multiply_adds), *theirs(case)]
    contenders = {number: partial(again, run) for number, run in enumerate(runs)}
    own, matmul, *torch = least_costs(contenders, SECONDS).values()
    return Result(
        case,
        own,
        foretold.multiply_adds,
        matmul / own if case.filters else None,
        min(torch) / own if torch else None,
        memory(foretold),
    )


def rows() -> list[tuple[str, ...]]:
    """Every case, and the geometric mean of the ratios to PyTorch if it is installed."""
    results = [result(case) for case in CASES]
    ratios = [one.to_torch for one in results if one.to_torch]
    cells = [one.cells() for one in results]
    if ratios:
        mean = geometric_mean(ratios)
        cells.append(("geometric mean", "", "", "", _ratio(mean), ""))
    return cells


def main() -> None:
    """Print a section."""
    blas = np.show_config("dicts")["Build Dependencies"]["blas"]
    installed = f"torch {version('torch')}" if find_spec("torch") else "PyTorch is not installed"
    versions = f"numpy {np.__version__} with {blas['name']} {blas['version']}; {installed}."
    print(section("Convolutions", f"{TEXT} {versions}", table(HEAD, rows())))


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    main()
