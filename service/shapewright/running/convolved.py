"""What came out of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shapewright.network.report import Entry, Report
from shapewright.numeric.blocks import Array
from shapewright.numeric.npz import write_npz
from shapewright.numeric.sampling import Samples
from shapewright.render.entry import entry_dict
from shapewright.render.wire import encode


@dataclass(frozen=True, slots=True)
class Convolved:
    """What came out, and the report, which was written before."""

    output: Array
    report: Report
    mask: Array | None
    impulse: tuple[Samples, ...] | None

    @property
    def entry(self) -> Entry:
        """What the report says of the layer."""
        return self.report.layers[0]

    @property
    def shape_agrees(self) -> bool:
        """Whether the computed shape is the one that the entry predicts."""
        return self.output.shape == self.entry.output_shapes[0]

    @property
    def arrays(self) -> dict[str, Array]:
        """What is an array of all this."""
        return {"output": self.output, **({} if self.mask is None else {"mask": self.mask})}

    @property
    def told(self) -> dict[str, Any]:
        """What is said of them."""
        impulse = {} if self.impulse is None else {"impulse": self.impulse}
        return {"layer": entry_dict(self.entry), "shape_agrees": self.shape_agrees, **impulse}

    @property
    def archive(self) -> bytes:
        """All of it as an `.npz` file."""
        return write_npz({**self.arrays, "report": encode(self.told).decode()})
