"""A layer type is one declaration; a vocabulary is all of one framework's."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from itertools import islice
from pkgutil import iter_modules
from typing import Any, Final

from marshmallow import ValidationError, missing

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Operation
from shapewright.vocabularies.call import Call
from shapewright.vocabularies.errors import MOST_FAULTS, Fault, InvalidParameters, faults_of
from shapewright.vocabularies.parameters import Either, Ignored, Layer, Layers, Parameter
from shapewright.vocabularies.told import Told

LONGEST_NAME: Final = 80
"""So much of a wrong name is compared with the right ones."""


@dataclass(frozen=True)
class LayerType:
    """How one framework says one kind of layer.

    `build` gets the validated parameters as keyword arguments (those that are not `Ignored`), and
    `call=` if it has such a parameter; it returns an operation or raises `ParameterError`.
    `spelling` gives the framework's name for a parameter that operations call otherwise, so that
    a fault found below can point at what was sent. `arguments` are the names of the call's
    arguments where a layer has several, in the framework's order; a layer with `takes_list` has
    one, a list of tensors, even if it holds one alone. `common` are the parameters that all layers
    of the framework have; `finish` gets the operation and their values. `told` are the parameters
    that its arrays tell, where it is run on some.
    """

    name: str
    summary: str
    source: str
    parameters: Mapping[str, Parameter[Any]]
    build: Callable[..., Operation]
    spelling: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    takes_list: bool = False
    common: Mapping[str, Parameter[Any]] = field(default_factory=dict)
    finish: Callable[..., Operation] = lambda operation: operation
    told: Mapping[str, Told] = field(default_factory=dict)

    @cached_property
    def all_parameters(self) -> Mapping[str, Parameter[Any]]:
        """Its own parameters and those that all layers of the framework have, unless it does."""
        return {**self.parameters, **self.common, **self.parameters}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of a parameter by what operations call it; what they lack here has none."""
        return {**{name: name for name in self.all_parameters}, **self.spelling}

    @cached_property
    def required(self) -> frozenset[str]:
        """The parameters without a default."""
        return frozenset(name for name, p in self.all_parameters.items() if p.required)

    @cached_property
    def defaults(self) -> Mapping[str, Any]:
        """The default of every parameter, in order; `missing` where there is none."""
        return {name: p.load_default for name, p in self.all_parameters.items()}

    @cached_property
    def heeded(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of the parameters that `build` gets, and of those that `finish` gets."""
        return _heeded(self.parameters), _heeded(self.common)

    @cached_property
    def wants_call(self) -> bool:
        """Whether the builder asks how the layer is called."""
        return "call" in inspect.signature(self.build).parameters

    @cached_property
    def holds_layers(self) -> bool:
        """Whether a parameter is a layer itself, or can be."""
        kinds = [p.kinds if isinstance(p, Either) else (p,) for p in self.parameters.values()]
        return any(isinstance(kind, (Layer, Layers)) for several in kinds for kind in several)

    def load(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The validated values of all parameters, defaults included.

        Raises:
            InvalidParameters: with every fault that was found.
        """
        parameters = self.all_parameters
        if self.required <= raw.keys() <= parameters.keys():
            with suppress(ValidationError):
                given = {name: parameters[name].read(value) for name, value in raw.items()}
                return {**self.defaults, **given}
        raise InvalidParameters(self._faults(raw))

    def _faults(self, raw: Mapping[str, Any]) -> Iterator[Fault]:
        """All faults of parameters that do not make a layer."""
        unknown = (name for name in raw if name not in self.all_parameters)
        for name in islice(unknown, MOST_FAULTS):
            yield Fault((name,), self._no_such(name))
        for name, parameter in self.all_parameters.items():
            try:
                parameter.deserialize(raw.get(name, missing))
            except ValidationError as error:
                yield from faults_of(error.messages, (name,))

    def operation(self, values: Mapping[str, Any], call: Call) -> Operation:
        """The operation that validated values describe.

        Raises:
            InvalidParameters: the values do not go together.
        """
        own, common = self.heeded
        called = {"call": call} if self.wants_call else {}
        try:
            built = self.build(**{name: values[name] for name in own}, **called)
            return self.finish(built, **{name: values[name] for name in common})
        except ParameterError as error:
            name = self.names.get(error.parameter or "")
            path = (name,) if name else ()
            raise InvalidParameters([Fault(path, error.detail)]) from error

    def _no_such(self, name: str) -> str:
        near = difflib.get_close_matches(name[:LONGEST_NAME], self.all_parameters, n=1)
        hint = f"; did you mean `{near[0]}`?" if near else ""
        return f"{self.name} has no parameter `{name}`{hint}"

    def json_schema(self) -> dict[str, Any]:
        """The parameters as a JSON Schema object."""
        return {
            "type": "object",
            "properties": {
                name: parameter.json_schema() for name, parameter in self.all_parameters.items()
            },
            "required": [name for name in self.all_parameters if name in self.required],
            "additionalProperties": False,
        }


def _heeded(parameters: Mapping[str, Parameter[Any]]) -> tuple[str, ...]:
    """The parameters that are not ignored."""
    return tuple(name for name, p in parameters.items() if not isinstance(p, Ignored))


@dataclass(frozen=True)
class Vocabulary:
    """All layer types of one framework, by name."""

    framework: str
    types: Mapping[str, LayerType]
    aliases: Mapping[str, str]
    stem: Callable[[str], str | None]
    """The framework's habit: what the names of nameless layers of a type are made of.

    It is `None` where they are numbered, whatever their type.
    """
    least_rank: int = 1
    """How many axes an input has at least: one where there is always a batch."""

    @classmethod
    def gathered(
        cls,
        framework: str,
        package: str,
        stem: Callable[[str], str | None],
        least_rank: int = 1,
    ) -> Vocabulary:
        """Every declaration of every family: the `LAYERS` and `ALIASES` of a package's modules.

        A new family is a new file; no list elsewhere names it.
        """
        names = (module.name for module in iter_modules(import_module(package).__path__))
        families = [import_module(f"{package}.{name}") for name in names]
        types = {kind.name: kind for f in families for kind in getattr(f, "LAYERS", ())}
        aliases = {k: v for f in families for k, v in getattr(f, "ALIASES", {}).items()}
        return cls(framework, types, aliases, stem, least_rank)

    @cached_property
    def _stems(self) -> Mapping[str, str | None]:
        return {name: self.stem(name) for name in (*self.types, *self.aliases)}

    def stem_of(self, name: str) -> str | None:
        """What `stem` says; of the names that are known, without asking again."""
        return self._stems[name] if name in self._stems else self.stem(name)

    def find(self, name: str) -> LayerType | None:
        """The layer type of this name or alias, if there is one."""
        return self.types.get(self.aliases.get(name, name))

    def nearest(self, name: str) -> list[str]:
        """The known names that look most like this one."""
        folded = {known.lower(): known for known in self.types}
        return [
            folded[near]
            for near in difflib.get_close_matches(name[:LONGEST_NAME].lower(), folded, n=3)
        ]
