"""A report as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapewright.arithmetic.dimension import Dimension, is_known, show
from shapewright.network.receptive_field import Axis, ReceptiveField
from shapewright.network.report import Entry, Report
from shapewright.operations.base import WindowReport

HEADINGS = ("layer", "type", "output shape", "kernel", "padding", "sees", "params", "macs")
RIGHT = frozenset(("params", "macs"))


def table(report: Report) -> str:
    """One line a layer, nested ones indented, and the totals below."""
    rows = [row for entry in report.layers for row in _rows(entry, "")]
    widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]
    rule = "  ".join("-" * width for width in widths)
    lines = [
        *(f"input {tensor.name} {show(tensor.shape)}" for tensor in report.inputs),
        "",
        _line(HEADINGS, widths),
        rule,
        *(_line(row, widths) for row in rows),
        rule,
        *_totals(report),
    ]
    return "\n".join(lines) + "\n"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (
        cell.rjust(width) if heading in RIGHT else cell.ljust(width)
        for heading, cell, width in zip(HEADINGS, row, widths, strict=True)
    )
    return "  ".join(cells).rstrip()


def _rows(entry: Entry, indent: str) -> Iterator[tuple[str, ...]]:
    yield (
        indent + entry.name,
        entry.type,
        " ".join(map(show, entry.output_shapes)),
        _kernel(entry.window),
        _padding(entry.window),
        _sees(entry.receptive_field or {}),
        _count(entry.params),
        _count(entry.macs),
    )
    for layer in entry.layers:
        yield from _rows(layer, indent + "  ")


def _kernel(window: WindowReport | None) -> str:
    """`7x7 /2`: taps, then the stride and the dilation where they are not 1."""
    if window is None:
        return ""
    windows = [placement.window for placement in window.placements]
    taps = "x".join(str(item.kernel) for item in windows)
    strides = _along("/", [item.stride for item in windows])
    dilations = _along("d", [item.dilation for item in windows])
    return taps + strides + dilations


def _along(sign: str, values: Sequence[int]) -> str:
    if all(value == 1 for value in values):
        return ""
    same = len(set(values)) == 1
    return f" {sign}{values[0]}" if same else f" {sign}{'x'.join(map(str, values))}"


def _padding(window: WindowReport | None) -> str:
    """`same 2+3`: the word, then before and after; by axis where the axes differ."""
    if window is None:
        return ""
    pairs = [f"{show(item.before)}+{show(item.after)}" for item in window.placements]
    if set(pairs) == {"0+0"}:
        return window.mode
    sides = pairs[0] if len(set(pairs)) == 1 else ", ".join(pairs)
    return f"{window.mode} {sides}"


def _sees(field: ReceptiveField) -> str:
    """The receptive field's size on each axis, `all` where it is everything; by input."""
    return ", ".join(
        "all" if all(axis.whole for axis in axes) else "x".join(map(_size, axes))
        for axes in field.values()
    )


def _size(axis: Axis) -> str:
    return "all" if axis.whole else "?" if axis.size is None else str(axis.size)


def _count(count: Dimension) -> str:
    return f"{count:,}" if is_known(count) else "?"


def _totals(report: Report) -> list[str]:
    totals = report.totals
    return [
        f"{_count(totals.params)} parameters, {_count(totals.trainable_params)} trainable",
        f"{_count(totals.macs)} multiply-adds for one sample",
        f"{_count(totals.activation_elements)} activation elements, "
        f"at most {_count(totals.peak_activation_elements)} alive at once",
        *(f"output {tensor.name} {show(tensor.shape)}" for tensor in report.outputs),
        *(f"note: {note.message}" for note in report.notes),
    ]
