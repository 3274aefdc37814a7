"""Arrays as nested lists, as they come in JSON and go out in it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shapewright.numeric.errors import ArrayTooLarge, UnreadableArray
from shapewright.numeric.lists import as_lists, read_lists

LIMIT = 1 << 16


@pytest.mark.parametrize(
    ("lists", "dtype", "expected"),
    [
        ([[1, 2], [3, 4]], None, np.array([[1, 2], [3, 4]], np.int64)),
        ([1, 2.5], None, np.array([1, 2.5], np.float64)),
        ([2**64 - 1], None, np.array([2**64 - 1], np.uint64)),
        (7, None, np.array(7)),
        ([], None, np.zeros(0)),
        ([[], []], "int8", np.zeros((2, 0), np.int8)),
        ([[], []], "complex64", np.zeros((2, 0), np.complex64)),
        ([1, 2], "float16", np.array([1, 2], np.float16)),
        ([-128, 127], "int8", np.array([-128, 127], np.int8)),
        ([[1, 2], [3, 4.5]], "complex64", np.array([1 + 2j, 3 + 4.5j], np.complex64)),
        ([1, 2], "complex128", np.array(1 + 2j)),
    ],
)
def test_regular_lists_are_arrays(lists: Any, dtype: str | None, expected: Any) -> None:
    """Of the type that numpy gives, or of the one that is asked for."""
    result = read_lists(lists, "input", LIMIT, dtype)
    assert result.dtype == expected.dtype
    assert result.shape == expected.shape
    np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize(
    ("lists", "dtype", "message"),
    [
        ([[1, 2], [3]], None, r"in level 2 the lengths are \[1, 2\]"),
        ([[1], 2], None, r"in level 2 the lengths are \[-1, 1\]"),
        ([1, [2]], None, "must hold numbers only"),
        ([[[[[[[[[1]]]]]]]]], None, "at most 8 levels"),
        (["1"], None, "must hold numbers only"),
        ([True], None, "must hold numbers only"),
        ([None, 1.0], None, "must hold numbers only"),
        ({"a": 1}, None, "must hold numbers only"),
        ([2**64], None, "no type of 64 bits"),
        ([-1, 2**64 - 1], None, "no type of 64 bits"),
        ([10**400, 1.5], None, "no type of 64 bits"),
        ([300], "int8", "numbers that int8 does not have"),
        ([-1], "uint64", "numbers that uint64 does not have"),
        ([1e6], "float16", "numbers that float16 does not have"),
        ([1.0], "int32", "must hold integers only"),
        ([1, 2, 3], "complex64", "must end in pairs"),
        ([1], "object", "must be of one of the types"),
        ([1], ">f4", "must be of one of the types"),
    ],
)
def test_other_lists_are_refused(lists: Any, dtype: str | None, message: str) -> None:
    with pytest.raises(UnreadableArray, match=message) as caught:
        read_lists(lists, "kernel", LIMIT, dtype)
    assert caught.value.part == "kernel"


def test_long_lists_are_refused() -> None:
    """By the bytes that they would take."""
    lists = [[0] * 1000] * 9
    with pytest.raises(ArrayTooLarge, match="bytes of bias: 72000 needed, at most 65536"):
        read_lists(lists, "bias", LIMIT)
    assert read_lists(lists, "bias", LIMIT, "int8").shape == (9, 1000)


def test_arrays_become_lists_again() -> None:
    """Complex numbers as pairs; in C order and the byte order of the machine."""
    array = np.asfortranarray(np.array([[1 + 2j, 3j]], ">c8"))
    lists = as_lists(array)
    assert lists.tolist() == [[[1, 2], [0, 3]]]
    assert lists.flags.c_contiguous and lists.dtype == np.float32
    np.testing.assert_array_equal(read_lists(lists.tolist(), "input", LIMIT, "complex64"), array)
    assert as_lists(np.array(2.5)).tolist() == 2.5
