"""What is said of a network: plain immutable values, in the words of the wire contract."""

from __future__ import annotations

from dataclasses import dataclass

from shapewright.arithmetic.dimension import Dimension, Shape, Shapes
from shapewright.network.faults import ShapeFault
from shapewright.network.places import LookAhead, LookBack
from shapewright.network.receptive_field import ReceptiveField
from shapewright.network.visibility import Visibility
from shapewright.operations.base import Note, Weight, WindowReport, params_of, trainable_params_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One layer call.

    `counted` is false for the later calls of a shared layer: their parameters are already in the
    totals. `layers` are the entries of a nested network.
    """

    index: int
    name: str
    type: str
    inputs: tuple[str, ...]
    input_shapes: Shapes
    output_shapes: Shapes
    weights: tuple[Weight, ...]
    macs: Dimension
    counted: bool = True
    window: WindowReport | None = None
    visibility: Visibility | None = None
    receptive_field: ReceptiveField | None = None
    explanation: str = ""
    notes: tuple[Note, ...] = ()
    layers: tuple[Entry, ...] = ()

    @property
    def params(self) -> int:
        """How many numbers the layer's weights hold."""
        return params_of(self.weights)

    @property
    def trainable_params(self) -> int:
        """How many of them train."""
        return trainable_params_of(self.weights)


@dataclass(frozen=True, slots=True)
class Tensor:
    """A named tensor at the network's edge."""

    name: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the network; element counts are for one sample.

    A sum that passes what a JSON reader keeps exact is unknown.
    """

    layers: int
    params: Dimension
    trainable_params: Dimension
    non_trainable_params: Dimension
    macs: Dimension
    activation_elements: Dimension
    peak_activation_elements: Dimension


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is known of a network whose shapes fit."""

    framework: str
    source: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    totals: Totals
    layers: tuple[Entry, ...]
    located: LookBack | LookAhead | None = None
    notes: tuple[Note, ...] = ()


class ShapesDoNotFit(Exception):
    """Some layers do not fit; `partial` is the report of all that could be said."""

    def __init__(self, faults: tuple[ShapeFault, ...], partial: Report) -> None:
        super().__init__("; ".join(fault.detail for fault in faults))
        self.faults = faults
        self.partial = partial
