"""What can be wrong with arrays, as facts without a face.

ArrayError
├── UnreadableArray   the bytes are no array file, or none that is accepted
├── ArrayTooLarge     more than the limit would have to be held or done
├── ArrayMismatch     an array is sound, but does not fit the layer or the other arrays
└── CannotRun         the operation is not one that is run on arrays
"""

from __future__ import annotations

from shapewright.arithmetic.errors import ShapewrightError


class ArrayError(ShapewrightError):
    """An array that cannot be used; `part` is its name, as `input`, where it has one."""

    def __init__(self, detail: str, part: str | None = None) -> None:
        super().__init__(detail, part)
        self.part = part


class UnreadableArray(ArrayError):
    """Bytes that are no array file, or none that is accepted."""


class ArrayTooLarge(ArrayError):
    """More than the limit would have to be held or done; both are numbers of the same unit."""

    def __init__(self, what: str, needed: int, limit: int, part: str | None = None) -> None:
        super().__init__(f"{what}: {needed} needed, at most {limit} allowed", part)
        self.needed = needed
        self.limit = limit


class ArrayMismatch(ArrayError):
    """An array that does not fit the layer, or is missing, or is one too many."""


class CannotRun(ArrayError):
    """An operation that is no window operation, or one whose arithmetic is not known."""
