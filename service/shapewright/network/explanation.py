"""Each layer in one to three sentences, made of its numbers alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

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
from shapewright.operations.base import (
    Link,
    Links,
    Outcome,
    params_of,
    per_sample,
    trainable_params_of,
)

STILL: Final = "Leaves every element where it is."

MOST_TERMS: Final = 8
"""So many sizes are added up in a sentence."""


def explain(outcome: Outcome, fed: Shapes, seen: Visibility | None) -> str:
    """What a layer does to what it was fed."""
    if outcome.window is not None and seen is not None:
        return explain_window(outcome.window, seen)
    for sentence in SENTENCES:
        text = sentence(outcome, fed)
        if text:
            return text
    params = params_of(outcome.weights)
    weighed = f" with {of(params, 'parameter')}" if params else ""
    return f"Makes {_each(outcome.outputs)} of {_each(fed)}{weighed}."


def _each(shapes: Shapes) -> str:
    return listed([show(shape) for shape in shapes])


def _nested(outcome: Outcome, fed: Shapes) -> str | None:
    if outcome.inside is None:
        return None
    layers = len(outcome.inside.network)
    return f"A model of its own with {of(layers, 'layer')}, listed inside."


def _kept(outcome: Outcome, fed: Shapes) -> str | None:
    """Every element from the one in its place."""
    if len(fed) != 1 or outcome.outputs[0] != fed[0] or not _all_identity(outcome.links, fed):
        return None
    params = params_of(outcome.weights)
    fixed = params - trainable_params_of(outcome.weights)
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
    """Several inputs along one axis, which alone is not theirs any more."""
    output = outcome.outputs[0]
    if len(fed) < 2 or any(len(shape) != len(output) for shape in fed):
        return None
    lost = {tuple(a for a, link in enumerate(own) if link is None) for own in outcome.links}
    if len(outcome.links) != len(fed) or len(lost) != 1 or outcome.macs != 0:
        return None
    (axes,) = lost
    sizes = [shape[axis] for axis in axes for shape in fed]
    if len(axes) != 1 or (all_known(sizes) and sum(filter(is_known, sizes)) != output[axes[0]]):
        return None
    told = ""
    if all_known(sizes) and len(sizes) <= MOST_TERMS:
        told = f": {' + '.join(map(count, sizes))} = {count(output[axes[0]])}"
    return f"Lays its {len(fed)} inputs end to end on axis {axes[0]}{told}."


def _merged(outcome: Outcome, fed: Shapes) -> str | None:
    """Several inputs, element by element, some of them stretched."""
    output = outcome.outputs[0]
    if len(fed) < 2 or len(outcome.links) != len(fed) or max(map(len, fed)) != len(output):
        return None
    if not all(map(_stays, fed, outcome.links)):
        return None
    stretched = [show(shape) for shape in dict.fromkeys(fed) if _is_stretched(shape, output)]
    are = "is" if len(stretched) == 1 else "are"
    more = f"; {listed(stretched)} {are} stretched to fit" if stretched else ""
    return f"Brings {len(fed)} inputs together element by element{more}."


def _stays(shape: Shape, links: Links) -> bool:
    """Whether every axis of an input goes on index for index, or is a 1 that is stretched."""
    return all(
        not certainly_differ(size, 1) if link is None else link.reach is IDENTITY
        for size, link in zip(shape, links, strict=True)
    )


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
        return STILL if outcome.outputs == fed else None
    told = [f"{what} along {listed(axes)}" for what, axes in parts.items()]
    text = listed(told)
    return f"{text[0].upper()}{text[1:]}."


def _along(reach: Reach, size: Dimension, made: Dimension) -> str:
    """What becomes of one axis."""
    if reach.period == reach.advance == 1 and reach.sizes == (1,):
        return _shift(-reach.start, made - size + reach.start)
    if reach.advance == 1 and set(reach.first) == set(reach.last) == {0}:
        return f"repeats each element {reach.period} times"
    if not (is_known(made) and is_known(size)):
        return "resizes"
    return f"makes {made:,} of {size:,}"


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
    if not outcome.rearranged:
        return None
    if outcome.outputs == fed:
        return STILL
    output = outcome.outputs[0]
    elements = per_sample(output)
    batched = bool(output) and bool(fed[0]) and output[0] == fed[0][0]
    number = f"{of(elements, 'element')} of a sample" if is_known(elements) else ""
    return f"Lays the same {number if batched and number else 'elements'} out as {show(output)}."


def _mixed(outcome: Outcome, fed: Shapes) -> str | None:
    """Axes along which elements are picked, moved or mixed."""
    if len(fed) != 1 or len(outcome.links) != 1:
        return None
    axes = [axis for axis, link in enumerate(outcome.links[0]) if link is None and axis]
    if not axes:
        return None
    sizes = [fed[0][axis] for axis in axes]
    named = listed([f"axis {axis}" for axis in axes])
    every = product(sizes)
    elements = of(every, "element") if is_known(every) else "? elements"
    total = f"{by(sizes)} = {elements}" if len(sizes) > 1 else elements
    params = params_of(outcome.weights)
    weighed = f", weighed by {of(params, 'parameter')}" if params else ""
    return f"Works along the whole of {named} ({total}){weighed}."


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
