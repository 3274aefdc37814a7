"""The JSON Schemas of everything that is sent and answered, by their names in the document."""

from __future__ import annotations

from typing import Final

from shapewright.api.schemas.build import Schema
from shapewright.api.schemas.catalogue import CATALOGUE
from shapewright.api.schemas.convolve import CONVOLVE
from shapewright.api.schemas.geometry import GEOMETRY
from shapewright.api.schemas.network import NETWORK
from shapewright.api.schemas.problem import PROBLEM
from shapewright.api.schemas.report import REPORT

SCHEMAS: Final[dict[str, Schema]] = {
    **NETWORK,
    **REPORT,
    **GEOMETRY,
    **PROBLEM,
    **CATALOGUE,
    **CONVOLVE,
}
