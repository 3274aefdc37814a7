"""Keras's operations that work element by element."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shapewright.operations.identity import Elementwise
from shapewright.operations.merge import Broadcast
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.ops.common import declare
from shapewright.vocabularies.parameters import Parameter, ignored

OF_ONE: Final[Mapping[str, str]] = {
    "core.py": "Cast ConvertToTensor SaturateCast StopGradient",
    "math.py": "Erf Erfc Erfinv Rsqrt",
    "nn.py": """
        BatchNorm Celu Elu Gelu HardShrink HardSigmoid HardSilu HardTanh LayerNorm LeakyRelu
        LogSigmoid RMSNorm Relu Relu6 Selu Sigmoid Silu SoftShrink Softplus Softsign SparsePlus
        SparseSigmoid Squareplus TanhShrink Threshold
    """,
    "numpy.py": """
        Abs Absolute Angle Arccos Arccosh Arcsin Arcsinh Arctan Arctanh Array BitwiseInvert
        BitwiseNot Cbrt Ceil Clip Conj Conjugate Copy Cos Cosh Deg2rad EmptyLike Exp Exp2 Expm1
        Fabs Fliplr Flipud Floor FullLike I0 Imag Isfinite Isinf Isnan Isneginf Isposinf Isreal Log
        Log10 Log1p Log2 LogicalNot NanToNum Negative OnesLike Rad2deg Real Reciprocal Round Sign
        Signbit Sin Sinc Sinh Sqrt Square Tan Tanh Tril Triu Trunc ZerosLike
    """,
}
"""Operations that keep the shape of their first argument, by the file that they are in."""

OF_TWO: Final = """
    Add Arctan2 BitwiseAnd BitwiseLeftShift BitwiseOr BitwiseRightShift BitwiseXor Divide
    DivideNoNan Equal FloorDivide Fmax Fmin Fmod Gcd Greater GreaterEqual Heaviside Hypot Isclose
    Lcm Ldexp LeftShift Less LessEqual Logaddexp Logaddexp2 LogicalAnd LogicalOr LogicalXor Maximum
    Minimum Mod Multiply Nextafter NotEqual Power RightShift Subtract TrueDivide
"""
"""Operations on two tensors that are stretched to fit each other, all in `numpy.py`."""

SETTINGS: Final[Mapping[str, str]] = {
    "Array": "dtype",
    "BatchNorm": "axis epsilon",
    "Cast": "dtype",
    "Celu": "alpha",
    "Clip": "x_min x_max",
    "ConvertToTensor": "dtype sparse ragged",
    "Elu": "alpha",
    "EmptyLike": "dtype",
    "FullLike": "dtype",
    "Gelu": "approximate",
    "HardShrink": "threshold",
    "Isclose": "equal_nan",
    "LayerNorm": "axis epsilon rms_scaling",
    "LeakyRelu": "negative_slope",
    "NanToNum": "nan posinf neginf",
    "OnesLike": "dtype",
    "RMSNorm": "axis epsilon",
    "Round": "decimals",
    "SaturateCast": "dtype",
    "SoftShrink": "threshold",
    "Squareplus": "b",
    "Threshold": "threshold default_value",
    "Tril": "k",
    "Triu": "k",
    "ZerosLike": "dtype",
}
"""The parameters that some of them have; none changes a shape."""


def _of_one(name: str, source: str) -> LayerType:
    summary = "Works on each element by itself."
    return declare(name, summary, source, _settings(name), Elementwise, "x")


def _of_two(name: str) -> LayerType:
    summary = "Works on pairs of elements of two tensors, stretched to fit each other."
    return declare(name, summary, "numpy.py", _settings(name), Broadcast, "x1", "x2")


def _settings(name: str) -> Mapping[str, Parameter[Any]]:
    return ignored(*SETTINGS.get(name, "").split())


LAYERS = (
    *(_of_one(name, source) for source, names in OF_ONE.items() for name in names.split()),
    *map(_of_two, OF_TWO.split()),
    declare(
        "Where",
        "Elements of one tensor or another, as a condition says.",
        "numpy.py",
        {},
        Broadcast,
        "condition",
        "x1",
        "x2",
    ),
)
