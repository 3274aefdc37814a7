"""A stack of 10,000 layers beside a hundred stacks of 100."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import Final

import orjson

from benchmarks.machine import CLIENT_CORE, on_core
from benchmarks.networks import chain
from benchmarks.report import Row, at_most, comparison, microseconds
from benchmarks.server import NDJSON, Server, serving
from benchmarks.turns import least_costs, seconds

LONG: Final = 10_000
SHORT: Final = 100

SECONDS: Final = 20.0

DETAILS: Final = ("summary", "full")

GOAL: Final = at_most(1.2)

TEXT: Final = (
    f"Chains of inverted residuals, {LONG:,} layers to a request: in one stack, or in stacks of"
    f" {SHORT}."
)


def main() -> None:
    """Print what a layer costs in each."""
    bodies = {length: _body(length) for length in (LONG, SHORT)}
    with serving() as server, on_core(CLIENT_CORE):
        costs = least_costs(
            {
                (detail, length): partial(ask, server, detail, body)
                for detail in DETAILS
                for length, body in bodies.items()
            },
            SECONDS,
        )
    rows = [_row(detail, costs[detail, LONG], costs[detail, SHORT]) for detail in DETAILS]
    print(comparison("Long stacks", TEXT, f"a layer of {LONG:,}", f"a layer of {SHORT}", rows))


def _row(detail: str, long: float, short: float) -> Row:
    return Row(detail, microseconds(long), microseconds(short), long / short, GOAL)


def _body(length: int) -> bytes:
    return b"\n".join([orjson.dumps(chain(length))] * (LONG // length))


def ask(server: Server, detail: str, body: bytes) -> float:
    """Seconds a layer."""
    with closing(server.connect()) as connection:
        path = f"/v1/infer/batch?detail={detail}"
        return seconds(lambda: connection.post(path, body, NDJSON)) / LONG


if __name__ == "__main__":
    main()
