"""What the package shows, and what it needs."""

from __future__ import annotations

import inspect
import subprocess
import sys
from types import ModuleType

from shapewright import client

HEAVY = {
    *("flask", "werkzeug", "marshmallow", "numpy", "orjson", "apispec", "yaml", "gunicorn"),
    "prometheus_client",
}


def loaded_by(statement: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after a statement, and not before."""
    program = (
        f"import sys; before = set(sys.modules); {statement}; "
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_public_names_are_sorted_and_all_there() -> None:
    shown = {
        name
        for name, value in vars(client).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert client.__all__ == sorted(shown)


def test_every_public_name_says_what_it_is() -> None:
    assert [name for name in client.__all__ if not inspect.getdoc(getattr(client, name))] == []


def test_the_client_loads_nothing_of_the_service() -> None:
    loaded = loaded_by("import shapewright.client")
    assert "requests" in loaded
    assert loaded & HEAVY == set()
    rooms = {module.split(".")[1] for module in loaded if module.startswith("shapewright.")}
    assert rooms == {"client"}


def test_the_engine_comes_with_the_first_local_client() -> None:
    loaded = loaded_by("import shapewright.client; shapewright.client.local()")
    assert {"flask", "shapewright.api.app"} <= loaded
