"""The arrays of a call, checked one by one before they meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shapewright.arithmetic.dimension import show
from shapewright.numeric.blocks import Array
from shapewright.numeric.dtypes import DType, is_accepted, sums_of
from shapewright.numeric.errors import ArrayMismatch
from shapewright.numeric.kernels import Kernel, KernelLayout, kernel


@dataclass(frozen=True, slots=True)
class Given:
    """Arrays by the name of their part, and how the kernels among them are laid out."""

    arrays: Mapping[str, Array]
    layout: KernelLayout

    def only(self, *kernels: str) -> None:
        """Insist on an input and these kernels; a bias may be there where a kernel is.

        Raises:
            ArrayMismatch: one is missing, one is too many, or one does not hold numbers.
        """
        needed = ("input", *kernels)
        taken = (*needed, "bias") if kernels else needed
        for part in needed:
            if part not in self.arrays:
                raise ArrayMismatch(f"the layer needs {_listed(needed)}, got no {part}", part)
        for part, array in self.arrays.items():
            if part not in taken:
                raise ArrayMismatch(f"the layer takes {_listed(taken)}, got also {part}", part)
            if not is_accepted(array.dtype):
                raise ArrayMismatch(f"the {part} must hold numbers, got {array.dtype}", part)

    @property
    def input(self) -> Array:
        """What the layer is called on.

        Raises:
            ArrayMismatch: it is missing.
        """
        if "input" not in self.arrays:
            raise ArrayMismatch("the layer needs an input", "input")
        return self.arrays["input"]

    @property
    def result(self) -> DType:
        """The type that numbers of all arrays have together."""
        return np.result_type(*(array.dtype for array in self.arrays.values()))

    @property
    def sums(self) -> DType:
        """The type in which they are multiplied and added."""
        return sums_of(self.result)

    @property
    def is_exact(self) -> bool:
        """Whether sums have the type of the result."""
        return self.sums == self.result

    def kernel(
        self,
        taps: tuple[int, ...],
        groups: int,
        mixed: int,
        split: int,
        *,
        part: str = "kernel",
        depthwise: bool = False,
    ) -> Kernel:
        """The part as a kernel of these sizes.

        Raises:
            ArrayMismatch: it has another shape.
        """
        sizes = (taps, groups, mixed, split)
        wanted = self.layout.shape(*sizes, depthwise=depthwise)
        self._expect(part, wanted)
        return kernel(self.arrays[part], self.layout, *sizes)

    def bias(self, groups: int, channels: int) -> Array | None:
        """The bias as (groups, channels of each), if there is one.

        Raises:
            ArrayMismatch: it has another shape.
        """
        if "bias" not in self.arrays:
            return None
        self._expect("bias", (groups * channels,))
        return self.arrays["bias"].reshape(groups, channels)

    def _expect(self, part: str, wanted: tuple[int, ...]) -> None:
        shape = self.arrays[part].shape
        if shape != wanted:
            raise ArrayMismatch(
                f"the layer needs a {part} of shape {show(wanted)}, got {show(shape)}", part
            )


def _listed(parts: tuple[str, ...]) -> str:
    return ", ".join(parts)
