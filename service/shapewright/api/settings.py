"""The service's settings, read from `SHAPEWRIGHT_*` variables; nothing else reads the environment.

`python -m shapewright.api.settings` prints the table of them; with the name of a Markdown file it
puts the table between the file's `<!-- settings -->` marks.
"""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from shapewright import memo
from shapewright.formats.options import Limits

PREFIX: Final = "SHAPEWRIGHT_"
MARKS: Final = ("<!-- settings -->", "<!-- /settings -->")

Read = Callable[[str], Any]
"""Turns a variable's text into a value; `None` stands for a text that is not good."""


class InvalidSettings(Exception):
    """Variables that make no settings; `faults` names each of them and what it needs."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(["the settings are wrong:", *(f"  {f}" for f in faults)]))


def _setting(default: Any, doc: str, wanted: str, read: Read) -> Any:
    return field(default=default, metadata={"doc": doc, "wanted": wanted, "read": read})


def _integer(default: int, doc: str, minimum: int, maximum: int) -> Any:
    def read(text: str) -> int | None:
        good = re.fullmatch(r"[0-9]{1,18}", text) and minimum <= int(text) <= maximum
        return int(text) if good else None

    return _setting(default, doc, f"an integer from {minimum} to {maximum}", read)


def _word(default: str, doc: str, *words: str) -> Any:
    wanted = f"one of {', '.join(words)}"
    return _setting(default, doc, wanted, lambda text: text if text in words else None)


def _address(default: str, doc: str) -> Any:
    def read(text: str) -> str | None:
        match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})", text)
        return text if match and int(match[2]) < 2**16 else None

    return _setting(default, doc, "HOST:PORT", read)


def _switch(default: str, doc: str) -> Any:
    return _word(default, doc, "on", "off")


DEFAULTS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be chosen; the defaults are meant for a small server."""

    bind: str = _address("127.0.0.1:8000", "where gunicorn listens")
    threads: int = _integer(4, "requests that one worker process answers at once", 1, 1024)
    timeout_seconds: int = _integer(
        30, "how long a client may stall, a worker hang, and a stopping one finish", 1, 3600
    )
    max_body_bytes: int = _integer(
        64 * 2**20, "the largest request body: a whole `.keras` file", 1024, 2**31 - 1
    )
    max_json_bytes: int = _integer(
        DEFAULTS.json_bytes, "the largest JSON document, in a body or in a file", 1024, 2**31 - 1
    )
    max_layers: int = _integer(DEFAULTS.layers, "layers in one network", 1, 1_000_000)
    max_nesting: int = _integer(DEFAULTS.nesting, "how deep layers and models nest", 1, 64)
    max_rank: int = _integer(DEFAULTS.rank, "axes of one shape", 1, 64)
    memory_entries: int = _integer(
        memo.MOST, "answers that each memory of a worker process keeps; 0 for none", 0, 10_000_000
    )
    convolve: str = _switch("on", "whether `POST /v1/convolve` runs layers on arrays")
    max_convolve_at_once: int = _integer(
        1, "layers that one worker process runs on arrays at once; the next one gets 503", 1, 1024
    )
    max_convolve_input_bytes: int = _integer(
        64 * 2**20, "all arrays that one layer is run on, unpacked", 1, 2**40
    )
    max_convolve_output_bytes: int = _integer(64 * 2**20, "the array that comes out", 1, 2**40)
    max_convolve_multiply_adds: int = _integer(
        2_000_000_000, "multiply-adds of one run; a pool's additions count too", 1, 10**15
    )
    max_convolve_json_numbers: int = _integer(
        1_000_000, "numbers in a JSON answer; the binary forms take more", 1, 10**9
    )
    log_level: str = _word("info", "the least that is logged", "debug", "info", "warning", "error")
    log_format: str = _word("json", "one JSON object a line, or text for people", "json", "text")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """The settings of an environment; what is not set keeps its default.

        Raises:
            InvalidSettings: with every wrong value and every unknown `SHAPEWRIGHT_` name.
        """
        known = {variable(item): item for item in fields(cls)}
        given = {name: text for name, text in environ.items() if name.startswith(PREFIX)}
        values: dict[str, Any] = {}
        faults: list[str] = []
        for name, text in sorted(given.items()):
            if name not in known:
                faults.append(f"{name} is not a setting{_nearest(name)}")
                continue
            metadata = known[name].metadata
            values[known[name].name] = value = metadata["read"](text)
            if value is None:
                faults.append(f"{name} needs {metadata['wanted']}, got {text!r}")
        if faults:
            raise InvalidSettings(faults)
        return cls(**values)

    @classmethod
    def for_oneself(cls) -> Settings:
        """Those of one's own process, where nobody else is to be protected from a long run."""
        return cls(
            max_body_bytes=sys.maxsize,
            max_convolve_at_once=sys.maxsize,
            max_convolve_input_bytes=sys.maxsize,
            max_convolve_output_bytes=sys.maxsize,
            max_convolve_multiply_adds=sys.maxsize,
        )

    @property
    def limits(self) -> Limits:
        """The bounds on documents."""
        return Limits(
            layers=self.max_layers,
            nesting=self.max_nesting,
            rank=self.max_rank,
            json_bytes=self.max_json_bytes,
        )


def variable(item: Field[Any]) -> str:
    """The environment variable of a field."""
    return PREFIX + item.name.upper()


def _nearest(name: str) -> str:
    """A hint at the setting that may have been meant, by what follows the prefix."""
    known = [item.name.upper() for item in fields(Settings)]
    near = difflib.get_close_matches(name.removeprefix(PREFIX), known, n=1)
    return f"; did you mean {PREFIX}{near[0]}?" if near else ""


def from_process() -> Settings:
    """The settings of this process; a wrong one ends it with all faults listed."""
    try:
        return Settings.from_environ(os.environ)
    except InvalidSettings as error:
        sys.exit(f"shapewright cannot start: {error}")


def table() -> str:
    """The settings as a Markdown table."""
    rows = [
        f"| `{variable(item)}` | `{item.default}` | {item.metadata['wanted']} | "
        f"{item.metadata['doc']} |"
        for item in fields(Settings)
    ]
    return "\n".join(["| variable | default | value | what it is |", "| --- " * 4 + "|", *rows])


def with_table(markdown: str) -> str:
    """The text with the table between its marks."""
    start, end = MARKS
    pattern = f"{re.escape(start)}.*?{re.escape(end)}"
    return re.sub(pattern, lambda _: f"{start}\n{table()}\n{end}", markdown, flags=re.DOTALL)


def main(arguments: list[str]) -> None:
    """Print the table, or put it into the files that are named."""
    if not arguments:
        sys.stdout.write(f"{table()}\n")
    for page in map(Path, arguments):
        page.write_text(with_table(page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
