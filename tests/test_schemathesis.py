"""schemathesis attacks the running service by its own document, with all checks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.running import ROOT, running_service

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
ARGUMENTS = (
    "--checks=all",
    "--max-examples=30",
    "--max-response-time=5",
    "--request-timeout=20",
    "--generation-database=none",
    "--no-color",
)

EXPECTED = {200, 204, 400, 404, 405, 406, 413, 415, 422}


def test_no_check_fails() -> None:
    with running_service() as service:
        done = subprocess.run(
            [SCHEMATHESIS, "run", f"{service.url}/openapi.json", *ARGUMENTS],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-5_000:]
    assert {line["status"] for line in service.lines if line["event"] == "request"} <= EXPECTED
