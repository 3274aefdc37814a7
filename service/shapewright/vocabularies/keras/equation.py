"""The einsum equations that Keras reads."""

from __future__ import annotations

import re
from typing import Final

from shapewright.arithmetic.errors import ParameterError
from shapewright.record import record
from shapewright.vocabularies.parameters import MOST_AXES

FORMS: Final = (
    re.compile(r"([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)"),
    re.compile(r"\.\.\.([a-zA-Z]+),([a-zA-Z]+)->\.\.\.([a-zA-Z]+)"),
    re.compile(r"([a-zA-Z]{2,})\.\.\.,([a-zA-Z]+)->([a-zA-Z]+)\.\.\."),
)


@record
class Equation:
    """The letters of the input, the kernel and the result.

    Dots stand for axes without letters, `leading` ones or `trailing` ones.
    """

    letters: str
    kernel: str
    result: str
    leading: bool
    trailing: bool

    @classmethod
    def read(cls, text: str) -> Equation:
        """Take an equation apart.

        Raises:
            ParameterError: it has none of the forms, or a letter in it leads nowhere.
        """
        found = next((match for form in FORMS if (match := form.fullmatch(text))), None)
        if found is None:
            raise ParameterError(
                "needs a form such as 'ab,bc->ac', '...b,bc->...c' or 'ab...,bc->ac...', "
                f"got {text[:80]!r}",
                "equation",
            )
        letters, kernel, result = found.groups()
        longest = max(map(len, found.groups()))
        if longest > MOST_AXES:
            raise ParameterError(f"names {longest} axes, at most {MOST_AXES}", "equation")
        if len(set(result)) < len(result):
            raise ParameterError(f"the result `{result}` has a letter twice", "equation")
        _check("result", result, letters + kernel)
        _check("kernel", kernel, letters + result)
        return cls(letters, kernel, result, text.startswith("..."), text.endswith("..."))


def _check(term: str, letters: str, others: str) -> None:
    if lost := "".join(sorted(set(letters) - set(others))):
        raise ParameterError(
            f"the {term} `{letters}` has `{lost}`, which stands nowhere else", "equation"
        )
