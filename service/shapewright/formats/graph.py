"""Named calls in any order to a network in which each comes after what it reads."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from shapewright.formats.errors import InvalidDocument
from shapewright.network.network import Input, Network, Node, Ref
from shapewright.operations.base import Operation
from shapewright.paths import Path, pointer
from shapewright.vocabularies.errors import Fault

Key: TypeAlias = Hashable
Source: TypeAlias = tuple[Key, int]
"""A producer's key and the number of its output."""


@dataclass(frozen=True, slots=True)
class PendingInput:
    """A network input under the key by which calls refer to it."""

    key: Key
    input: Input


@dataclass(frozen=True, slots=True)
class PendingCall:
    """A call whose sources are keys still, as it stands in a document at `path`."""

    key: Key
    name: str
    type: str
    operation: Operation
    sources: tuple[Source, ...]
    layer: int
    path: Path
    spelling: Mapping[str, str] = field(default_factory=dict)


def assemble(
    framework: str,
    source: str,
    inputs: Sequence[PendingInput],
    calls: Sequence[PendingCall],
    outputs: Sequence[Source] | None,
) -> Network:
    """Put the calls in order; `outputs` default to what nobody reads.

    The given order is kept as far as the data allows.

    Raises:
        InvalidDocument: calls wait for each other in a circle.
    """
    ordered = _in_order(inputs, calls)
    keys = [pending.key for pending in inputs] + [call.key for call in ordered]
    number = {key: index for index, key in enumerate(keys)}
    nodes = tuple(
        Node(
            name=call.name,
            type=call.type,
            operation=call.operation,
            inputs=tuple(Ref(number[key], output) for key, output in call.sources),
            layer=call.layer,
            place=pointer(call.path),
            spelling=call.spelling,
        )
        for call in ordered
    )
    if outputs is None:
        read = {key for call in calls for key, _ in call.sources}
        outputs = [(key, 0) for key in keys[len(inputs) if calls else 0 :] if key not in read]
    return Network(
        framework=framework,
        source=source,
        inputs=tuple(pending.input for pending in inputs),
        nodes=nodes,
        outputs=tuple(Ref(number[key], output) for key, output in outputs),
    )


def _in_order(inputs: Sequence[PendingInput], calls: Sequence[PendingCall]) -> list[PendingCall]:
    by_key = {call.key: call for call in calls}
    done = {pending.key for pending in inputs}
    ordered: list[PendingCall] = []
    for start in calls:
        waiting, on_path = [start], set()
        while waiting:
            call = waiting[-1]
            if call.key in done:
                waiting.pop()
                continue
            missing = [key for key, _ in call.sources if key not in done]
            if not missing:
                done.add(call.key)
                ordered.append(call)
                waiting.pop()
            elif call.key in on_path:
                detail = f"`{call.name}` reads its own output, by way of other layers or directly"
                raise InvalidDocument([Fault(call.path, detail)])
            else:
                on_path.add(call.key)
                waiting.extend(by_key[key] for key in reversed(missing))
    return ordered
