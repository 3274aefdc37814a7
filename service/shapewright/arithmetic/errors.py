"""The faults that a computation can find, as facts without a face.

ShapewrightError
├── ParameterError   a parameter's value is wrong by itself or beside another parameter
└── ShapeError       the parameters are sound, but this input does not fit them
"""

from __future__ import annotations


class ShapewrightError(Exception):
    """Something the caller can mend.

    `detail` names what was got, what was needed, and the parameter; `parameter` is the name of the
    parameter that is at fault, or of the one that would mend it, where there is one.
    """

    def __init__(self, detail: str, parameter: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.parameter = parameter


class ParameterError(ShapewrightError):
    """A layer that cannot be built, whatever is fed to it."""


class ShapeError(ShapewrightError):
    """A layer that is sound but does not accept the shapes that arrive."""
