"""Who is who in a stack: the names of layers and inputs, and what a reference to one means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from shapewright.formats.graph import Key, Source
from shapewright.paths import Path
from shapewright.vocabularies.call import Slot
from shapewright.vocabularies.declaration import Vocabulary
from shapewright.vocabularies.errors import Fault
from shapewright.vocabularies.parameters import quote

LONGEST_NAME: Final = 256

MOST_INPUTS: Final = 4096
"""How many tensors one layer may read."""

Entry = Mapping[str, Any]


class Names:
    """The names of one stack; faults go into the list that it was given."""

    def __init__(self, inputs: Mapping[str, Key], faults: list[Fault]) -> None:
        self._keys: dict[str, Key] = dict(inputs)
        self._faults = faults

    def give(self, entries: Sequence[Entry], vocabulary: Vocabulary) -> list[str]:
        """A name for every layer; those without one get the framework's habit."""
        taken = set(self._keys)
        for index, entry in enumerate(entries):
            self._take(entry.get("name"), ("layers", index, "name"), taken)
        counts: dict[str, int] = {}
        names = []
        for index, entry in enumerate(entries):
            given = entry.get("name")
            stem = vocabulary.default_name(str(entry.get("type", "layer")), index)
            name = given if isinstance(given, str) else _first_free(stem, counts, taken)
            self._keys[name] = ("layer", index)
            names.append(name)
        return names

    def _take(self, name: Any, path: Path, taken: set[str]) -> None:
        if name is None:
            return
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
            self._faults.append(Fault(path, f"a name is a string, got {quote(name)}"))
        elif name in taken:
            self._faults.append(Fault(path, f"the name {quote(name)} is taken already"))
        else:
            taken.add(name)

    def source(self, name: Any, path: Path) -> Source | None:
        """What a reference means: `name`, or `name:1` for the second output and so on."""
        if isinstance(name, str):
            if name in self._keys:
                return self._keys[name], 0
            stem, colon, number = name.rpartition(":")
            if colon and stem in self._keys and re.fullmatch(r"\d{1,3}", number, re.ASCII):
                return self._keys[stem], int(number)
        self._faults.append(Fault(path, f"no layer or input is called {quote(name)}"))
        return None

    def tree(self, value: Any, path: Path, sources: list[Source]) -> Any:
        """A layer's `inputs` as call arguments: a name, a list of names, or a map to either.

        What is read is added to `sources`; the tree has slots that count them.
        """
        if isinstance(value, list):
            return tuple(self.tree(v, (*path, i), sources) for i, v in enumerate(value))
        if isinstance(value, dict):
            return {k: self.tree(v, (*path, k), sources) for k, v in value.items()}
        source = self.source(value, path)
        if source is None or len(sources) > MOST_INPUTS:
            return None
        sources.append(source)
        if len(sources) > MOST_INPUTS:
            detail = f"a layer reads at most {MOST_INPUTS} tensors, this one more"
            self._faults.append(Fault(path, detail))
        return Slot(len(sources) - 1)


def _first_free(stem: str, counts: dict[str, int], taken: set[str]) -> str:
    """`stem`, `stem_1`, `stem_2` and so on, past the names that are taken."""
    while True:
        count = counts.get(stem, 0)
        counts[stem] = count + 1
        name = f"{stem}_{count}" if count else stem
        if name not in taken:
            taken.add(name)
            return name
