"""Everything that can go wrong.

ShapewrightClientError
├── ConnectionFailed      nothing came back: refused, cut off, no such host
├── Timeout               nothing came back in time
├── UnexpectedAnswer      what came back is not the service's: a redirect, somebody's HTML page
└── Problem               the service says what is wrong (RFC 9457)
    ├── InvalidNetwork    with the network: it cannot be read, or parts of it are wrong
    │   ├── ShapeMismatch every layer is sound, but some do not accept what arrives
    │   └── TooLarge      it passes a bound of the service
    ├── InvalidArrays     with arrays: one cannot be read, or does not fit the layer
    ├── NotFound          there is no such layer type, or no such call at this service
    ├── Busy              the service has no time now
    └── ServiceFailed     the fault is the service's

`ConnectionFailed`, `Timeout`, `Busy` and `ServiceFailed` are transient: they are raised only after
all retries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from shapewright.client.records import Json, Record
from shapewright.client.reports import Report, Shape


class ShapewrightClientError(Exception):
    """Any of them; the service's log knows the call by `request_id`."""

    transient: ClassVar[bool] = False
    retry_after: float | None = None

    def __init__(self, message: str, request_id: str) -> None:
        super().__init__(message, request_id)
        self.message = message
        self.request_id = request_id

    def __str__(self) -> str:
        return f"{self.message} (request {self.request_id})"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"


class ConnectionFailed(ShapewrightClientError):
    """No connection, or one that broke."""

    transient = True


class Timeout(ShapewrightClientError):
    """No connection, or no more of the answer, within the timeout."""

    transient = True


class UnexpectedAnswer(ShapewrightClientError):
    """An answer that this service does not give; often of something in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Record):
    """One thing that is wrong; `pointer` is a JSON pointer into what was sent."""

    pointer: str = ""
    detail: str = ""
    parameter: str | None = None


class Problem(ShapewrightClientError):
    """What the service says is wrong; `raw` is all it says.

    `infer` raises it; `infer_many` yields it in the place of the report.
    """

    def __init__(self, raw: Json, retry_after: float | None = None) -> None:
        self.raw = raw
        self.retry_after = retry_after
        told = f"{self.status} {self.code or self.title}: {self.detail}"
        super().__init__(told, str(raw.get("request_id", "")))
        self.args = (raw, retry_after)

    @property
    def status(self) -> int:
        """The HTTP status, or what it would be if the network had been sent alone."""
        return int(self.raw["status"])

    @property
    def code(self) -> str:
        """The kind of problem as a word; empty if it is not one of this service's kinds."""
        return str(self.raw.get("code", ""))

    @property
    def type(self) -> str:
        """The address, relative to the service, of what problems of this kind mean."""
        return str(self.raw.get("type", "about:blank"))

    @property
    def title(self) -> str:
        """What problems of this kind mean, in a few words."""
        return str(self.raw.get("title", ""))

    @property
    def detail(self) -> str:
        """What is wrong this time."""
        return str(self.raw.get("detail", ""))

    @property
    def errors(self) -> tuple[Fault, ...]:
        """Everything that is wrong, as far as it is listed."""
        return tuple(map(Fault.read, self.raw.get("errors", ())))

    @property
    def id(self) -> Any:
        """The stack's own `id`, which a batch hands back."""
        return self.raw.get("id")


class InvalidNetwork(Problem):
    """The network cannot be read, or parts of it are wrong; `errors` says which."""


class ShapeMismatch(InvalidNetwork):
    """Some layers do not accept what arrives; `errors` has all of them."""

    @property
    def layer(self) -> Json:
        """The first of them: its index, name and type."""
        layer: Json = self.raw["layer"]
        return layer

    @property
    def input_shapes(self) -> tuple[Shape, ...]:
        """What arrives there."""
        return tuple(map(tuple, self.raw["input_shapes"]))

    @property
    def diverged(self) -> Json | None:
        """How the branches of a merge came to differ, and what mends it."""
        return self.raw.get("diverged")

    @property
    def partial(self) -> Report:
        """The report of all that could be computed."""
        return Report.read(self.raw["partial"])


class TooLarge(InvalidNetwork):
    """The network, or the request that it came in, passes a bound of the service."""


class InvalidArrays(Problem):
    """An array cannot be read, is missing, or does not fit the layer; `errors` says which."""


class NotFound(Problem):
    """There is no such thing; the detail names the nearest."""


class Busy(Problem):
    """The service, or something before it, has no time; `retry_after` says when it may."""

    transient = True


class ServiceFailed(Problem):
    """A fault of the service; its log knows more under the request id."""

    transient = True


BY_CODE: Final[Mapping[str, type[Problem]]] = {
    "invalid_document": InvalidNetwork,
    "shape_mismatch": ShapeMismatch,
    "unreadable_document": InvalidNetwork,
    "unreadable_array": InvalidArrays,
    "array_mismatch": InvalidArrays,
}
BY_STATUS: Final[Mapping[int, type[Problem]]] = {
    404: NotFound,
    413: TooLarge,
    429: Busy,
    503: Busy,
    **dict.fromkeys((500, 501, 502, *range(504, 600)), ServiceFailed),
}


def problem(raw: Json, retry_after: float | None = None) -> Problem:
    """The member of the family that a problem's body means: its code says, or its status."""
    kind = BY_CODE.get(raw.get("code", "")) or BY_STATUS.get(raw["status"], Problem)
    return kind(raw, retry_after)
