"""An axis cut into parts, each of which is a window."""

from __future__ import annotations

from dataclasses import dataclass

from shapewright.numeric.pieces import Piece


@dataclass(frozen=True, slots=True)
class Parts:
    """An axis cut into parts that are windows: `[floor(i * n / o), ceil((i + 1) * n / o))`."""

    size: int
    steps: int

    def on_data(self, steps: range) -> range:
        """A part is taken as a whole, as if it were one tap."""
        return range(1)

    def pieces(self, steps: range, taps: range) -> tuple[Piece, ...]:
        """One piece for each part."""
        parts = (self._part(step) for step in steps)
        return tuple(
            Piece(index, slice(0, part.stop - part.start), part) for index, part in enumerate(parts)
        )

    def _part(self, step: int) -> slice:
        return slice(step * self.size // self.steps, -(-(step + 1) * self.size // self.steps))
