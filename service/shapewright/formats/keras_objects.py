"""Serialized Keras objects: a class name, where the class is from, and a config."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from shapewright.formats.errors import InvalidDocument
from shapewright.paths import Path
from shapewright.vocabularies.errors import Fault
from shapewright.vocabularies.parameters import quote

FRAMEWORK_PACKAGES: Final = frozenset(("keras", "keras_core", "tf_keras", "tensorflow"))
"""The packages whose classes are Keras's own; any other package's are custom ones."""

OPERATION_MODULES: Final = ("keras.ops", "keras.src.ops", "keras_core.src.ops")
"""Where the operations live that a functional model calls without a layer."""

RENAMED: Final[Mapping[str, str]] = {
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "Custom>CustomScaleLayer": "CustomScaleLayer",
    "SyncBatchNormalization": "BatchNormalization",
}
"""What classes of tf.keras 2 are called in Keras 3."""

FUNCTIONAL: Final = frozenset(("Functional", "Model"))
SEQUENTIAL: Final = "Sequential"
LONGEST_NAME: Final = 256


def invalid(path: Path, detail: str) -> InvalidDocument:
    """One fault as an exception."""
    return InvalidDocument([Fault(path, detail)])


@dataclass(frozen=True, slots=True)
class KerasObject:
    """A layer, model or operation as it stands at `path` in a document.

    `nodes` are its calls, unread; `build_config` is what Keras notes of how it was built.
    """

    path: Path
    class_name: str
    name: str
    config: Mapping[str, Any]
    module: str | None
    registered_name: str | None
    nodes: list[Any]
    build_config: Any

    @property
    def config_path(self) -> Path:
        """Where the parameters stand."""
        return (*self.path, "config")

    @property
    def is_input(self) -> bool:
        """Whether it stands for a tensor that comes from outside."""
        return self.class_name == "InputLayer"

    @property
    def is_functional(self) -> bool:
        """Whether it is a graph of layers, by its class or by what it holds."""
        return self.class_name in FUNCTIONAL or {"layers", "input_layers"} <= self.config.keys()

    @property
    def is_model(self) -> bool:
        """Whether it holds layers of its own."""
        return self.class_name == SEQUENTIAL or self.is_functional

    @property
    def is_operation(self) -> bool:
        """Whether it is an operation of `keras.ops` and not a layer."""
        return (self.module or "").startswith(OPERATION_MODULES)

    @property
    def type_name(self) -> str:
        """The class's name in the vocabulary; a custom class never has one of Keras's own."""
        if (self.module or "").partition(".")[0] in FRAMEWORK_PACKAGES:
            return RENAMED.get(self.class_name, self.class_name)
        if self.registered_name in (None, self.class_name):
            return f"{self.module or '__main__'}.{self.class_name}"
        return str(self.registered_name)


def read_object(value: Any, path: Path) -> KerasObject:
    """A serialized object; what its config and its nodes hold is not looked at.

    Objects of tf.keras 2 have no `module`; their classes are Keras's own.

    Raises:
        InvalidDocument: it is none, or its parts are of wrong kinds.
    """
    needs(value, Mapping, "an object with `class_name` and `config`", path)
    class_name = value.get("class_name")
    needs(class_name, str, "the name of a class", (*path, "class_name"))
    config = value.get("config")
    needs(config, Mapping, f"the parameters of {quote(class_name)}", (*path, "config"))
    name = value.get("name", config.get("name", class_name))
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
        detail = f"a name is a string of 1 to {LONGEST_NAME} characters, got {quote(name)}"
        raise invalid((*path, "name") if "name" in value else (*path, "config", "name"), detail)
    return KerasObject(
        path=path,
        class_name=class_name,
        name=name,
        config=config,
        module=_text(value, "module", "keras", path),
        registered_name=_text(value, "registered_name", None, path),
        nodes=needs(value.get("inbound_nodes", []), list, "a list", (*path, "inbound_nodes")),
        build_config=value.get("build_config"),
    )


def needs(value: Any, kind: type, what: str, path: Path) -> Any:
    """The value, if it is of the kind that the place needs.

    Raises:
        InvalidDocument: it is something else; `what` says what it should be.
    """
    if not isinstance(value, kind):
        raise invalid(path, f"needs {what}, got {quote(value)}")
    return value


def _text(value: Mapping[str, Any], key: str, default: str | None, path: Path) -> str | None:
    text = value.get(key, default)
    return None if text is None else str(needs(text, str, "a string or null", (*path, key)))
