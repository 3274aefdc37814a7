"""What is said of a network: plain immutable values, in the words of the wire contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Final, NamedTuple, overload

from shapewright.arithmetic.dimension import Dimension, Shape, Shapes
from shapewright.network.faults import ShapeFault
from shapewright.network.fields import Fields
from shapewright.network.network import Layer, Ref, named
from shapewright.network.places import LookAhead, LookBack
from shapewright.network.receptive_field import ReceptiveField, receptive_field
from shapewright.network.told import Told
from shapewright.network.visibility import Visibility
from shapewright.operations.base import Note, Weight, WindowReport


class Sources(NamedTuple):
    """The network inputs of which receptive fields are told: names, and axes that are worked."""

    names: tuple[str, ...]
    axes: tuple[tuple[int, ...], ...]


NO_SOURCES: Final = Sources((), ())


@dataclass(frozen=True, slots=True)
class Entry:
    """One layer call: what is told of its step, and what follows from where it stands.

    `counted` is false for the later calls of a shared layer: their parameters are already in the
    totals. `further_notes` are on where it stands. `layers` are the entries of a nested network.
    """

    index: int
    name: str
    type: str
    inputs: tuple[str, ...]
    told: Told
    fields: Fields
    sources: Sources
    counted: bool = True
    further_notes: tuple[Note, ...] = ()
    layers: Entries | tuple[()] = ()

    @property
    def input_shapes(self) -> Shapes:
        """What the layer was fed."""
        return self.told.step.fed

    @property
    def output_shapes(self) -> Shapes:
        """What it made."""
        return self.told.step.outputs

    @property
    def weights(self) -> tuple[Weight, ...]:
        """Its arrays."""
        return self.told.step.outcome.weights

    @property
    def params(self) -> int:
        """How many numbers the layer's weights hold."""
        return self.told.step.params

    @property
    def trainable_params(self) -> int:
        """How many of them train."""
        return self.told.step.trainable_params

    @property
    def macs(self) -> Dimension:
        """Its multiply-adds for one sample."""
        return self.told.step.macs

    @property
    def window(self) -> WindowReport | None:
        """The geometry of its window, if it has one."""
        return self.told.step.outcome.window

    @property
    def visibility(self) -> Visibility | None:
        """What its windows see."""
        return self.told.visibility

    @property
    def receptive_field(self) -> ReceptiveField:
        """What its first output sees of each network input that it depends on."""
        return receptive_field(self.fields, *self.sources, self.output_shapes[0])

    @property
    def explanation(self) -> str:
        """One to three sentences."""
        return self.told.explanation

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is worth knowing of the step, then of the branches that meet here."""
        return self.told.notes + self.further_notes


@dataclass(frozen=True, slots=True, eq=False)
class Entries(Sequence[Entry]):
    """The entries of a network as columns; an `Entry` is put together when somebody asks for it.

    `producers` are the names of the network's `own` inputs and then of all its nodes; to those
    `reads` refer. `again` are the indices of later calls of shared layers. What stands in the two
    maps, by index, few entries have.
    """

    producers: Sequence[str] = ()
    own: int = 0
    indices: Sequence[int] = ()
    layers: Sequence[Layer] = ()
    reads: Sequence[tuple[Ref, ...]] = ()
    told: Sequence[Told] = ()
    fields: Sequence[Fields] = ()
    sources: Sources = NO_SOURCES
    again: Set[int] = frozenset()
    further_notes: Mapping[int, tuple[Note, ...]] = field(default_factory=dict)
    inside: Mapping[int, Entries] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.indices)

    @overload
    def __getitem__(self, place: int) -> Entry: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Entry]: ...
    def __getitem__(self, place: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(place, slice):
            return [self[i] for i in range(len(self))[place]]
        index = self.indices[place]
        return Entry(
            index=index,
            name=self.producers[self.own + index],
            type=self.layers[place].type,
            inputs=named(self.producers, self.reads[place]),
            told=self.told[place],
            fields=self.fields[place],
            sources=self.sources,
            counted=index not in self.again,
            further_notes=self.further_notes.get(index, ()),
            layers=self.inside.get(index, ()),
        )


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
    layers: Entries
    located: LookBack | LookAhead | None = None
    notes: tuple[Note, ...] = ()


class ShapesDoNotFit(Exception):
    """Some layers do not fit; `partial` is the report of all that could be said."""

    def __init__(self, faults: tuple[ShapeFault, ...], partial: Report) -> None:
        super().__init__("; ".join(fault.detail for fault in faults))
        self.faults = faults
        self.partial = partial
