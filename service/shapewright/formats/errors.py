"""What can be wrong with a document.

DocumentError
├── Unreadable        not JSON, not a known file
├── TooLarge          past a bound that protects the service
└── InvalidDocument   read and understood, but wrong in one place or more
"""

from __future__ import annotations

from collections.abc import Iterable

from shapewright.vocabularies.errors import Fault


class DocumentError(Exception):
    """A document that no network can be made of."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Unreadable(DocumentError):
    """Bytes that are not a document of any known form."""


class TooLarge(DocumentError):
    """A document past one of the service's bounds; the detail names the bound."""


class InvalidDocument(DocumentError):
    """All that is wrong with a document, each fault with its path from the top."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"the document has {len(self.faults)} faults")
