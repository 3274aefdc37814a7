"""What the service says of a network; `raw` has the whole of it, in the words of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from shapewright.client.records import Json, Record, by, several

Shape: TypeAlias = tuple[int | str | None, ...]
"""The sizes of all axes, the batch axis first; `None` is not known."""


def _shapes(values: Any) -> tuple[Shape, ...]:
    return tuple(map(tuple, values))


def _weights(values: Json) -> dict[str, Shape]:
    return {name: tuple(shape) for name, shape in values.items()}


def _layers(values: Any) -> tuple[Layer, ...]:
    return tuple(map(Layer.read, values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor(Record):
    """An input or an output of the network."""

    name: str
    shape: Shape = field(metadata=by(tuple))


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Record):
    """Something worth knowing that no number says; the code is stable."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals(Record):
    """Sums over the network, for one sample; `None` where a size in the sum is not known."""

    layers: int
    params: int | None
    trainable_params: int | None
    non_trainable_params: int | None
    macs: int | None
    activation_elements: int | None
    peak_activation_elements: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Padding(Record):
    """Elements added on each side of each spatial axis."""

    mode: str
    before: Shape = field(metadata=by(tuple))
    after: Shape = field(metadata=by(tuple))
    symmetric: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window(Record):
    """What a layer reads at a time, one number for each spatial axis; or, transposed, writes."""

    kernel_size: Shape = field(metadata=by(tuple))
    dilation: Shape = field(metadata=by(tuple))
    effective_kernel_size: Shape = field(metadata=by(tuple))
    strides: Shape = field(metadata=by(tuple))
    padding: Padding = field(metadata=by(Padding.read))
    transposed: bool
    unread_input: Shape | None = field(default=None, metadata=by(tuple))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer(Record):
    """One call of one layer; what the `detail` that was asked for leaves out is `None`."""

    index: int
    name: str
    type: str
    inputs: tuple[str, ...] | None = field(default=None, metadata=by(tuple))
    input_shapes: tuple[Shape, ...] = field(metadata=by(_shapes))
    output_shapes: tuple[Shape, ...] = field(metadata=by(_shapes))
    params: int | None = None
    trainable_params: int | None = None
    weights: Mapping[str, Shape] | None = field(default=None, metadata=by(_weights))
    macs: int | None = None
    macs_on_data: int | None = None
    window: Window | None = field(default=None, metadata=by(Window.read))
    receptive_field: Json | None = None
    shared: bool = False
    explanation: str | None = None
    notes: tuple[Note, ...] = field(default=(), metadata=several(Note))
    layers: tuple[Layer, ...] = field(default=(), metadata=by(_layers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Record):
    """What happens in a network; without `layers` where only a summary was asked for.

    `id` is the stack's own, which a batch hands back.
    """

    framework: str
    source: str
    inputs: tuple[Tensor, ...] = field(metadata=several(Tensor))
    outputs: tuple[Tensor, ...] = field(metadata=several(Tensor))
    totals: Totals = field(metadata=by(Totals.read))
    layers: tuple[Layer, ...] = field(default=(), metadata=several(Layer))
    located: Json | None = None
    notes: tuple[Note, ...] = field(default=(), metadata=several(Note))
    id: Any = None
