"""Settings come from the environment, and a wrong one stops the start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shapewright.api.settings import InvalidSettings, Settings, table, with_table

ROOT = Path(__file__).parents[1]


def test_nothing_set_means_the_defaults() -> None:
    assert Settings.from_environ({"PATH": "/bin", "SHAPE": "round"}) == Settings()


def test_what_is_set_is_taken() -> None:
    environ = {
        "SHAPEWRIGHT_BIND": "0.0.0.0:80",
        "SHAPEWRIGHT_MAX_LAYERS": "7",
        "SHAPEWRIGHT_LOG_LEVEL": "debug",
    }
    settings = Settings.from_environ(environ)
    assert (settings.bind, settings.max_layers, settings.log_level) == ("0.0.0.0:80", 7, "debug")
    assert settings.limits.layers == 7


BAD = {
    ("SHAPEWRIGHT_MAX_LAYERS", "many"): "an integer from 1 to",
    ("SHAPEWRIGHT_MAX_LAYERS", "0"): "got '0'",
    ("SHAPEWRIGHT_MAX_LAYERS", "1_0"): "an integer",
    ("SHAPEWRIGHT_MAX_LAYERS", " 7"): "an integer",
    ("SHAPEWRIGHT_MAX_LAYERS", "9" * 30): "an integer",
    ("SHAPEWRIGHT_MAX_LAYERS", ""): "an integer",
    ("SHAPEWRIGHT_LOG_LEVEL", "loud"): "one of debug, info, warning, error",
    ("SHAPEWRIGHT_BIND", "localhost"): "HOST:PORT",
    ("SHAPEWRIGHT_BIND", "localhost:99999"): "HOST:PORT",
    ("SHAPEWRIGHT_MAX_LAYER", "7"): "did you mean SHAPEWRIGHT_MAX_LAYERS?",
    ("SHAPEWRIGHT_", "7"): "is not a setting",
}


@pytest.mark.parametrize(("name", "text"), BAD)
def test_a_bad_one_is_refused(name: str, text: str) -> None:
    with pytest.raises(InvalidSettings, match=f"^the settings are wrong:\n  {name} ") as error:
        Settings.from_environ({name: text})
    assert BAD[name, text] in str(error.value)


def test_all_faults_are_told() -> None:
    with pytest.raises(InvalidSettings) as error:
        Settings.from_environ(dict(list(BAD)))
    assert len(error.value.faults) == len({name for name, _ in BAD})


def test_a_bad_one_stops_the_start() -> None:
    wrong = {"SHAPEWRIGHT_THREADS": "0", "SHAPEWRIGHT_COLOUR": "blue"}
    done = subprocess.run(
        [sys.executable, "-c", "import shapewright.wsgi"],
        env={**wrong, "PYTHONPATH": str(ROOT / "service")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert all(name in done.stderr for name in wrong)


def test_the_table_is_put_between_the_marks() -> None:
    page = "# A\n<!-- settings -->\nold\n<!-- /settings -->\nend\n"
    assert with_table(page) == f"# A\n<!-- settings -->\n{table()}\n<!-- /settings -->\nend\n"


def test_the_readme_holds_the_table() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert table() in readme
    assert with_table(readme) == readme
