"""What a place sees or reaches, as JSON."""

from __future__ import annotations

from typing import Any

from shapewright.network.places import LookAhead, LookBack


def located_dict(located: LookBack | LookAhead) -> dict[str, Any]:
    """The member `located` of a report."""
    if isinstance(located, LookBack):
        return {"layer": located.layer, "position": located.position, "sees": located.sees}
    return {"input": located.input, "position": located.position, "reaches": located.reaches}
