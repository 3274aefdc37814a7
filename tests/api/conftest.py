"""One application and one checked client for all tests of the HTTP face."""

from __future__ import annotations

import pytest

from shapewright.api.app import create_app
from tests.api.checked import CheckedClient


@pytest.fixture(scope="session")
def client() -> CheckedClient:
    return CheckedClient(create_app())
