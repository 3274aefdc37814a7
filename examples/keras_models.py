"""Keras models side by side: what they cost, what they see, and where their padding is lopsided.

    python examples/keras_models.py http://localhost:8000 examples/models/*.json
    python examples/keras_models.py --local examples/models/*.json

Keras is not needed for what `model.to_json()` has written to a file. A program that has the models
themselves gives them as they are: `show(client, {"mine": model})`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from shapewright.client import Client, InvalidNetwork, Layer, Report, local

ROW = "{:<16}{:>12}{:>16}  {:<10}{}"


def show(client: Client, models: Mapping[str, Any]) -> None:
    """Print a row for each model, and beneath them the layers that pad one side more."""
    padded: list[str] = []
    print(ROW.format("model", "params", "macs", "sees", "output"))
    for name, model in models.items():
        try:
            report = client.infer(model if isinstance(model, Path) else model.to_json())
        except InvalidNetwork as problem:
            print(f"{name}: {problem.detail}")
            continue
        print(row(name, report))
        padded += [f"  {name}: {told}" for told in lopsided(report)]
    if padded:
        print(
            "\nPadded more at one end; where PyTorch would add the same to both, its grid differs:"
        )
        print("\n".join(padded))


def row(name: str, report: Report) -> str:
    """What a model costs, what its last layer sees that does not see everything, what it makes."""
    sees = [size for layer in every(report.layers) for size in sizes(layer)]
    return ROW.format(
        name,
        count(report.totals.params),
        count(report.totals.macs),
        sees[-1] if sees else "all",
        ", ".join(str(list(output.shape)).replace("None", "?") for output in report.outputs),
    )


def lopsided(report: Report) -> Iterator[str]:
    """The layers that pad one end more, with the elements before and after for each axis."""
    for layer in every(report.layers):
        if layer.window and layer.window.padding.symmetric is False:
            padding = layer.window.padding
            sides = zip(padding.before, padding.after, strict=True)
            yield f"{layer.name} " + ", ".join(f"{before}+{after}" for before, after in sides)


def every(layers: Iterable[Layer]) -> Iterator[Layer]:
    """The layers and, after each model among them, its own."""
    for layer in layers:
        yield layer
        yield from every(layer.layers)


def sizes(layer: Layer) -> Iterator[str]:
    """How much of each input one output of the layer sees, where that is not all."""
    field = layer.receptive_field or {}
    for seen in [field] if "size" in field else field.values():
        if isinstance(seen, Mapping) and "size" in seen:
            yield "x".join(map(str, seen["size"]))


def count(number: int | None) -> str:
    """A count; one with an unknown size in it is not known."""
    return "?" if number is None else f"{number:,}"


def main(arguments: list[str] | None = None) -> None:
    """Compare the models in files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("places", nargs="+", metavar="URL or FILE")
    parser.add_argument("--local", action="store_true", help="without a server: only files follow")
    options = parser.parse_args(arguments)
    url, *files = ["", *options.places] if options.local else options.places
    with local() if options.local else Client(url) as client:
        show(client, {file.stem: file for file in map(Path, files)})


if __name__ == "__main__":
    main()
