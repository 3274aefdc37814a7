"""What tf.keras 2 says otherwise than Keras 3: former parameters, and functions of TensorFlow."""

from __future__ import annotations

from typing import Any, Final

from shapewright.arithmetic.errors import ParameterError
from shapewright.formats.errors import InvalidDocument
from shapewright.formats.keras_objects import KerasObject, invalid
from shapewright.formats.layer import Built, LayerReader
from shapewright.vocabularies.call import Call
from shapewright.vocabularies.errors import Fault
from shapewright.vocabularies.keras.former import ANY, FORMER, FORMS, OF_ALL
from shapewright.vocabularies.keras.tensorflow import told
from shapewright.vocabularies.parameters import quote

FUNCTION_CLASSES: Final = frozenset(("TFOpLambda", "SlicingOpLambda"))
"""Layers that stand for one call of a function of TensorFlow."""


def parameters_of(layer: KerasObject) -> dict[str, Any]:
    """What a layer's config says beside its name, in the words of Keras 3.

    Raises:
        InvalidDocument: a parameter that Keras 3 no longer has would change the answer.
    """
    former = {**OF_ALL, **FORMER.get(layer.type_name, {})}
    faults = []
    for name in former.keys() & layer.config.keys():
        value, harmless = layer.config[name], former[name]
        if harmless is not ANY and value not in harmless:
            detail = f"only {quote(harmless[0])} is supported, as in Keras 3, got {quote(value)}"
            faults.append(Fault((*layer.config_path, name), detail))
    if faults:
        raise InvalidDocument(faults)
    raw = {k: v for k, v in layer.config.items() if k != "name" and k not in former}
    for name, form in FORMS.get(layer.type_name, {}).items():
        if name in raw:
            raw[name] = form(raw[name])
    return raw


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
