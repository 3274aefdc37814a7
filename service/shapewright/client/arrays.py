"""Arrays as a file and back: the one module of the client that needs numpy, never pickle.

It is imported by the first call with arrays, not with the client.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final, TypeAlias
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt

from shapewright.client.convolved import Convolved
from shapewright.client.documents import NOT_UNPACKED, to_json

Array: TypeAlias = npt.NDArray[Any]
AnyArray: TypeAlias = npt.ArrayLike
"""An array, or what numpy makes one of: numbers, lists of them."""

NPZ: Final = "application/x-npz"


def pack(layer: Mapping[str, Any], parts: Mapping[str, AnyArray | None]) -> bytes:
    """An `.npz` file of a layer and of the parts that are given, bit for bit.

    Raises:
        TypeError: a part is no array of plain numbers, or the layer no object of JSON.
    """
    if not isinstance(layer, Mapping):
        raise TypeError(f"a layer is a dict, got {type(layer).__name__}")
    arrays = {name: _array(name, part) for name, part in parts.items() if part is not None}
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, array in {"layer": np.asarray(to_json(layer)), **arrays}.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
    return file.getvalue()


def unpack(content: bytes) -> Convolved:
    """What the `.npz` file of an answer holds.

    Raises:
        ValueError: it is no such file.
        LookupError: something is missing in it.
        TypeError: as `Convolved.read`.
    """
    try:
        with np.load(BytesIO(content), allow_pickle=False) as archive:
            members: dict[str, Any] = dict(archive)
    except NOT_UNPACKED as error:
        raise ValueError(str(error)) from error
    report = json.loads(members.pop("report").item())
    return Convolved.read({**members, **report})


def _array(name: str, part: AnyArray) -> Array:
    array = np.asarray(part)
    if array.dtype.hasobject:
        raise TypeError(f"`{name}` is an array of numbers, got one of {array.dtype}")
    return array
