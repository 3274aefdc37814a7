"""Transposed convolutions as plain ones, whose channels are blocks of neighbouring outputs.

With a stride of s, output s * q + r is reached by the taps s * t + r of the inputs q - t. So the
outputs of one q, a block, are made by a plain convolution over the inputs, one kernel for each r.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from math import prod
from typing import Final

import numpy as np

from shapewright.numeric.blocks import Array, boxes
from shapewright.numeric.filtered import fastest
from shapewright.numeric.kernels import Kernel
from shapewright.numeric.lines import Line
from shapewright.numeric.plain import Plain
from shapewright.numeric.signals import laid
from shapewright.numeric.tiling import ROOM
from shapewright.numeric.transposed import Transposed
from shapewright.numeric.windows import copy, spread
from shapewright.numeric.workspace import buffers

TILE: Final = 1 << 20
"""Bytes of blocks that are made at once."""

WEIGHTS: Final = 5 << 19
"""Bytes of their kernel at most."""

PHASES: Final = 64
"""Outputs in a block at most; each takes a moment of its own."""

WORTH: Final = 3
"""How many times as much as blocks are more than inputs it has to be, to be worth it."""

TURNED: Final = 100
"""In how many blocks' time their kernel is made."""


@dataclass(frozen=True)
class Blockwise:
    """A transposed convolution by blocks, and the one by adding that it stands for."""

    scattered: Transposed

    @property
    def workspace(self) -> int:
        """Bytes that are taken beside the output."""
        return max(ROOM, self.scattered.workspace)

    @cached_property
    def is_worth_it(self) -> bool:
        """Whether all blocks have all taps, some overlap, and it fits and takes less time."""
        scattered, lines = self.scattered, self.scattered.lines
        batch = len(scattered.source.array)
        inputs, blocks = (
            batch * prod(line.steps for line in axes) for axes in (lines, self._blocks)
        )
        return (
            all(line.dilation == 1 and line.taps % line.stride == 0 for line in lines)
            and any(line.taps > line.stride for line in lines)
            and prod(line.stride for line in lines) <= PHASES
            and scattered.exact
            and scattered.kernel.array.size * scattered.dtype.itemsize <= WEIGHTS
            and self._limit > 0
            and WORTH * (blocks - inputs + TURNED) <= inputs
        )

    def into(self, out: Array) -> None:
        """Write the result to `out`, (batch, places..., groups, channels).

        What is not finite is made by adding: there no padding meets an infinite weight.
        """
        if not self._make(out):
            self.scattered.into(out)

    def _make(self, out: Array) -> bool:
        """Write the result, as long as it is finite."""
        dtype, blocks = self.scattered.dtype, self._blocks
        taps = tuple(range(line.taps) for line in blocks)
        whole = tuple(range(line.steps) for line in blocks[1:])
        with buffers(dtype, self.scattered.kernel.array.size, TILE // dtype.itemsize) as made:
            weights, tile = made
            kernel = self._kernel(weights)
            for batch, steps in boxes((len(out), blocks[0].steps), self._limit):
                plain = self._plain(kernel, batch, steps)
                shape = (len(batch), *(line.steps for line in plain.lines), *self._made)
                place = laid(tile, shape, across=plain.source.across)
                fastest(plain).into(place)
                if not np.isfinite(place.sum()):
                    return False
                target = out[batch.start : batch.stop]
                spread(self._windows(place), target, blocks, (steps, *whole), taps)
        return True

    def _kernel(self, buffer: Array) -> Kernel:
        """Rows of taps from the last to the first, and of channels read; blocks split."""
        kernel, strides = (
            self.scattered.kernel.array,
            [line.stride for line in self.scattered.lines],
        )
        rank = len(strides)
        *taps, groups, made, read = kernel.shape
        lines = [Line(t, t // s, s, s, 1, 0) for t, s in zip(taps, strides, strict=True)]
        steps = [line.steps for line in lines]
        cells = buffer.reshape(groups, *strides, made, *steps, read)
        turned = np.flip(cells, tuple(range(rank + 2, 2 * rank + 2)))
        pairs = chain.from_iterable((rank + 2 + axis, 1 + axis) for axis in range(rank))
        windows = turned.transpose(*pairs, 0, rank + 1, 2 * rank + 2)[np.newaxis]
        copy(
            windows, kernel[np.newaxis], lines, tuple(map(range, steps)), tuple(map(range, strides))
        )
        matrix = buffer.reshape(groups, prod(strides) * made, *steps, read)
        return Kernel(matrix.transpose(*range(2, rank + 2), 0, rank + 2, 1), True, True)

    def _plain(self, kernel: Kernel, batch: range, steps: range) -> Plain:
        """The convolution that makes blocks of some samples, and some along the first axis."""
        scattered = self.scattered
        first, *rest = (
            _reading(line, block.steps)
            for line, block in zip(scattered.lines, self._blocks, strict=True)
        )
        first = replace(first, steps=len(steps), before=first.before - steps.start)
        source = scattered.source.array[batch.start : batch.stop]
        bias = scattered.bias
        return Plain(
            replace(scattered.source, array=source, in_order=False),
            (first, *rest),
            kernel,
            None if bias is None else np.tile(bias, prod(line.stride for line in self._blocks)),
            scattered.dtype,
            True,
            ROOM - TILE - kernel.array.nbytes,
        )

    def _windows(self, place: Array) -> Array:
        """A tile of blocks as (batch, step, output of the block, ..., groups, channels)."""
        rank = len(self._blocks)
        strides = [line.stride for line in self._blocks]
        apart = place.reshape(*place.shape[:-1], *strides, self.scattered.kernel.array.shape[-2])
        pairs = chain.from_iterable((1 + axis, rank + 2 + axis) for axis in range(rank))
        return apart.transpose(0, *pairs, rank + 1, 2 * rank + 2)

    @cached_property
    def _blocks(self) -> tuple[Line, ...]:
        """Blocks as windows on the outputs, from the first that has one of them to the last."""
        return tuple(map(_block, self.scattered.lines))

    @property
    def _made(self) -> tuple[int, int]:
        """Groups, and channels of blocks in each."""
        *_, groups, made, _ = self.scattered.kernel.array.shape
        return groups, made * prod(line.stride for line in self._blocks)

    @property
    def _limit(self) -> int:
        """How many blocks along the first axis are made at once."""
        row = prod((*(line.steps for line in self._blocks[1:]), *self._made))
        return TILE // self.scattered.dtype.itemsize // max(row, 1)


def _block(line: Line) -> Line:
    first, last = line.before // line.stride, (line.size - 1 + line.before) // line.stride
    before = line.before - first * line.stride
    return Line(line.size, last - first + 1, line.stride, line.stride, 1, before)


def _reading(line: Line, steps: int) -> Line:
    """Windows of blocks on the inputs, over which the line steps."""
    taps = line.taps // line.stride
    return Line(line.steps, steps, taps, 1, 1, taps - 1 - line.before // line.stride)
