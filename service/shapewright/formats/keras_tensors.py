"""The arguments of a Keras call as JSON: references to tensors, constants, and trees of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Protocol

from shapewright.arithmetic.dimension import Shape
from shapewright.formats.keras_objects import invalid, needs
from shapewright.network.network import Ref
from shapewright.paths import Path
from shapewright.vocabularies.call import Call, Slot

DEEPEST: Final = 16
"""How deep the arguments of a call may nest, and how many axes a constant array may have."""

PROPAGATED: Final = frozenset(("mask", "training"))
"""What Keras itself hands on from layer to layer; it changes no shape."""


class Resolver(Protocol):
    """Tells what a reference such as `["conv2d", 0, 0]` means; raises `InvalidDocument`."""

    def __call__(self, reference: Any, path: Path) -> Ref: ...


@dataclass(frozen=True, slots=True)
class Array:
    """A tensor that stands in the document itself; its values change no shape."""

    shape: Shape


@dataclass(slots=True)
class Arguments:
    """The arguments of one call; `tensors` are what its slots stand for, in order."""

    tensors: list[Ref | Array] = field(default_factory=list)
    call: Call = field(default_factory=Call)

    def add(self, tensor: Ref | Array) -> Slot:
        """The slot of one more tensor."""
        self.tensors.append(tensor)
        return Slot(len(self.tensors) - 1)

    @property
    def sources(self) -> tuple[Ref, ...]:
        """The tensors that come from other calls."""
        return tuple(tensor for tensor in self.tensors if not isinstance(tensor, Array))

    @property
    def has_constants(self) -> bool:
        """Whether any tensor stands in the document itself."""
        return len(self.sources) < len(self.tensors)

    @property
    def operands(self) -> tuple[int | Shape, ...]:
        """Each tensor as its position among the sources, or as its shape where it is constant."""
        position = count()
        return tuple(
            tensor.shape if isinstance(tensor, Array) else next(position) for tensor in self.tensors
        )


def sole_argument(source: Ref) -> Arguments:
    """A call on one tensor."""
    return Arguments([source], Call((Slot(0),)))


def read_arguments(node: Any, path: Path, resolve: Resolver, without: frozenset[str]) -> Arguments:
    """The arguments of a call, but for the named ones `without` which it is read.

    Raises:
        InvalidDocument: the node is malformed, or refers to what does not exist.
    """
    arguments = Arguments()
    reader = _TreeReader(arguments, resolve)
    needs(node, Mapping, "a call with `args` and `kwargs`", path)
    args = needs(node.get("args", []), list, "a list", (*path, "args"))
    kwargs = needs(node.get("kwargs", {}), Mapping, "an object", (*path, "kwargs"))
    arguments.call = Call(
        reader.read(args, (*path, "args")),
        {
            name: reader.read(value, (*path, "kwargs", name))
            for name, value in kwargs.items()
            if name not in without
        },
    )
    return arguments


@dataclass(frozen=True, slots=True)
class _TreeReader:
    """Turns JSON trees into trees of slots and constants."""

    arguments: Arguments
    resolve: Resolver

    def read(self, value: Any, path: Path, depth: int = 0) -> Any:
        if depth > DEEPEST:
            raise invalid(path, f"arguments nest more than {DEEPEST} deep")
        if isinstance(value, list):
            return tuple(self.read(v, (*path, i), depth + 1) for i, v in enumerate(value))
        if not isinstance(value, Mapping):
            return value
        special = _SPECIAL.get(str(value.get("class_name")))
        if special is None:
            return {key: self.read(v, (*path, key), depth + 1) for key, v in value.items()}
        config = needs(value.get("config", {}), Mapping, "an object", (*path, "config"))
        return special(self, config, (*path, "config"), depth + 1)

    def _tensor(self, config: Mapping[str, Any], path: Path, _: int) -> Slot:
        reference = config.get("keras_history")
        return self.arguments.add(self.resolve(reference, (*path, "keras_history")))

    def _array(self, config: Mapping[str, Any], path: Path, _: int) -> Slot:
        return self.arguments.add(Array(shape_of(config.get("value"), (*path, "value"))))

    def _slice(self, config: Mapping[str, Any], path: Path, depth: int) -> slice:
        ends = ("start", "stop", "step")
        return slice(*(self.read(config.get(end), (*path, end), depth) for end in ends))

    def _ellipsis(self, config: Mapping[str, Any], path: Path, _: int) -> Any:
        return ...


_SPECIAL: Final[Mapping[str, Callable[[_TreeReader, Mapping[str, Any], Path, int], Any]]] = {
    "__keras_tensor__": _TreeReader._tensor,
    "__tensor__": _TreeReader._array,
    "__numpy__": _TreeReader._array,
    "__slice__": _TreeReader._slice,
    "__ellipsis__": _TreeReader._ellipsis,
}
"""What Keras writes for objects inside a call's arguments, by `class_name`."""


def shape_of(value: Any, path: Path) -> Shape:
    """The shape of an array written as nested lists, by its first elements.

    Raises:
        InvalidDocument: it has too many axes.
    """
    shape: list[int] = []
    while isinstance(value, list):
        if len(shape) == DEEPEST:
            raise invalid(path, f"an array has at most {DEEPEST} axes")
        shape.append(len(value))
        value = value[0] if value else None
    return tuple(shape)
