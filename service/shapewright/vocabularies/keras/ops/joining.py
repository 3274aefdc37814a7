"""Keras's operations that put tensors together, or multiply them."""

from __future__ import annotations

from typing import Final

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.attention import Attention
from shapewright.operations.base import Operation
from shapewright.operations.einstein import REST, EinsteinSum
from shapewright.operations.merge import Concatenate
from shapewright.operations.parallel import Parallel
from shapewright.operations.permute import Permute
from shapewright.operations.product import MatrixProduct
from shapewright.operations.squeeze import ExpandDims, Stack
from shapewright.operations.wrapper import Sequence, fed
from shapewright.vocabularies.call import Call, slots
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.ops.common import SOURCE, declare
from shapewright.vocabularies.parameters import Integer, Text, ignored, quote

NUMPY: Final = "numpy.py"


def concatenate(axis: int) -> Operation:
    """Concatenate."""
    return Concatenate(axis, settle=False)


def hstack() -> Operation:
    """Hstack."""
    return Concatenate(1, settle=False)


def vstack() -> Operation:
    """Vstack."""
    return Concatenate(0, settle=False)


def stack(axis: int) -> Operation:
    """Stack."""
    return Stack(axis)


def one_hot(num_classes: int, axis: int) -> Operation:
    """OneHot."""
    return ExpandDims((axis,), num_classes)


def einsum(subscripts: str, call: Call) -> Operation:
    """Einsum; without a result it is all letters that stand once, in order."""
    read, arrow, result = subscripts.replace(" ", "").partition("->")
    terms = tuple(read.split(","))
    letters = "".join(terms).replace(REST, "")
    if not arrow:
        result = REST * (REST in read) + "".join(
            letter for letter in sorted(letters) if letters.count(letter) == 1
        )
    made = result.replace(REST, "", 1)
    if any(not _is_term(term) for term in (*terms, result)) or not set(made) <= set(letters):
        raise ParameterError(
            f"{quote(subscripts)} is no equation such as 'bij,bjk->bik'", "subscripts"
        )
    return fed(EinsteinSum(terms, result), tuple(slots(call.positional)), call.count)


def attention() -> Operation:
    """DotProductAttention: on batch, positions, heads, features."""
    heads_first = Permute((0, 2, 1, 3))
    turned = Parallel(tuple((index, heads_first) for index in range(3)))
    return Sequence((turned, Attention(), heads_first))


def _is_term(term: str) -> bool:
    """Letters, with `...` between them at most once."""
    letters = term.replace(REST, "", 1)
    return not letters or (letters.isascii() and letters.isalpha())


LAYERS = (
    declare(
        "Concatenate",
        "Tensors laid end to end along an axis.",
        NUMPY,
        {"axis": Integer(0)},
        concatenate,
        "xs",
    ),
    declare("Hstack", "Tensors laid end to end along axis 1.", NUMPY, {}, hstack, "xs"),
    declare("Vstack", "Tensors laid end to end along axis 0.", NUMPY, {}, vstack, "xs"),
    declare(
        "Append",
        "One tensor laid after another along an axis.",
        NUMPY,
        {"axis": Integer()},
        concatenate,
        "x1",
        "x2",
    ),
    declare(
        "Stack",
        "Tensors of one shape side by side along a new axis.",
        NUMPY,
        {"axis": Integer(0)},
        stack,
        "x",
    ),
    declare(
        "OneHot",
        "A vector of so many classes for each number.",
        "nn.py",
        {"num_classes": Integer(minimum=0), "axis": Integer(-1), **ignored("dtype", "sparse")},
        one_hot,
        "x",
    ),
    declare("Matmul", "Matrix products.", NUMPY, {}, MatrixProduct, "x1", "x2"),
    declare(
        "DotProductAttention",
        "Means of values, weighed by how queries and keys agree, head by head.",
        "nn.py",
        ignored("is_causal", "flash_attention", "attn_logits_soft_cap"),
        attention,
        "query",
        "key",
        "value",
    ),
    LayerType(
        "Einsum",
        "Products summed over axes that are named by letters.",
        f"{SOURCE}{NUMPY}",
        {"subscripts": Text()},
        einsum,
    ),
)
