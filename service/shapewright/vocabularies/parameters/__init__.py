"""The kinds of parameter that layers have: marshmallow fields that know their JSON Schema.

Each field checks one JSON value and gives an immutable Python value. A default is declared with
`default=`; a field without one is required. `null` is accepted where the default is `None`.
"""

from __future__ import annotations

from shapewright.vocabularies.parameters.base import (
    Parameter,
    is_integer,
    quote,
)
from shapewright.vocabularies.parameters.layers import (
    InnerLayer,
    Layer,
    Layers,
)
from shapewright.vocabularies.parameters.numbers import (
    LARGEST_INTEGER,
    LONGEST_LIST,
    MOST_AXES,
    Integer,
    Integers,
    Number,
    PerAxis,
    bounds,
)
from shapewright.vocabularies.parameters.several import (
    Either,
    Pair,
    Several,
)
from shapewright.vocabularies.parameters.words import (
    Anything,
    Choice,
    Flag,
    Ignored,
    Text,
    ignored,
)

__all__ = [
    "LARGEST_INTEGER",
    "LONGEST_LIST",
    "MOST_AXES",
    "Anything",
    "Choice",
    "Either",
    "Flag",
    "Ignored",
    "InnerLayer",
    "Integer",
    "Integers",
    "Layer",
    "Layers",
    "Number",
    "Pair",
    "Parameter",
    "PerAxis",
    "Several",
    "Text",
    "bounds",
    "ignored",
    "is_integer",
    "quote",
]
