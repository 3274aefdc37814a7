"""What is said of a step wherever it stands: what its windows see, in numbers and in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shapewright.memo import Memo
from shapewright.network.explanation import explain
from shapewright.network.notes import notes_on_window
from shapewright.network.step import Step
from shapewright.network.visibility import Allowance, Visibility, visibility
from shapewright.operations.base import Note
from shapewright.record import entity


@entity
class Told:
    """A step with all that is said of it by itself.

    `runs` is what that took of an allowance, and `small` says whether it is worth remembering.

    The same one comes back for the same step while it is remembered.
    """

    step: Step
    visibility: Visibility | None
    runs: int
    explanation: str
    notes: tuple[Note, ...]
    small: bool


TOLD: Final[Memo[int, Told]] = Memo("sentences")
"""What was said of small steps, by their `id`; each keeps its step alive."""


def tell_all(steps: Sequence[Step], allowance: Allowance) -> list[Told]:
    """What is said of each step, in order; asked again, memory answers."""
    known = TOLD.get_all(map(id, steps))
    if known is not None and (runs := sum([told.runs for told in known])) <= allowance.left:
        allowance.left -= runs
        return known
    return [_tell(step, allowance) for step in steps]


def _tell(step: Step, allowance: Allowance) -> Told:
    """What is said of a step; once the allowance is used up, less, and that is not remembered."""
    if allowance.left <= 0:
        return _told(step, allowance)
    known = TOLD.get(id(step))
    if known is None:
        known = _told(step, allowance)
        if known.small:
            TOLD.keep(id(step), known)
    else:
        allowance.left -= known.runs
    return known


def _told(step: Step, allowance: Allowance) -> Told:
    outcome, left = step.outcome, allowance.left
    view = None if outcome.window is None else visibility(outcome, outcome.window, allowance)
    about = notes_on_window(outcome.window, view) if outcome.window and view else ()
    return Told(
        step=step,
        visibility=view,
        runs=left - allowance.left,
        explanation=explain(outcome, step.fed, view),
        notes=(*outcome.notes, *about),
        small=step.small and (view is None or view.short),
    )
