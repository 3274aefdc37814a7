"""The calls in models of tf.keras 2: `[["conv2d", 0, 0, {"training": false}]]`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from shapewright.formats.keras_objects import invalid, needs
from shapewright.formats.keras_tensors import DEEPEST, Arguments, Array, Resolver, shape_of
from shapewright.paths import Path
from shapewright.vocabularies.call import Call
from shapewright.vocabularies.parameters import is_integer

CONSTANT: Final = "_CONSTANT_VALUE"
"""Stands for a layer's name where the tensor is a constant."""

ELLIPSIS: Final = {"class_name": "__ellipsis__"}


def is_old(node: Any) -> bool:
    """Whether a call is written as tf.keras 2 does it."""
    return not (isinstance(node, Mapping) and "args" in node)


def read_old_arguments(
    node: Any, path: Path, resolve: Resolver, without: frozenset[str], keep_list: bool
) -> Arguments:
    """The arguments of a call: first a tree of tensors, then the named ones, beside each tensor.

    A list of one tensor is that tensor, unless `keep_list` is set.

    Raises:
        InvalidDocument: the node is malformed, or refers to what does not exist.
    """
    reader = _OldReader(resolve)
    if isinstance(node, list) and len(node) == 1 and not keep_list:
        first = reader.tensors(node[0], (*path, 0))
    else:
        first = reader.tensors(node, path)
    named = {
        name: reader.tree(value, (*path, name))
        for name, value in reader.named.items()
        if name not in without
    }
    reader.arguments.call = Call((first,), named)
    return reader.arguments


@dataclass(slots=True)
class _OldReader:
    """Reads one call; `named` are the named arguments, once a tensor has been met."""

    resolve: Resolver
    arguments: Arguments = field(default_factory=Arguments)
    named: Mapping[str, Any] = field(default_factory=dict)

    def tensors(self, value: Any, path: Path, depth: int = 0) -> Any:
        """The first argument: a tensor, or lists and objects of them."""
        if depth > DEEPEST:
            raise invalid(path, f"arguments nest more than {DEEPEST} deep")
        if isinstance(value, Mapping):
            return {key: self.tensors(v, (*path, key), depth + 1) for key, v in value.items()}
        if not isinstance(value, list) or not value:
            raise invalid(path, 'needs a tensor such as ["conv2d", 0, 0, {}]')
        if not isinstance(value[0], str):
            return tuple(self.tensors(v, (*path, i), depth + 1) for i, v in enumerate(value))
        if len(value) == 4:
            self.named = needs(value[3], Mapping, "an object", (*path, 3))
        if value[0] == CONSTANT and len(value) > 2:
            return self._constant(value[2], (*path, 2))
        return self.arguments.add(self.resolve(value[:3], path))

    def tree(self, value: Any, path: Path, depth: int = 0) -> Any:
        """A named argument: constants, with tensors among them."""
        if depth > DEEPEST:
            raise invalid(path, f"arguments nest more than {DEEPEST} deep")
        if _is_tensor(value):
            return self.arguments.add(self.resolve(value, path))
        if isinstance(value, list):
            return tuple(self.tree(v, (*path, i), depth + 1) for i, v in enumerate(value))
        if value == ELLIPSIS:
            return ...
        if isinstance(value, Mapping):
            return {key: self.tree(v, (*path, key), depth + 1) for key, v in value.items()}
        return value

    def _constant(self, value: Any, path: Path) -> Any:
        if isinstance(value, list):
            return self.arguments.add(Array(shape_of(value, path)))
        return value


def _is_tensor(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 3
        and isinstance(value[0], str)
        and is_integer(value[1])
        and is_integer(value[2])
    )
