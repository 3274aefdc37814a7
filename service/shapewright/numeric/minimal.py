"""Two outputs side by side, by one product more than there are taps instead of twice as many.

S. Winograd's minimal filtering F(2, r), from Arithmetic Complexity of Computations, 1980. With the
weights g, and the data d that the windows of both outputs y span:

    two taps                   three taps

    m0 = (d0 - d1) g0          m0 = (d0 - d2) g0
    m1 = d1 (g0 + g1)          m1 = (d1 + d2) (g0 + g1 + g2) / 2
    m2 = (d1 - d2) g1          m2 = (d2 - d1) (g0 - g1 + g2) / 2
                               m3 = (d1 - d3) g2

    y0 = m0 + m1               y0 = m0 + m1 + m2
    y1 = m1 - m2               y1 = m1 - m2 - m3

An output is still made only of what its own window stands on, and small whole numbers stay whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np

from shapewright.numeric.blocks import Array

OUTPUTS: Final = 2


class Filter(NamedTuple):
    """A filter of so many taps. Each of its functions reads one array, and writes the other.

    `weigh`: weights (taps, ...) to factors of the products (products, ...);
    `spread`: data (pairs * 2 + taps - 1, ...) to their other factors (products, pairs, ...);
    `collect`: products, which are lost, to outputs (pairs * 2, ...), the last of which may lack.
    """

    taps: int
    weigh: Callable[[Array, Array], None]
    spread: Callable[[Array, Array], None]
    collect: Callable[[Array, Array], None]

    @property
    def products(self) -> int:
        """How many there are for a pair of outputs; m1 is added to both."""
        return self.taps + OUTPUTS - 1


def _weigh_two(weights: Array, out: Array) -> None:
    out[0], out[2] = weights
    np.add(out[0], out[2], out=out[1])


def _spread_two(data: Array, out: Array) -> None:
    first, second, third = data[:-1:2], data[1::2], data[2::2]
    np.subtract(first, second, out=out[0])
    out[1] = second
    np.subtract(second, third, out=out[2])


def _collect_two(products: Array, out: Array) -> None:
    even, odd = out[::2], out[1::2]
    first, second, third = products
    np.add(first, second, out=even)
    np.subtract(second[: len(odd)], third[: len(odd)], out=odd)


def _weigh_three(weights: Array, out: Array) -> None:
    out[0], out[2], out[3] = weights
    np.add(out[0], out[3], out=out[1])
    out[1] += out[2]
    out[1] *= out.dtype.type(0.5)
    np.subtract(out[1], out[2], out=out[2])


def _spread_three(data: Array, out: Array) -> None:
    first, second, third, fourth = data[:-2:2], data[1:-2:2], data[2::2], data[3::2]
    np.subtract(first, third, out=out[0])
    np.add(second, third, out=out[1])
    np.subtract(third, second, out=out[2])
    np.subtract(second, fourth, out=out[3])


def _collect_three(products: Array, out: Array) -> None:
    even, odd = out[::2], out[1::2]
    first, second, third, fourth = products
    first += second
    second -= third
    np.add(first, third, out=even)
    np.subtract(second[: len(odd)], fourth[: len(odd)], out=odd)


FILTERS: Final[Mapping[int, Filter]] = {
    2: Filter(2, _weigh_two, _spread_two, _collect_two),
    3: Filter(3, _weigh_three, _spread_three, _collect_three),
}
"""By taps."""
