"""One layer and the shapes of its arrays to a network of that layer alone.

What arrays tell may be left out, and what is said must be what they tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from marshmallow import ValidationError

from shapewright.arithmetic.dimension import Shape, show
from shapewright.formats.errors import InvalidDocument, Unreadable
from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.network.network import Network
from shapewright.operations.base import Note
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.errors import Fault
from shapewright.vocabularies.frameworks import VOCABULARIES
from shapewright.vocabularies.parameters import quote

LAYER: Final = "layer"
INPUT: Final = "input"
"""Where the layer and its input stand in the document; other arrays stand under their own names."""

AFTERWARDS: Final = "activation"
"""What follows the window in a layer, under this name wherever there is such a parameter."""

Shapes = Mapping[str, tuple[int, ...]]
"""By the names of the arrays."""


@dataclass(frozen=True, slots=True)
class LoneLayer:
    """A network of one layer, and what is left out of that layer."""

    network: Network
    notes: tuple[Note, ...] = ()


def read_layer(layer: Any, shapes: Shapes, options: Options) -> LoneLayer:
    """The layer, which stands as in a stack with its `framework`, on an input of this shape.

    An activation is checked, but left out.

    Raises:
        InvalidDocument: with every fault of the layer, and of arrays that do not tell what it says.
    """
    if not isinstance(layer, Mapping):
        raise InvalidDocument([Fault((LAYER,), f"needs a layer with a `type`, got {quote(layer)}")])
    try:
        network = _read(layer, shapes, options)
        activation = layer.get(AFTERWARDS)
        if activation in (None, "linear"):
            return LoneLayer(network)
        bare = {name: value for name, value in layer.items() if name != AFTERWARDS}
        message = f"the window alone is run: {quote(activation)} is not applied to what it makes"
        return LoneLayer(_read(bare, shapes, options), (Note("activation_left_out", message),))
    except RecursionError:
        raise Unreadable("the layer nests too deep") from None


def _read(layer: Mapping[str, Any], shapes: Shapes, options: Options) -> Network:
    given = {name: value for name, value in layer.items() if name != "framework"}
    framework = {"framework": layer["framework"]} if "framework" in layer else {}
    kind = _kind(framework.get("framework", "keras"), given.get("type"))
    told = _told(kind, given, shapes) if kind else {}
    stack = {
        **framework,
        "input_shape": list(_shape(shapes, INPUT)),
        "layers": [{**told, **given}],
    }
    try:
        network = read_stack(stack, options)
    except InvalidDocument as error:
        unsaid = told.keys() - given.keys()
        parts = {name: kind.told[name].part for name in unsaid} if kind else {}
        raise InvalidDocument(_placed(fault, parts) for fault in error.faults) from None
    return replace(network, source=LAYER, paths=[(LAYER,)])


def _kind(framework: Any, name: Any) -> LayerType | None:
    """The layer type, if there is one."""
    known = isinstance(framework, str) and isinstance(name, str) and framework in VOCABULARIES
    return VOCABULARIES[framework].find(name) if known else None


def _told(kind: LayerType, given: Mapping[str, Any], shapes: Shapes) -> dict[str, Any]:
    """The parameters that the arrays tell.

    Raises:
        InvalidDocument: an array is missing, has other axes, or tells what is not said.
    """
    parts = {told.part: told.ranks for told in kind.told.values()}
    faults = [
        Fault((part,), f"{kind.name} needs {part} with {_counts(ranks)} axes, got {show(shape)}")
        for part, ranks in parts.items()
        if len(shape := _shape(shapes, part)) not in ranks
    ]
    if faults:
        raise InvalidDocument(faults)
    told = {name: item.value(shapes[item.part], given) for name, item in kind.told.items()}
    faults = list(_disagreements(kind, given, told, shapes))
    if faults:
        raise InvalidDocument(faults)
    return told


def _shape(shapes: Shapes, part: str) -> Shape:
    if part not in shapes:
        raise InvalidDocument([Fault((part,), f"the layer needs an array `{part}`, got none")])
    return shapes[part]


def _disagreements(
    kind: LayerType, given: Mapping[str, Any], told: Mapping[str, Any], shapes: Shapes
) -> Iterator[Fault]:
    """Where a parameter says one thing and the array another; bad values are found elsewhere."""
    for name in told.keys() & given.keys():
        try:
            said, heard = map(kind.parameters[name].deserialize, (given[name], told[name]))
        except ValidationError:
            continue
        if said != heard:
            part = kind.told[name].part
            detail = f"says {quote(given[name])}, but {part} {show(shapes[part])} has {told[name]}"
            yield Fault((LAYER, name), detail)


def _counts(ranks: tuple[int, ...]) -> str:
    return " or ".join(map(str, ranks))


def _placed(fault: Fault, parts: Mapping[str, str]) -> Fault:
    """A fault of the stack where it stands here: what an array told is that array's fault."""
    match fault.path:
        case ("layers", 0, str(name), *_) if name in parts:
            return Fault((parts[name],), f"tells `{name}`, which {fault.detail}")
        case ("layers", 0, *rest):
            return Fault((LAYER, *rest), fault.detail)
        case ("input_shape", *_):
            return Fault((INPUT,), fault.detail)
        case path:
            return Fault((LAYER, *path), fault.detail)
