"""One stack of about 50 layers a request, beside a view that does next to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from typing import Final

import orjson

from benchmarks.floor import DETAILS, stacks
from benchmarks.machine import CLIENT_CORE, on_core
from benchmarks.report import Row, at_least, comparison
from benchmarks.server import FLOOR, SERVICE, Server, serving
from benchmarks.turns import least_costs, seconds

CONNECTIONS: Final = 2
"""One request is under way while the answer to another is read."""

PASSES: Final = 4
"""How often each connection sends every stack in one turn."""

SECONDS: Final = 30.0

GOAL: Final = at_least(0.6)

TEXT: Final = (
    "Stacks of about 50 layers that the worker has met before, one to a request, over"
    f" {CONNECTIONS} connections. The floor is a bare Flask view in the same gunicorn that decodes"
    " the same body and encodes the same answer."
)


def main() -> None:
    """Print how many requests a second each can answer."""
    bodies = list(map(orjson.dumps, stacks()))
    with serving(SERVICE) as service, serving(FLOOR) as floor, on_core(CLIENT_CORE):
        contenders = {
            (name, detail): partial(ask, server, f"/v1/infer?detail={detail}", bodies)
            for name, server in (("service", service), ("floor", floor))
            for detail in DETAILS
        }
        costs = least_costs(contenders, SECONDS)
    rows = [_row(detail, costs["service", detail], costs["floor", detail]) for detail in DETAILS]
    print(comparison("One stack a request", TEXT, "requests a second", "the floor", rows))


def _row(detail: str, own: float, floor: float) -> Row:
    return Row(detail, f"{1 / own:,.0f}", f"{1 / floor:,.0f}", floor / own, GOAL)


def ask(server: Server, path: str, bodies: Sequence[bytes]) -> float:
    """Seconds a request while all connections are busy."""
    with ExitStack() as stack, ThreadPoolExecutor(CONNECTIONS) as pool:
        connections = [stack.enter_context(closing(server.connect())) for _ in range(CONNECTIONS)]

        def send(number: int) -> None:
            for _ in range(PASSES):
                for body in bodies:
                    connections[number].post(path, body)

        took = seconds(lambda: list(pool.map(send, range(CONNECTIONS))))
    return took / (CONNECTIONS * PASSES * len(bodies))


if __name__ == "__main__":
    main()
