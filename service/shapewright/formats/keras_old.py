"""What tf.keras 2 says otherwise than Keras 3: former parameters, and functions of TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shapewright.arithmetic.errors import ParameterError
from shapewright.formats.errors import InvalidDocument
from shapewright.formats.keras_objects import KerasObject, invalid
from shapewright.formats.layer import Built, LayerReader
from shapewright.vocabularies.call import Call
from shapewright.vocabularies.errors import Fault
from shapewright.vocabularies.keras.tensorflow import told
from shapewright.vocabularies.parameters import quote

FUNCTION_CLASSES: Final = frozenset(("TFOpLambda", "SlicingOpLambda"))
"""Layers that stand for one call of a function of TensorFlow."""

ANY: Final = ("any value",)
"""Stands for all values of a parameter that changes no shape and no count."""

OF_ALL: Final[Mapping[str, tuple[Any, ...]]] = {"batch_input_shape": ANY}

OF_KINDS: Final[tuple[tuple[str, Mapping[str, tuple[Any, ...]]], ...]] = (
    ("Conv1DTranspose Conv2DTranspose Conv3DTranspose", {"groups": (1,)}),
    ("DepthwiseConv1D DepthwiseConv2D", {"groups": (1,)}),
    (
        "SeparableConv1D SeparableConv2D",
        {
            "groups": (1,),
            "kernel_initializer": ANY,
            "kernel_regularizer": ANY,
            "kernel_constraint": ANY,
        },
    ),
    ("ConvLSTM1D ConvLSTM2D ConvLSTM3D GRU LSTM RNN SimpleRNN", {"time_major": (False,)}),
    (
        "BatchNormalization",
        {"renorm": (False,), "fused": ANY, "virtual_batch_size": (None,), "adjustment": (None,)},
    ),
    (
        "MultiHeadAttention",
        {
            "query_shape": ANY,
            "key_shape": ANY,
            "value_shape": ANY,
            "softmax_robust_masking": ANY,
        },
    ),
    ("SpatialDropout1D SpatialDropout2D SpatialDropout3D", {"noise_shape": ANY}),
    (
        "RandomBrightness RandomContrast RandomCrop RandomFlip RandomRotation RandomTranslation "
        "RandomZoom",
        {"rng_type": ANY},
    ),
)
"""Parameters that only tf.keras 2 has, by class, each with the values that change nothing."""

FORMER: Final[Mapping[str, Mapping[str, tuple[Any, ...]]]] = {
    name: parameters for names, parameters in OF_KINDS for name in names.split()
}


def parameters_of(layer: KerasObject) -> dict[str, Any]:
    """What a layer's config says beside its name, in the words of Keras 3.

    Raises:
        InvalidDocument: a parameter that Keras 3 no longer has would change the answer.
    """
    former = {**OF_ALL, **FORMER.get(layer.class_name, {})}
    faults = []
    for name in former.keys() & layer.config.keys():
        value, harmless = layer.config[name], former[name]
        if harmless is not ANY and value not in harmless:
            detail = f"only {quote(harmless[0])} is supported, as in Keras 3, got {quote(value)}"
            faults.append(Fault((*layer.config_path, name), detail))
    if faults:
        raise InvalidDocument(faults)
    return {k: v for k, v in layer.config.items() if k != "name" and k not in former}


def read_function(layer: KerasObject, call: Call, operations: LayerReader) -> Built:
    """One call of a function of TensorFlow.

    Raises:
        InvalidDocument: the function is not known, or not with these arguments.
    """
    function = layer.config.get("function", "__operators__.getitem")
    try:
        known = told(function, call)
    except ParameterError as error:
        if operations.unknown_as_identity and error.parameter == "function":
            return operations.build(f"tf.{function}", {}, call, layer.config_path)
        place = (error.parameter,) if error.parameter else ()
        raise invalid((*layer.config_path, *place), error.detail) from None
    try:
        built = operations.build(known.operation, known.parameters, known.call, layer.config_path)
    except InvalidDocument as error:
        details = dict.fromkeys(fault.detail for fault in error.faults)
        where = (*layer.path, "inbound_nodes")
        raise InvalidDocument(
            Fault(where, f"tf.{function}: {detail}") for detail in details
        ) from None
    return Built(built.operation)
