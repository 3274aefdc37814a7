"""TensorFlow's functions, as models of tf.keras 2 hold them, told as Keras's operations."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import field
from itertools import accumulate
from typing import Any, Final

from shapewright.arithmetic.errors import ParameterError
from shapewright.record import record
from shapewright.vocabularies.call import Call, Slot
from shapewright.vocabularies.keras.former import ANY
from shapewright.vocabularies.keras.ops import OPERATIONS
from shapewright.vocabularies.parameters import is_integer, quote


@record
class Told:
    """An operation's name, its parameters as JSON, and what it is called with."""

    operation: str
    parameters: Mapping[str, Any]
    call: Call


@record
class Function:
    """The operation that a function is, what its arguments are called there, and its defaults.

    Of a `plain` function nothing but the first argument counts.
    """

    operation: str
    names: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    plain: bool = False


OF_ONE: Final = """
    __operators__.eq __operators__.ne cast clip_by_value identity image.flip_left_right
    image.flip_up_down linalg.band_part math.abs math.acos math.asin math.atan math.ceil
    math.cos math.cosh math.erf math.exp math.expm1 math.floor math.is_finite math.is_inf
    math.is_nan math.log math.log1p math.log_sigmoid math.logical_not math.negative
    math.reciprocal math.rint math.round math.rsqrt math.sigmoid math.sign math.sin math.sinh
    math.softplus math.sqrt math.square math.tan math.tanh nn.bias_add nn.dropout nn.elu nn.gelu
    nn.leaky_relu nn.relu nn.relu6 nn.selu nn.silu nn.softsign ones_like reverse roll
    stop_gradient zeros_like
"""
"""Functions that keep the shape of their first argument; for `==` models hold no other."""

OF_TWO: Final = """
    __operators__.add floor_div math.add math.atan2 math.divide math.divide_no_nan math.equal
    math.floordiv math.floormod math.greater math.greater_equal math.less math.less_equal
    math.logical_and math.logical_or math.logical_xor math.maximum math.minimum math.multiply
    math.multiply_no_nan math.not_equal math.pow math.squared_difference math.subtract
    math.truediv
"""
"""Functions of two tensors that are stretched to fit each other."""

REDUCING: Final = """
    math.reduce_all math.reduce_any math.reduce_euclidean_norm math.reduce_logsumexp
    math.reduce_max math.reduce_mean math.reduce_min math.reduce_prod math.reduce_std
    math.reduce_sum math.reduce_variance norm
"""
"""Functions that make one value of all along some axes."""

FUNCTIONS: Final[Mapping[str, Function]] = {
    **dict.fromkeys(OF_ONE.split(), Function("Copy", plain=True)),
    **dict.fromkeys(OF_TWO.split(), Function("Add", {"y": "x2"})),
    **dict.fromkeys(REDUCING.split(), Function("Sum")),
    "argsort": Function("Argsort"),
    "broadcast_to": Function("BroadcastTo"),
    "concat": Function("Concatenate"),
    "expand_dims": Function("ExpandDims"),
    "gather": Function("Take", defaults={"axis": 0}),
    "image.resize": Function("Resize"),
    "math.argmax": Function("Argmax", defaults={"axis": 0}),
    "math.argmin": Function("Argmin", defaults={"axis": 0}),
    "math.cumprod": Function("Cumprod", defaults={"axis": 0}),
    "math.cumsum": Function("Cumsum", defaults={"axis": 0}),
    "math.l2_normalize": Function("Normalize", defaults={"axis": None}),
    "math.top_k": Function("TopK", defaults={"k": 1}),
    "nn.log_softmax": Function("LogSoftmax"),
    "nn.softmax": Function("Softmax"),
    "nn.avg_pool2d": Function("AveragePool", {"ksize": "pool_size"}),
    "nn.depth_to_space": Function("DepthToSpace"),
    "nn.max_pool2d": Function("MaxPool", {"ksize": "pool_size"}),
    "nn.space_to_depth": Function("SpaceToDepth"),
    "one_hot": Function("OneHot", {"depth": "num_classes"}),
    "pad": Function("Pad", {"paddings": "pad_width"}),
    "rank": Function("Ndim"),
    "repeat": Function("Repeat"),
    "reshape": Function("Reshape", {"shape": "newshape"}),
    "shape": Function("Shape"),
    "size": Function("Size"),
    "sort": Function("Sort"),
    "squeeze": Function("Squeeze", {"squeeze_dims": "axis"}),
    "stack": Function("Stack"),
    "tile": Function("Tile", {"multiples": "repeats"}),
    "transpose": Function("Transpose", {"perm": "axes"}),
    "unstack": Function("Unstack"),
    "where": Function("Where", {"x": "x1", "y": "x2"}),
}
"""By their path below `tf`, in the newest of their versions."""

FORMATS: Final[Mapping[str, str]] = {"NHWC": "channels_last", "NCHW": "channels_first"}
"""What Keras says for TensorFlow's words."""

