"""Receptive fields in the words of the wire contract."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from shapewright.network.receptive_field import Axis, ReceptiveField
from shapewright.render.wire import Json


def receptive_field_dict(field: ReceptiveField, by_input: bool) -> Json:
    """A map of fields by input name, or the field of the only input."""
    told = {name: _field(axes) for name, axes in field.items()}
    return told if by_input else next(iter(told.values()))


def _field(axes: Sequence[Axis]) -> Json:
    whole = [axis.whole for axis in axes]
    if all(whole):
        return {"global": True}
    fields: Json = {
        "size": [axis.size for axis in axes],
        "stride": [_fraction(axis.stride) for axis in axes],
        "start": [axis.start for axis in axes],
    }
    if any(whole):
        fields["global"] = whole
    if not all(axis.exact for axis in axes):
        fields["exact"] = False
    if not all(axis.aligned for axis in axes):
        fields["aligned"] = False
    return fields


def _fraction(value: Fraction | None) -> int | str | None:
    """An integer where it is one, else text such as `1/2`."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else str(value)
