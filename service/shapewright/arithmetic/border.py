"""Which taps of each window lie on data: the visible part of a kernel, from border to border.

Symbols as in `window`: tap `j` of output `i` stands at input index `i * s - before + j * d`, and is
on data when that index is in `[0, n)`. The taps on data are always neighbours, so a first and a
last tap say it all. They change only near the borders; the runs are found by jumping from change
to change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import gcd
from operator import attrgetter

from shapewright.arithmetic.dimension import is_known
from shapewright.arithmetic.window import Placement, Window
from shapewright.memo import remembered
from shapewright.record import record

LONGEST = 4096
"""How many runs an axis may have before no list is made of them."""

SHORT = 64
"""How many runs a border has at most that is worth remembering."""

MOST_TAPS = 256
"""How many taps a window with both a stride and a dilation may have, to look at each."""

Taps = tuple[int, int]


@record
class Run:
    """Outputs `first, first + step, ... last`, whose windows have the same taps on data.

    `taps` are the first and the last of them, `tap_step` apart; `None` where none is on data.
    """

    first: int
    last: int
    taps: Taps | None
    step: int = 1
    tap_step: int = 1

    @property
    def count(self) -> int:
        """How many taps of each of these windows are on data."""
        return 0 if self.taps is None else (self.taps[1] - self.taps[0]) // self.tap_step + 1

    @property
    def windows(self) -> int:
        """How many outputs the run has."""
        return (self.last - self.first) // self.step + 1


@record
class Sight:
    """What the windows along one axis see; each is `None` where a size is unknown.

    Where there are no windows at all, `runs` is empty and none is the first, the last or the best.
    `first`, `last` and `most` count the taps on data of the first window, of the last, and of the
    window that has most; `total` of all windows together. `unread` counts the inputs that no
    window reads. `runs` is `None` too where there would be too many.
    """

    runs: tuple[Run, ...] | None = None
    first: int | None = None
    last: int | None = None
    most: int | None = None
    total: int | None = None
    unread: int | None = None

    @property
    def short(self) -> bool:
        """Whether it has few runs, if any."""
        return self.runs is None or len(self.runs) <= SHORT


@remembered("borders", lambda seen, *_: seen.short)
def sight(placement: Placement, *, transposed: bool = False, longest: int = LONGEST) -> Sight:
    """What the windows of a placement see, with up to `longest` runs."""
    size, before, outputs = placement.size, placement.before, placement.outputs
    if not (is_known(size) and is_known(before) and is_known(outputs)):
        return Sight()
    if transposed:
        # Seen from the input, a transposed window is a plain one that lies on the outputs.
        written = _runs(placement.window, outputs, before, size, longest)
        seen = _transposed_runs(placement.window, size, before, outputs, longest)
        return _summary(seen, _total(written), _silent(written))
    seen = _runs(placement.window, size, before, outputs, longest)
    total = _total(seen)
    return _summary(seen, total, _unread(placement.window, size, before, outputs, total))


def with_padding(placement: Placement, longest: int = LONGEST) -> Sight:
    """What the windows see where padding counts as data; what hangs over its end does not."""
    size = placement.size + placement.before + placement.after
    return sight(replace(placement, size=size, before=0, after=0), longest=longest)


def _total(runs: tuple[Run, ...] | None) -> int | None:
    return None if runs is None else sum(run.count * run.windows for run in runs)


def _summary(seen: tuple[Run, ...] | None, total: int | None, unread: int | None) -> Sight:
    if not seen:
        return Sight(runs=seen, total=total, unread=unread)
    return Sight(
        runs=seen,
        first=seen[0].count,
        last=max(seen, key=_end).count,
        most=max([run.count for run in seen]),
        total=total,
        unread=unread,
    )


_end = attrgetter("last")


def _runs(
    window: Window, size: int, before: int, outputs: int, longest: int
) -> tuple[Run, ...] | None:
    """All runs of a plain window, or `None` if there are more than `longest`."""
    runs: list[Run] = []
    for jumps, run in enumerate(_jumps(window, size, before, outputs)):
        if jumps == longest:
            return None
        if runs and runs[-1].taps == run.taps:
            runs[-1] = Run(runs[-1].first, run.last, run.taps)
        else:
            runs.append(run)
    return tuple(runs)


def _jumps(window: Window, size: int, before: int, outputs: int) -> Iterator[Run]:
    """Stretches of outputs within which neither the first nor the last tap on data moves."""
    kernel, stride, dilation = window.kernel, window.stride, window.dilation
    output = 0
    while output < outputs:
        origin = before - output * stride  # the tap on input 0, in units of one element
        low = min(max(-(-origin // dilation), 0), kernel)
        high = min((origin + size - 1) // dilation, kernel - 1)
        # low falls at the first output that brings its left neighbour onto data
        falls = -(-(before - (low - 1) * dilation) // stride) if low else outputs
        # high falls at the first output whose tap `high` is past the end
        drops = (before + size - 1 - high * dilation) // stride + 1 if high >= 0 else outputs
        end = min(falls, drops, outputs)
        yield Run(output, end - 1, (low, high) if low <= high else None)
        output = end


def _transposed_runs(
    window: Window, size: int, before: int, outputs: int, longest: int
) -> tuple[Run, ...] | None:
    """The runs of a transposed window, phase by phase.

    Output `p` has taps on data where `p + before - j * d` is a multiple of `s`. Outputs `s` apart
    have the same such taps, every `s / gcd(s, d)`-th; within a phase they form a plain window of
    stride 1 that runs backwards.
    """
    stride, dilation = window.stride, window.dilation
    common = gcd(stride, dilation)
    tap_step = stride // common
    if stride > longest:
        return None
    runs: list[Run] = []
    for phase in range(min(stride, outputs)):
        last = phase + (outputs - 1 - phase) // stride * stride
        start = _first_tap(phase + before, dilation, stride, tap_step)
        if start is None or start >= window.kernel:
            runs.append(Run(phase, last, None, stride, tap_step))
            continue
        taps = (window.kernel - 1 - start) // tap_step + 1
        inner = Window(taps, 1, dilation // common)
        ahead = inner.effective - 1 - (phase + before - start * dilation) // stride
        part = _runs(inner, size, ahead, (last - phase) // stride + 1, longest)
        if part is None or len(runs) + len(part) > longest:
            return None
        runs.extend(_in_phase(part, phase, stride, start, tap_step, taps))
    return tuple(sorted(runs, key=lambda run: run.first))


def _first_tap(offset: int, dilation: int, stride: int, tap_step: int) -> int | None:
    """The smallest tap `j` with `j * d = offset` modulo `s`, if there is one."""
    common = stride // tap_step
    if offset % common:
        return None
    if tap_step == 1:
        return 0
    return offset // common * pow(dilation // common, -1, tap_step) % tap_step


def _in_phase(
    runs: Iterable[Run], phase: int, stride: int, start: int, tap_step: int, taps: int
) -> Iterator[Run]:
    """Runs of a phase's own window in terms of outputs and taps; the window ran backwards."""
    for run in runs:
        seen = None
        if run.taps is not None:
            seen = (
                start + (taps - 1 - run.taps[1]) * tap_step,
                start + (taps - 1 - run.taps[0]) * tap_step,
            )
        yield Run(phase + run.first * stride, phase + run.last * stride, seen, stride, tap_step)


