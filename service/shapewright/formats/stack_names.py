"""Who is who in a stack: the names of layers and inputs, and what a reference to one means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, overload

from shapewright.formats.stack_layers import Reading
from shapewright.network.network import Ref
from shapewright.paths import Path
from shapewright.vocabularies.errors import Fault
from shapewright.vocabularies.parameters import quote


class Names(Sequence[str]):
    """The names of a stack's layers; those that are not given are made when somebody asks.

    Faults go into the list that it was given.
    """

    def __init__(
        self, inputs: Sequence[str], readings: Sequence[Reading], faults: list[Fault]
    ) -> None:
        self._readings = readings
        self._faults = faults
        self._own = len(inputs)
        self._asked = False
        self._given = {name: number for number, name in enumerate(inputs)}
        given = [(i, reading.name) for i, reading in enumerate(readings) if reading.name]
        for index, name in given:
            if name in self._given:
                detail = f"the name {quote(name)} is taken already"
                faults.append(Fault(("layers", index, "name"), detail))
            self._given[name] = self._own + index

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return self._all[index]
        own = self._readings[index].name
        if own is None and not self._asked:
            self._asked = True
            own = self._lone(index)
        return own or self._all[index]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._readings)

    def _lone(self, index: int) -> str | None:
        """The name of one layer, unless other names could stand in its way."""
        stems = [reading.stem for reading in self._readings[:index] if reading.name is None]
        stem = self._readings[index].stem
        others = self._given.keys() | set(stems) - {stem}
        if stem is None or any(other is None or other.startswith(stem) for other in others):
            return None
        count = stems.count(stem)
        return f"{stem}_{count}" if count else stem

    @cached_property
    def _all(self) -> list[str]:
        """Every layer's name; those without one get the framework's habit."""
        taken, counts = set(self._given), dict[str, int]()
        return [
            reading.name or _first_free(reading.stem or str(index), counts, taken)
            for index, reading in enumerate(self._readings)
        ]

    @cached_property
    def _producers(self) -> dict[str, int]:
        return self._given | {name: number for number, name in enumerate(self, self._own)}

    def known(self, names: Sequence[str]) -> list[int]:
        """The producers of names that were given; of others none."""
        given = self._given
        return [given[name] for name in names if name in given]

    def ref(self, name: Any, path: Path) -> Ref | None:
        """What a reference means: `name`, or `name:1` for the second output and so on."""
        if isinstance(name, str):
            producer = self._given.get(name)
            if producer is None:
                producer = self._producers.get(name)
            if producer is not None:
                return Ref(producer)
            stem, colon, number = name.rpartition(":")
            if colon and stem in self._producers and re.fullmatch(r"\d{1,3}", number, re.ASCII):
                return Ref(self._producers[stem], int(number))
        self._faults.append(Fault(path, f"no layer or input is called {quote(name)}"))
        return None


def _first_free(stem: str, counts: dict[str, int], taken: set[str]) -> str:
    """`stem`, `stem_1`, `stem_2` and so on, past the names that are taken."""
    while True:
        count = counts.get(stem, 0)
        counts[stem] = count + 1
        name = f"{stem}_{count}" if count else stem
        if name not in taken:
            taken.add(name)
            return name
