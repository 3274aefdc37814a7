"""Receptive fields, borders and places of random small graphs, against windows laid one by one.

The oracle here knows nothing of the code under test: it builds a graph and, beside each layer, a
function that says which positions of its inputs one output position reads.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pytest

from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.network.places import LookAhead, LookBack
from shapewright.network.propagate import infer
from shapewright.network.report import Entry

Reads = Callable[[int], set[int]]


@dataclass
class Tensor:
    """A layer's output: its length, and what one position of it reads of each input tensor."""

    name: str
    length: int
    channels: int
    reads: list[tuple[str, Reads]] = field(default_factory=list)


class Graph:
    """A random stack on one spatial axis, grown layer by layer beside its oracle."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        length = self.random.randint(12, 40)
        self.tensors = {"input": Tensor("input", length, 2)}
        self.layers: list[dict[str, Any]] = []
        self.shape = [None, length, 2]
        for _ in range(self.random.randint(1, 9)):
            self.grow()

    def grow(self) -> None:
        kinds = [self.window, self.window, self.pool, self.pad, self.crop, self.repeat, self.spread]
        source = self.random.choice(list(self.tensors.values())[-3:])
        twins = [t for t in self.tensors.values() if t.length == source.length and t != source]
        if twins and self.random.random() < 0.4:
            self.merge(source, self.random.choice(twins))
        else:
            self.random.choice(kinds)(source)

    def add(self, length: int, channels: int, reads: list[tuple[str, Reads]], **layer: Any) -> None:
        name = f"layer_{len(self.layers)}"
        inputs = [source for source, _ in reads]
        self.layers.append({"name": name, "inputs": inputs, **layer})
        self.tensors[name] = Tensor(name, length, channels, reads)

    def lay(self, source: Tensor, kernel: int, **layer: Any) -> None:
        """A window, its padding found by the definition and its positions by counting."""
        stride, dilation = layer["strides"], layer.get("dilation_rate", 1)
        span = dilation * (kernel - 1) + 1
        before, outputs = 0, 0
        if layer["padding"] == "valid":
            while outputs * stride + span <= source.length:
                outputs += 1
        else:
            while outputs * stride < source.length:
                outputs += 1
            if layer["padding"] == "causal":
                before = span - 1
            else:
                before = max((outputs - 1) * stride + span - source.length, 0) // 2
        if outputs:
            reads = lambda i: {i * stride - before + tap * dilation for tap in range(kernel)}  # noqa: E731
            channels = layer.get("filters", source.channels)
            self.add(outputs, channels, [(source.name, reads)], **layer)

    def window(self, source: Tensor) -> None:
        kernel, stride = self.random.randint(1, 5), self.random.choice([1, 1, 2, 3])
        dilation = 1 if stride > 1 else self.random.choice([1, 1, 2, 3])
        padding = self.random.choice(["valid", "same", "same", "causal"])
        self.lay(
            source,
            kernel,
            type="Conv1D",
            filters=2,
            kernel_size=kernel,
            strides=stride,
            dilation_rate=dilation,
            padding=padding,
        )

    def pool(self, source: Tensor) -> None:
        kernel, stride = self.random.randint(1, 4), self.random.randint(1, 3)
        padding = self.random.choice(["valid", "same"])
        kind = self.random.choice(["MaxPooling1D", "AveragePooling1D"])
        self.lay(source, kernel, type=kind, pool_size=kernel, strides=stride, padding=padding)

    def pad(self, source: Tensor) -> None:
        before, after = self.random.randint(0, 3), self.random.randint(0, 3)
        length = source.length + before + after
        reads = [(source.name, lambda i: {i - before})]
        self.add(length, source.channels, reads, type="ZeroPadding1D", padding=[before, after])

    def crop(self, source: Tensor) -> None:
        before, after = self.random.randint(0, 2), self.random.randint(0, 2)
        length = source.length - before - after
        if length > 0:
            reads = [(source.name, lambda i: {i + before})]
            self.add(length, source.channels, reads, type="Cropping1D", cropping=[before, after])

    def repeat(self, source: Tensor) -> None:
        factor = self.random.randint(2, 3)
        if source.length * factor < 200:
            reads = [(source.name, lambda i: {i // factor})]
            self.add(
                source.length * factor, source.channels, reads, type="UpSampling1D", size=factor
            )

    def spread(self, source: Tensor) -> None:
        """A transposed window, its kernel at least its stride so that no output is empty."""
        stride = self.random.randint(1, 3)
        kernel = stride + self.random.randint(0, 2)
        padding = self.random.choice(["valid", "same"])
        cut = (kernel - stride) // 2 if padding == "same" else 0
        full = (source.length - 1) * stride + kernel
        length = source.length * stride if padding == "same" else full
        if length > 200:
            return

        def reads(output: int) -> set[int]:
            places = ((output + cut - tap, tap) for tap in range(kernel))
            return {place // stride for place, _ in places if place % stride == 0}

        self.add(
            length,
            2,
            [(source.name, reads)],
            type="Conv1DTranspose",
            filters=2,
            kernel_size=kernel,
            strides=stride,
            padding=padding,
        )

    def merge(self, one: Tensor, other: Tensor) -> None:
        same: Reads = lambda i: {i}  # noqa: E731
        kind = self.random.choice(["Add", "Concatenate"])
        if kind == "Add" and one.channels != other.channels:
            kind = "Concatenate"
        channels = one.channels if kind == "Add" else one.channels + other.channels
        self.add(one.length, channels, [(one.name, same), (other.name, same)], type=kind)

    def document(self) -> dict[str, Any]:
        return {"input_shape": self.shape, "layers": self.layers}

    def sees(self, name: str, positions: set[int], *, clipped: bool) -> set[int]:
        """The input positions that some output positions see, walked back one by one."""
        tensor = self.tensors[name]
        if clipped:
            positions = {p for p in positions if 0 <= p < tensor.length}
        if name == "input":
            return positions
        seen: set[int] = set()
        for source, reads in tensor.reads:
            read = {index for position in positions for index in reads(position)}
            seen |= self.sees(source, read, clipped=clipped)
        return seen


GRAPHS = [graph for seed in range(400) if (graph := Graph(seed)).layers]


def located(graph: Graph, name: str, index: int) -> LookBack | LookAhead:
    found = infer(read_stack(graph.document(), Options()), (name, (index,))).located
    assert found is not None
    return found


def hull(indices: set[int]) -> tuple[int, int]:
    return min(indices), max(indices)


def only_axis(entry: Entry) -> Any:
    assert entry.receptive_field is not None
    ((axis,),) = entry.receptive_field.values()
    return axis


@pytest.mark.parametrize("group", range(8))
def test_receptive_fields_are_what_walking_back_finds(group: int) -> None:
    for graph in GRAPHS[group::8]:
        for entry in infer(read_stack(graph.document(), Options())).layers:
            tensor = graph.tensors[entry.name]
            axis = only_axis(entry)
            seen = [graph.sees(entry.name, {i}, clipped=False) for i in range(tensor.length)]
            sizes = [high - low + 1 for low, high in map(hull, seen)]
            if not axis.aligned and axis.stride is None:
                assert axis.size == max(sizes)
                continue
            assert axis.start == min(seen[0])
            period = axis.stride.denominator
            longer = range(tensor.length, tensor.length + 4 * period + 36)
            hulls = [hull(graph.sees(entry.name, {i}, clipped=False)) for i in longer]
            sizes += [high - low + 1 for low, high in hulls]
            assert axis.size == max(sizes), entry.name
            assert axis.exact == (len(set(sizes)) == 1), entry.name
            ahead = graph.sees(entry.name, {36 * period}, clipped=False)
            assert min(ahead) - min(seen[0]) == axis.stride * 36 * period


@pytest.mark.parametrize("group", range(8))
def test_an_output_position_sees_its_region(group: int) -> None:
    for graph in GRAPHS[group::8]:
        for name in {layer["name"] for layer in graph.layers[-3:]}:
            length = graph.tensors[name].length
            for index in {0, length // 2, length - 1}:
                found = located(graph, name, index)
                assert isinstance(found, LookBack)
                region = found.sees["input"]
                low, high = hull(graph.sees(name, {index}, clipped=False))
                assert region.unclipped == ((low, high),)
                inside = range(max(low, 0), min(high, graph.tensors["input"].length - 1) + 1)
                assert region.clipped == (((inside[0], inside[-1]) if inside else ()),)


@pytest.mark.parametrize("group", range(4))
def test_an_input_position_reaches_its_outputs(group: int) -> None:
    for graph in GRAPHS[group::8]:
        index = graph.tensors["input"].length // 2
        found = located(graph, "input", index)
        assert isinstance(found, LookAhead)
        for reached in found.reaches:
            tensor = graph.tensors[reached.layer]
            holding = set()
            for output in range(tensor.length):
                low, high = hull(graph.sees(reached.layer, {output}, clipped=False))
                if low <= index <= high:
                    holding.add(output)
            assert reached.outputs == ((hull(holding) if holding else ()),)


@pytest.mark.parametrize("group", range(4))
def test_borders_are_what_laying_each_window_finds(group: int) -> None:
    for graph in GRAPHS[group::8]:
        for entry in infer(read_stack(graph.document(), Options())).layers:
            if entry.window is None or entry.window.transposed or entry.visibility is None:
                continue
            ((source, reads),) = graph.tensors[entry.name].reads
            size, outputs = graph.tensors[source].length, graph.tensors[entry.name].length
            (axis,) = entry.visibility.axes
            inside = [sorted(i for i in reads(o) if 0 <= i < size) for o in range(outputs)]
            assert axis.runs is not None
            for run in axis.runs:
                for output in range(run.first, run.last + 1):
                    taps = sorted(reads(output))
                    seen = run.taps and taps[run.taps[0] : run.taps[1] + 1]
                    assert (seen or []) == inside[output]
            assert axis.total == sum(map(len, inside))
            assert axis.unread == size - len(set().union(*map(set, inside)))


def test_the_graphs_are_worth_it() -> None:
    """Merges, misaligned ones among them, fractions and many kinds all occur."""
    kinds = {layer["type"] for graph in GRAPHS for layer in graph.layers}
    assert kinds >= {"Add", "Concatenate", "UpSampling1D", "Conv1DTranspose", "Cropping1D"}
    axes = [
        only_axis(entry)
        for graph in GRAPHS[:100]
        for entry in infer(read_stack(graph.document(), Options())).layers
    ]
    assert any(not axis.aligned for axis in axes)
    assert any(axis.stride is not None and axis.stride < Fraction(1) for axis in axes)