WITHOUT_EFFECT: Final[Mapping[str, tuple[Any, ...]]] = {
    "adjoint_a": (False,),
    "adjoint_b": (False,),
    "antialias": ANY,
    "batch_dims": (0,),
    "conjugate": ANY,
    "constant_values": ANY,
    "direction": ANY,
    "dtype": ANY,
    "epsilon": ANY,
    "exclusive": ANY,
    "index_type": ANY,
    "method": ANY,
    "name": ANY,
    "off_value": ANY,
    "on_value": ANY,
    "ord": ANY,
    "out_type": ANY,
    "output_type": ANY,
    "preserve_aspect_ratio": (False,),
    "reverse": ANY,
    "sorted": ANY,
    "stable": ANY,
    "validate_indices": ANY,
}
"""Arguments that change no shape, with the values of which that holds."""


def told(function: Any, call: Call) -> Told:
    """A function with its arguments as an operation.

    Raises:
        ParameterError: the function or one of its arguments is not known.
    """
    if not isinstance(function, str):
        raise ParameterError(f"needs the name of a function, got {quote(function)}", "function")
    name = function.removeprefix("compat.v1.")
    if name in SPECIAL:
        return SPECIAL[name](call)
    known = FUNCTIONS.get(name)
    if known is None:
        near = difflib.get_close_matches(name[:80], (*FUNCTIONS, *SPECIAL), n=1)
        hint = f"; did you mean `tf.{near[0]}`?" if near else ""
        raise ParameterError(f"{quote(f'tf.{name}')} is not known here{hint}", "function")
    if known.plain:
        return Told(known.operation, {}, call)
    return _renamed(known, call)


def _renamed(known: Function, call: Call) -> Told:
    kind = OPERATIONS.types[known.operation]
    named = {known.names.get(k, k): v for k, v in call.named.items() if v is not None}
    for name, value in named.items():
        harmless = WITHOUT_EFFECT.get(name, ())
        if name not in (*kind.parameters, *kind.arguments) and not (
            harmless is ANY or value in harmless
        ):
            raise ParameterError(f"the argument `{name}`, got {quote(value)}, is not known here")
    parameters = {name: _json(value) for name, value in named.items() if name in kind.parameters}
    return Told(known.operation, {**known.defaults, **parameters}, Call(call.positional, named))


def _json(value: Any) -> Any:
    """A constant as JSON, in Keras's words; a size that another tensor holds is left open."""
    if isinstance(value, tuple):
        return [_json(item) for item in value]
    if isinstance(value, str):
        return FORMATS.get(value, value)
    return None if isinstance(value, Slot) else value


def _sum_of_all(call: Call) -> Told:
    """math.add_n: one list of tensors, all of one shape."""
    tensors = call.positional[0] if call.positional else ()
    return Told("Add", {}, Call(tensors if isinstance(tensors, tuple) else call.positional))


def _get_item(call: Call) -> Told:
    key = call.named.get("slice_spec")
    parts = tuple(map(_part, key)) if isinstance(key, tuple) else _part(key)
    return Told("GetItem", {}, Call((*call.positional[:1], parts)))


def _part(part: Any) -> Any:
    if isinstance(part, Mapping):
        return slice(part.get("start"), part.get("stop"), part.get("step"))
    return part


def _slice(call: Call) -> Told:
    """slice: from where on, and how many elements, -1 being all the rest."""
    begin, size = (_integers(call, name) for name in ("begin", "size"))
    if len(begin) != len(size):
        raise ParameterError(f"`begin` has {len(begin)} numbers, but `size` has {len(size)}")
    parts = (slice(b, None if s == -1 else b + s) for b, s in zip(begin, size, strict=True))
    return Told("GetItem", {}, Call((*call.positional[:1], tuple(parts))))


def _integers(call: Call, name: str) -> tuple[int, ...]:
    value = call.named.get(name)
    if not isinstance(value, tuple) or not all(map(is_integer, value)):
        raise ParameterError(f"the argument `{name}` needs a list of integers, got {quote(value)}")
    return value


def _split(call: Call) -> Told:
    """split: the sizes of the pieces, where Keras has where they begin."""
    pieces = _json(call.named.get("num_or_size_splits"))
    if isinstance(pieces, list) and all(map(is_integer, pieces)):
        pieces = list(accumulate(pieces))[:-1]
    parameters = {"indices_or_sections": pieces, "axis": call.named.get("axis", 0)}
    return Told("Split", parameters, Call(call.positional))


def _matrix_product(call: Call) -> Told:
    """linalg.matmul, of matrices that may lie transposed."""
    one, other = (call.named.get(f"transpose_{name}", False) for name in "ab")
    operands = Call((*call.positional[:1], call.named.get("b")))
    if not (one or other):
        return Told("Matmul", {}, operands)
    equation = f"...{'ji' if one else 'ij'},...{'kj' if other else 'jk'}->...ik"
    return Told("Einsum", {"subscripts": equation}, operands)


SPECIAL: Final[Mapping[str, Callable[[Call], Told]]] = {
    "__operators__.getitem": _get_item,
    "linalg.matmul": _matrix_product,
    "math.add_n": _sum_of_all,
    "slice": _slice,
    "split": _split,
}
"""Functions whose arguments have another meaning than Keras's."""
