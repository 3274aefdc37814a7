"""What an endpoint is: all that routes, views and the OpenAPI document have to know of a call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeAlias

from werkzeug.utils import get_content_type

from shapewright.api.content import FILE
from shapewright.api.kinds import INVALID_QUERY, NOT_ACCEPTABLE, Kind
from shapewright.api.queries import Query
from shapewright.api.schemas.build import Schema
from shapewright.api.settings import Settings
from shapewright.api.views import Answer, Asked

ALWAYS: Final = (NOT_ACCEPTABLE, INVALID_QUERY)
"""What every endpoint can answer: it negotiates, and it knows its query parameters."""


Shown: TypeAlias = Callable[[str], dict[str, Any]]
"""By media type, examples as the document shows them."""


def _nothing(media: str) -> dict[str, Any]:
    """No examples."""
    return {}


@dataclass(frozen=True, eq=False)
class Endpoint:
    """One call: `path` is written as in OpenAPI, `produces` maps media types to schemas."""

    method: str
    path: str
    view: Callable[[Asked], bytes | Iterable[bytes] | Answer]
    produces: Mapping[str, Schema]
    tag: str
    query: tuple[Query, ...] = ()
    places: Mapping[str, Schema] = field(default_factory=dict)
    """The parts of the path that vary."""
    reads: Mapping[str, Schema] = field(default_factory=dict)
    """The media types of a body that it takes, and what each holds."""
    parts: tuple[str, ...] = (FILE,)
    """What a form may hold."""
    problems: tuple[Kind, ...] = ()
    variant: str = ""
    """What follows the media type of its answers."""
    mirrors: bool = False
    """Whether it answers in the media type that was sent, where nobody minds."""
    says: Mapping[str, str] = field(default_factory=dict)
    """The headers that an answer may have, and what each tells."""
    sent: Shown = _nothing
    given: Shown = _nothing
    """Examples of bodies and of answers, by media type."""
    heavy: bool = False
    """Whether it needs a slot, of which there are few."""
    switch: str | None = None
    """The setting that switches it off."""

    @property
    def name(self) -> str:
        """The view's name, which is the OpenAPI operation id."""
        return self.view.__name__

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        return self.path.replace("{", "<").replace("}", ">")

    @property
    def allowed(self) -> tuple[str, ...]:
        """The methods that its path takes."""
        return (self.method, "OPTIONS", *(("HEAD",) if self.method == "GET" else ()))

    def offers(self, sent: str) -> tuple[str, ...]:
        """The media types of the answer; where nobody minds, the first is given."""
        return tuple(sorted(self.produces, key=lambda media: self.mirrors and media != sent))

    def is_on(self, settings: Settings) -> bool:
        """Whether it is not switched off."""
        return self.switch is None or getattr(settings, self.switch) == "on"

    def written(self, media: str) -> str:
        """The `Content-Type` of an answer; a text is always UTF-8."""
        return get_content_type(media + self.variant, "utf-8")

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """What its answers say besides the body."""
        return {"Vary": "Accept"} if len(self.produces) > 1 else {}
