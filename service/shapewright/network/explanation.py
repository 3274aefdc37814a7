"""Each layer in one to three sentences, made of its numbers alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shapewright.arithmetic.dimension import (
    Dimension,
    Shape,
    Shapes,
    all_known,
    certainly_differ,
    is_known,
    product,
    show,
)
from shapewright.arithmetic.reach import IDENTITY, Reach
from shapewright.network.visibility import Visibility
from shapewright.network.window_explanation import explain_window
from shapewright.network.words import by, count, listed, of
from shapewright.operations.base import Link, Outcome, per_sample


def explain(outcome: Outcome, fed: Shapes, seen: Visibility | None) -> str:
    """What a layer does to what it was fed."""
    if outcome.window is not None and seen is not None:
        return explain_window(outcome.window, seen)
    for sentence in SENTENCES:
        text = sentence(outcome, fed)
        if text:
            return text
    params = sum(weight.size for weight in outcome.weights)
    weighed = f" with {of(params, 'parameter')}" if params else ""
    return f"Makes {_each(outcome.outputs)} of {_each(fed)}{weighed}."


def _each(shapes: Shapes) -> str:
    return listed([show(shape) for shape in shapes])


def _nested(outcome: Outcome, fed: Shapes) -> str | None:
    if outcome.inside is None:
        return None
    nodes = outcome.inside.network.nodes
    return f"A model of its own with {of(len(nodes), 'layer')}, listed inside."


def _kept(outcome: Outcome, fed: Shapes) -> str | None:
    """Every element from the one in its place."""
    if len(fed) != 1 or outcome.outputs[0] != fed[0] or not _all_identity(outcome.links, fed):
        return None
    params = sum(weight.size for weight in outcome.weights)
    fixed = sum(weight.size for weight in outcome.weights if not weight.trainable)
    if not params:
        return "Works element by element: the shape and what each element sees stay as they are."
    untrained = f", {fixed:,} of which do not train" if 0 < fixed < params else ""
    untrained = ", none of which trains" if fixed == params else untrained
    return f"Works element by element with {of(params, 'parameter')}{untrained}; the shape stays."


def _all_identity(links: Sequence[Sequence[Link | None]], fed: Shapes) -> bool:
    return len(links) == len(fed) and all(
        link is not None and link.axis == axis and link.reach is IDENTITY
        for own in links
        for axis, link in enumerate(own)
    )


def _end_to_end(outcome: Outcome, fed: Shapes) -> str | None:
    """Several inputs whose sizes add up along one axis."""
    output = outcome.outputs[0]
    if len(fed) < 2 or any(len(shape) != len(output) for shape in fed):
        return None
    for axis, total in enumerate(output):
        sizes = [shape[axis] for shape in fed]
        if all_known(sizes) and sum(filter(is_known, sizes)) == total and total not in sizes:
            terms = " + ".join(map(count, sizes)) if len(sizes) <= 8 else f"{len(sizes)} sizes"
            return (
                f"Lays its {len(fed)} inputs end to end on axis {axis}: {terms} = {count(total)}."
            )
    return None


def _merged(outcome: Outcome, fed: Shapes) -> str | None:
    """Several inputs, element by element, some of them stretched."""
    output = outcome.outputs[0]
    if len(fed) < 2 or outcome.macs != 0 or len(outcome.links) != len(fed):
        return None
    if any(len(shape) > len(output) for shape in fed):
        return None
    stretched = [show(shape) for shape in dict.fromkeys(fed) if _is_stretched(shape, output)]
    are = "is" if len(stretched) == 1 else "are"
    more = f"; {listed(stretched)} {are} stretched to fit" if stretched else ""
    return f"Brings {len(fed)} inputs together element by element{more}."


def _is_stretched(shape: Shape, output: Shape) -> bool:
    pairs = zip(reversed(shape), reversed(output), strict=False)
    return any(certainly_differ(own, whole) for own, whole in pairs)


def _moved(outcome: Outcome, fed: Shapes) -> str | None:
    """Axes that are padded, cut or repeated; the others stay."""
    if len(fed) != 1 or len(outcome.links) != 1 or None in outcome.links[0]:
        return None
    parts: dict[str, list[str]] = {}
    for axis, link in enumerate(outcome.links[0]):
        if link is not None and link.axis != axis:
            return _permuted(outcome, fed)
        same = fed[0][axis] == outcome.outputs[0][axis] and link is not None
        if link is None or link.reach is None or (same and link.reach == IDENTITY):
            continue
        if link.reach is not IDENTITY:
            what = _along(link.reach, fed[0][axis], outcome.outputs[0][axis])
            parts.setdefault(what, []).append(f"axis {axis}")
    if not parts:
        return "Leaves every element where it is." if outcome.outputs == fed else None
    told = [f"{what} along {listed(axes)}" for what, axes in parts.items()]
    text = listed(told)
    return f"{text[0].upper()}{text[1:]}."


def _along(reach: Reach, size: Dimension, made: Dimension) -> str:
    """What becomes of one axis."""
    if reach.period == reach.advance == 1 and reach.sizes == (1,):
        return _shift(-reach.start, made - size + reach.start)
    if reach.advance == 1 and set(reach.first) == set(reach.last) == {0}:
        return f"repeats each element {reach.period} times"
    return f"makes {count(made)} of {count(size)}"


def _shift(before: Dimension, after: Dimension) -> str:
    """Elements added, or cut where the numbers are negative."""
    if not (is_known(before) and is_known(after)):
        return f"moves every element {count(before)} on"
    if before == after:
        return f"{_change(before)} on each side"
    sides = [f"{_change(n)} {where}" for n, where in ((before, "before"), (after, "after")) if n]
    return listed(sides)


def _change(number: int) -> str:
    return f"cuts {-number}" if number < 0 else f"adds {number}"


def _permuted(outcome: Outcome, fed: Shapes) -> str | None:
    """Axes that change places."""
    (links,) = outcome.links
    if any(link is None or link.reach is not IDENTITY for link in links):
        return None
    if len(links) != len(outcome.outputs[0]):
        return None
    places = {link.axis: axis for axis, link in enumerate(links) if link is not None}
    order = [places[axis] for axis in sorted(places)]
    before, after = show(fed[0]), show(outcome.outputs[0])
    return f"Reorders the axes to {show(tuple(order))}: {before} becomes {after}."


def _rearranged(outcome: Outcome, fed: Shapes) -> str | None:
    """The same elements under another shape."""
    if not outcome.rearranged or outcome.outputs == fed:
        return None
    elements = per_sample(outcome.outputs[0])
    number = f" {elements:,} elements of a sample" if is_known(elements) else " elements"
    return f"Lays the same{number} out as {show(outcome.outputs[0])}."


def _mixed(outcome: Outcome, fed: Shapes) -> str | None:
    """Axes that every output sees the whole of."""
    if len(fed) != 1 or len(outcome.links) != 1:
        return None
    axes = [axis for axis, link in enumerate(outcome.links[0]) if link is None and axis]
    if not axes:
        return None
    sizes = [fed[0][axis] for axis in axes]
    named = listed([f"axis {axis}" for axis in axes])
    total = f"{by(sizes)} = {count(product(sizes))}" if len(sizes) > 1 else count(sizes[0])
    params = sum(weight.size for weight in outcome.weights)
    weighed = f", weighed by {of(params, 'parameter')}" if params else ""
    return f"Each output takes in the whole of {named} ({total} elements){weighed}."


SENTENCES: tuple[Callable[[Outcome, Shapes], str | None], ...] = (
    _nested,
    _kept,
    _end_to_end,
    _rearranged,
    _moved,
    _mixed,
    _merged,
)
"""Asked in this order; the first that applies speaks."""