def _silent(runs: tuple[Run, ...] | None) -> int | None:
    return None if runs is None else sum(run.windows for run in runs if run.taps is None)


def _unread(window: Window, size: int, before: int, outputs: int, total: int | None) -> int | None:
    """How many of the inputs no tap of any window stands on; `total` counts the taps that do.

    Where the taps of all windows together leave no gap, or where no two of them share an input,
    this follows at once.
    """
    kernel, stride, dilation = window.kernel, window.stride, window.dilation
    apart, abreast = (dilation, outputs) if stride == 1 else (stride, kernel)
    if outputs > 0 and (stride == 1 or dilation == 1 or kernel == 1):
        if abreast >= apart:
            end = (outputs - 1) * stride + window.effective - before
            return size - max(min(end, size) - max(-before, 0), 0)
        return None if total is None else size - total
    return _unread_by_class(window, size, before, outputs)


def _unread_by_class(window: Window, size: int, before: int, outputs: int) -> int | None:
    """The same where a stride and a dilation make a grid.

    Tap `j` reads every `s`-th input from `j * d - before` on. Taps that agree modulo `s` read the
    same residue class, on which each covers `outputs` neighbours; their union is counted class by
    class.
    """
    if window.kernel > MOST_TAPS:
        return None
    classes: dict[int, list[tuple[int, int]]] = {}
    for tap in range(window.kernel):
        start, residue = divmod(tap * window.dilation - before, window.stride)
        first = max(start, 0)
        last = min(start + outputs - 1, (size - 1 - residue) // window.stride)
        if first <= last:
            classes.setdefault(residue, []).append((first, last))
    return size - sum(map(_union, classes.values()))


def _union(intervals: list[tuple[int, int]]) -> int:
    """How many integers lie in at least one of the intervals, which come in rising order."""
    covered, reach = 0, intervals[0][0] - 1
    for first, last in intervals:
        covered += max(last - max(first - 1, reach), 0)
        reach = max(reach, last)
    return covered
