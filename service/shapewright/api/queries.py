"""Query parameters: each is declared once, for reading and for the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from werkzeug.datastructures import MultiDict

from shapewright.api.kinds import INVALID_QUERY, Refusal
from shapewright.api.schemas.build import ref
from shapewright.formats.errors import InvalidDocument
from shapewright.formats.options import Limits
from shapewright.formats.shapes import read_input_shapes
from shapewright.network.places import Place
from shapewright.paths import pointer
from shapewright.render.report import DETAILS
from shapewright.vocabularies.errors import Fault
from shapewright.vocabularies.frameworks import VOCABULARIES
from shapewright.vocabularies.parameters import quote


@dataclass(frozen=True)
class Query:
    """A query parameter; `read` gives its value or raises `InvalidDocument`."""

    name: str
    doc: str
    schema: Mapping[str, Any]
    read: Callable[[str, Limits], Any]
    default: Any = None
    json: bool = False
    examples: Mapping[str, Any] = field(default_factory=dict)

    def openapi(self) -> dict[str, Any]:
        """The parameter in the OpenAPI document."""
        typed = {"content": {"application/json": {"schema": self.schema}}}
        return {
            "name": self.name,
            "in": "query",
            "description": self.doc,
            **(typed if self.json else {"schema": self.schema}),
            **({"examples": self.examples} if self.examples else {}),
        }


def read_query(
    declared: Sequence[Query], given: MultiDict[str, str], limits: Limits
) -> dict[str, Any]:
    """The values of all declared parameters, defaults included.

    Raises:
        Refusal: with everything that is wrong: unknown, repeated, or bad values.
    """
    known = {query.name: query for query in declared}
    values = {query.name: query.default for query in declared}
    errors: list[dict[str, Any]] = []
    for name, texts in given.lists():
        try:
            values[name] = _read(known.get(name), name, texts, limits)
        except InvalidDocument as error:
            errors += [
                {"parameter": name, "pointer": pointer(fault.path), "detail": fault.detail}
                for fault in error.faults
            ]
    if errors:
        raise Refusal(INVALID_QUERY, f"`{errors[0]['parameter']}`: {errors[0]['detail']}", errors)
    return values


def _read(query: Query | None, name: str, texts: Sequence[str], limits: Limits) -> Any:
    if query is None:
        raise _fault(f"there is no query parameter {quote(name)} here")
    if len(texts) > 1:
        raise _fault(f"is given once, got {len(texts)} times")
    return query.read(texts[0], limits)


def _fault(detail: str) -> InvalidDocument:
    return InvalidDocument([Fault((), detail)])


def _choice(name: str, doc: str, words: Sequence[str], default: str | None = None) -> Query:
    def read(text: str, _: Limits) -> str:
        if text not in words:
            raise _fault(f"is one of {', '.join(words)}, got {quote(text)}")
        return text

    schema: dict[str, Any] = {"type": "string", "enum": list(words)}
    if default:
        schema["default"] = default
    return Query(name, doc, schema, read, default)


def flag(name: str, doc: str) -> Query:
    """A parameter that is true or false, and false where it is left out."""

    def read(text: str, _: Limits) -> bool:
        if text not in ("true", "false"):
            raise _fault(f"is true or false, got {quote(text)}")
        return text == "true"

    return Query(name, doc, {"type": "boolean", "default": False}, read, False)


def _shapes(text: str, limits: Limits) -> Any:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _fault(f"is not JSON: {error}") from None
    if not isinstance(value, (list, dict)):
        raise _fault(f"is a shape or a map of names to shapes, got {quote(value)}")
    return read_input_shapes(value, limits)


def _detail(default: str) -> Query:
    doc = "How much is told of each layer: nothing, its shapes, or everything."
    return _choice("detail", doc, tuple(DETAILS), default)


DETAIL: Final = _detail("full")
SHORT_DETAIL: Final = _detail("summary")
INPUT_SHAPE: Final = Query(
    "input_shape",
    "A shape that replaces the model's own, as JSON; where there are several inputs, a map of "
    "names to shapes.",
    ref("InputShape"),
    _shapes,
    default={},
    json=True,
)


def _place(text: str, _: Limits) -> Place:
    name, colon, indices = text.rpartition(":")
    numbers = indices.split(",")
    if not colon or not all(re.fullmatch("[0-9]{1,10}", number) for number in numbers):
        raise _fault(f"is a layer or an input and its indices, such as stem:4,5, got {quote(text)}")
    return name, tuple(map(int, numbers))


LOCATE: Final = Query(
    "locate",
    "A place, as `LAYER:i,j`: which region of the input one output of a layer sees; or as "
    "`INPUT:i,j`: which outputs of every layer one element of the input reaches. One index for "
    "each axis that the receptive field of the layer or the input has.",
    {"type": "string", "pattern": "^.+:[0-9]{1,10}(,[0-9]{1,10})*$"},
    _place,
)
UNKNOWN_LAYERS: Final = _choice(
    "unknown_layers",
    "What happens to a layer type that is not known: it is refused, or taken to keep the shape "
    "and to have no weights, which its notes then say.",
    ("refuse", "identity"),
    "refuse",
)
MASK: Final = flag(
    "mask",
    "Count for each place of the output, without batch and channels, the taps that lie on data.",
)
IMPULSE: Final = flag(
    "impulse",
    "Tell the sampling grid: which input each tap of the first, a middle and the last output "
    "reads, axis by axis.",
)
FRAMEWORK: Final = _choice("framework", "Only this framework's layer types.", tuple(VOCABULARIES))
