"""A window operation and arrays in; the output, its cost, or the taps on data out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from shapewright.numeric.blocks import Array
from shapewright.numeric.convolutions import convolution, separable, transposed
from shapewright.numeric.errors import CannotRun
from shapewright.numeric.given import Given
from shapewright.numeric.kernels import KernelLayout
from shapewright.numeric.plans import Plan
from shapewright.numeric.pools import adaptive_pooling, global_pooling, pooling
from shapewright.operations.base import Operation
from shapewright.operations.convolution import Convolution, TransposedConvolution
from shapewright.operations.pooling import AdaptivePooling, GlobalPooling, Pooling
from shapewright.operations.wrapper import BatchOptional, Frozen, Named, Sequence

Arrays = Mapping[str, Array]
"""`input`, `kernel` and `bias`; a separable layer has `depthwise_kernel` and `pointwise_kernel`,
a pool only the input. Without a bias nothing is added."""


def plan(operation: Operation, arrays: Arrays, layout: KernelLayout) -> Plan:
    """What running the operation on the arrays will make and take; `plan(...).run()` runs it.

    Arrays stand in the operation's own layout, kernels in `layout`. Nothing is allocated.

    Raises:
        ShapeError: the operation does not accept the input's shape.
        ArrayMismatch: an array is missing, is one too many, does not hold numbers, or has another
            shape than the operation needs.
        CannotRun: the operation is no window operation.
    """
    return _plan(operation, Given(arrays, layout))


def run(operation: Operation, arrays: Arrays, layout: KernelLayout) -> Array:
    """The output of the operation on the arrays; the first, if it has several.

    Its type is the one that numpy gives to products and sums of all arrays, to the maximum of the
    input, or to its mean; half precision is added up in single precision. Raises as `plan` does.
    """
    return plan(operation, arrays, layout).run()


def _plan(operation: Operation, given: Given) -> Plan:
    builder = BUILDERS.get(type(operation))
    if builder is None:
        raise CannotRun(f"only windows are run on arrays, not a {type(operation).__name__}")
    return builder(operation, given)


def _inner(operation: Frozen | Named, given: Given) -> Plan:
    return _plan(operation.operation, given)


def _batch_optional(operation: BatchOptional, given: Given) -> Plan:
    """A single sample is run as a batch of one."""
    operation.infer((given.input.shape,))
    if given.input.ndim == operation.rank:
        return _plan(operation.operation, given)
    batch = {**given.arrays, "input": given.input[np.newaxis]}
    whole = _plan(operation.operation, replace(given, arrays=batch))
    return replace(whole, shape=whole.shape[1:], seen=lambda out: whole.seen(out[np.newaxis]))


BUILDERS: Final[Mapping[type[Any], Callable[[Any, Given], Plan]]] = {
    Convolution: convolution,
    TransposedConvolution: transposed,
    Sequence: separable,
    Pooling: pooling,
    GlobalPooling: global_pooling,
    AdaptivePooling: adaptive_pooling,
    BatchOptional: _batch_optional,
    Frozen: _inner,
    Named: _inner,
}
"""How to run each operation. What changes no number is looked through."""
