"""Plans of convolutions: which sizes, which arrays, and which way to run them."""

from __future__ import annotations

from functools import partial

from shapewright.numeric.blockwise import Blockwise
from shapewright.numeric.depthwise import Depthwise
from shapewright.numeric.errors import CannotRun
from shapewright.numeric.filtered import fastest
from shapewright.numeric.given import Given
from shapewright.numeric.kernels import Kernel
from shapewright.numeric.lines import known, lines_of
from shapewright.numeric.plain import Plain
from shapewright.numeric.plans import Job, Plan
from shapewright.numeric.separable import Separable
from shapewright.numeric.signals import signal, view
from shapewright.numeric.taps import Taps
from shapewright.numeric.transposed import Transposed
from shapewright.operations.base import Outcome
from shapewright.operations.convolution import Convolution, TransposedConvolution
from shapewright.operations.spatial import Layout
from shapewright.operations.wrapper import Sequence


def convolution(operation: Convolution, given: Given) -> Plan:
    """A plain, grouped or depthwise convolution."""
    given.only("kernel")
    outcome = operation.infer((given.input.shape,))
    kernel = _kernel(operation, given)
    groups, mixed, split = kernel.array.shape[-3:]
    source = signal(given.input, operation.layout, groups)
    lines, bias = lines_of(outcome, operation.fill), given.bias(groups, split)
    taps = Taps(source, lines, kernel, given.sums)
    job: Job = (
        Depthwise(taps, bias, given.is_exact)
        if mixed == 1
        else fastest(Plain(source, lines, kernel, bias, given.sums, given.is_exact))
    )
    return _plan(given, outcome, operation.layout, groups, job)


def transposed(operation: TransposedConvolution, given: Given) -> Plan:
    """A transposed convolution."""
    given.only("kernel")
    outcome = operation.infer((given.input.shape,))
    groups = operation.groups
    split = given.input.shape[operation.layout.channels] // groups
    mixed = operation.filters // groups
    taps = tuple(window.kernel for window in operation.windows)
    scattered = Transposed(
        signal(given.input, operation.layout, groups),
        lines_of(outcome),
        given.kernel(taps, groups, mixed, split),
        given.bias(groups, mixed),
        given.sums,
        given.is_exact,
    )
    blockwise = Blockwise(scattered)
    job: Job = blockwise if blockwise.is_worth_it else scattered
    return _plan(given, outcome, operation.layout, groups, job)


def separable(operation: Sequence, given: Given) -> Plan:
    """A depthwise convolution followed by one that mixes the channels at each place.

    Raises:
        CannotRun: the operations of the sequence are others.
    """
    match operation.operations:
        case (Convolution(filters=None) as spread, Convolution(filters=int(filters)) as mix):
            pass
        case _:
            raise CannotRun("only windows are run, not what follows them in the layer")
    given.only("depthwise_kernel", "pointwise_kernel")
    outcome = operation.infer((given.input.shape,))
    depthwise = _kernel(spread, given, "depthwise_kernel")
    channels, _, made = depthwise.array.shape[-3:]
    source = signal(given.input, spread.layout, channels)
    points = (1,) * spread.layout.rank
    pointwise = given.kernel(points, 1, channels * made, filters, part="pointwise_kernel")
    job = Separable(
        Taps(source, lines_of(outcome, spread.fill), depthwise, given.sums),
        pointwise.by_channel(made),
        given.bias(1, filters),
        given.sums,
        given.is_exact,
    )
    return _plan(given, outcome, mix.layout, 1, job)


def _kernel(operation: Convolution, given: Given, part: str = "kernel") -> Kernel:
    taps = tuple(window.kernel for window in operation.windows)
    channels = given.input.shape[operation.layout.channels]
    if operation.filters is None:
        made = operation.depth_multiplier
        return given.kernel(taps, channels, 1, made, part=part, depthwise=True)
    groups = operation.groups
    return given.kernel(taps, groups, channels // groups, operation.filters // groups, part=part)


def _plan(given: Given, outcome: Outcome, layout: Layout, groups: int, job: Job) -> Plan:
    return Plan(
        shape=tuple(map(known, outcome.outputs[0])),
        dtype=given.result,
        multiply_adds=known(outcome.macs) * len(given.input),
        job=job,
        seen=partial(view, layout=layout, groups=groups),
    )
