"""Several worker processes count together, and go on where one before them stopped."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from shapewright.api.seats import VARIABLE
from tests.running import Service, running_service

NETWORK = {"input_shape": [1, 2], "layers": [{"type": "Flatten"}]}
COUNT = 'shapewright_requests_total{method="POST",route="/v1/infer",status="200"} '


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    folder = tmp_path / "counts"
    folder.mkdir()
    (folder / "counter_1.db").write_bytes(b"of an earlier run")
    with running_service(**{"WEB_CONCURRENCY": "2", VARIABLE: str(folder)}) as service:
        yield service


def ask(service: Service) -> None:
    """One network, over a connection of its own, so that any worker may take it."""
    requests.post(f"{service.url}/v1/infer", json=NETWORK, timeout=10).raise_for_status()


def scraped(service: Service) -> str:
    response = requests.get(f"{service.url}/metrics", timeout=10)
    response.raise_for_status()
    return response.text


def counted(service: Service) -> int:
    """How many networks were answered, as one of the workers says."""
    lines = scraped(service).splitlines()
    return sum(int(float(line.removeprefix(COUNT))) for line in lines if line.startswith(COUNT))


def children(service: Service) -> set[int]:
    process = service.process.pid
    return set(map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()))


def test_any_worker_tells_of_all_and_a_new_one_counts_on(service: Service, tmp_path: Path) -> None:
    for _ in range(20):
        ask(service)
    assert [counted(service) for _ in range(6)] == [20] * 6

    old = children(service)
    for worker in old:
        os.kill(worker, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while len(children(service) - old) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    for _ in range(20):
        ask(service)
    assert [counted(service) for _ in range(6)] == [40] * 6

    files = {file.name for file in (tmp_path / "counts").iterdir()}
    assert {name.rpartition("_")[2] for name in files} <= {"0.db", "1.db", "2.db"}
    assert 'shapewright_memory_entries{memory="layers"}' in scraped(service)


def test_a_directory_that_is_gone_disturbs_nobody(service: Service, tmp_path: Path) -> None:
    ask(service)
    for file in (tmp_path / "counts").iterdir():
        file.unlink()
    (tmp_path / "counts").rmdir()
    for _ in range(10):
        ask(service)
    assert "shapewright_requests_total" in scraped(service)


def test_without_a_directory_one_is_made_and_removed() -> None:
    with running_service() as service:
        ask(service)
        assert counted(service) == 1
        (folder,) = {file.parent for worker in children(service) for file in written_by(worker)}
        assert folder.name.startswith("shapewright-")
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()


def written_by(process: int) -> list[Path]:
    """The files of counts that a process has open."""
    maps = Path(f"/proc/{process}/maps").read_text().splitlines()
    return [Path(line.split()[-1]) for line in maps if line.endswith(".db")]
