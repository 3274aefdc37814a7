"""Low-rank adaptation: a weight rests, and the product of two thin ones learns in its place.

Source: Hu et al., arXiv 2106.09685; `enable_lora` of Keras's layers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import WeightTemplate
from shapewright.vocabularies.keras.weight_options import CONSTRAINTS, Option
from shapewright.vocabularies.parameters import Integer, Parameter, ignored


def low_rank(weight: str) -> Mapping[str, Parameter[Any]]:
    """The parameters of the adaptation, and the option of the weight that it excludes."""
    return {
        "lora_rank": Integer(None, minimum=0, doc="train two thin matrices of this rank"),
        **ignored("lora_alpha"),
        f"{weight}_constraint": Option(CONSTRAINTS),
    }


def adapted(
    weight: WeightTemplate, rank: int | None, constraint: object
) -> tuple[WeightTemplate, ...]:
    """The weight alone, or at rest with the two that adapt it.

    Raises:
        ParameterError: the weight is held to a constraint as well.
    """
    if not rank:
        return (weight,)
    if constraint is not None:
        raise ParameterError("a weight with a constraint takes no lora_rank", "lora_rank")
    return (
        replace(weight, trainable=False),
        WeightTemplate(f"lora_{weight.name}_a", (*weight.shape[:-1], rank)),
        WeightTemplate(f"lora_{weight.name}_b", (rank, weight.shape[-1])),
    )
