"""How two branches came to differ, as JSON."""

from __future__ import annotations

from typing import Any

from shapewright.network.differences import Divergence, Step


def divergence_dict(divergence: Divergence) -> dict[str, Any]:
    """The member `diverged` of a problem."""
    return {
        "parted_at": divergence.parted_at,
        "branches": [
            {
                "input": branch.input,
                "axis": branch.axis,
                "size": branch.size,
                "layers": [_step(step) for step in branch.layers],
            }
            for branch in divergence.branches
        ],
        "rounded_by": divergence.rounded_by and _step(divergence.rounded_by),
        "repairs": divergence.repairs,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "type": step.type,
        "from": step.before,
        "to": step.after,
        "rounding": step.rounding,
    }
