"""Small Keras documents for tests, written by hand."""

from __future__ import annotations

from typing import Any


def layer(class_name: str, name: str, *calls: Any, **config: Any) -> dict[str, Any]:
    """A layer; each call is a list of references such as `("x", 0, 0)`."""
    return {
        "module": "keras.layers",
        "class_name": class_name,
        "config": {"name": name, **config},
        "registered_name": None,
        "name": name,
        "inbound_nodes": [call(*references) for references in calls],
    }


def tensor(reference: Any) -> dict[str, Any]:
    """A reference to a tensor as Keras 3 writes it."""
    return {"class_name": "__keras_tensor__", "config": {"keras_history": list(reference)}}


def call(*references: Any) -> dict[str, Any]:
    """A call on one tensor, or on a list of several."""
    tensors = [tensor(reference) for reference in references]
    return {"args": tensors if len(tensors) == 1 else [tensors], "kwargs": {}}


def operation(class_name: str, name: str, *args: Any, **config: Any) -> dict[str, Any]:
    """A `keras.ops` node; tuples among its arguments are references."""
    read = [tensor(arg) if isinstance(arg, tuple) else arg for arg in args]
    return {
        "module": "keras.src.ops.numpy",
        "class_name": class_name,
        "config": {"name": name, **config},
        "registered_name": class_name,
        "name": name,
        "inbound_nodes": [{"args": read, "kwargs": {}}],
    }


def given(name: str, *sizes: int | None) -> dict[str, Any]:
    """An `InputLayer`."""
    return layer("InputLayer", name, batch_shape=list(sizes))


def functional(
    *layers: dict[str, Any], outputs: Any, inputs: Any = None, name: str = "model"
) -> dict[str, Any]:
    """A functional model; its inputs are its `InputLayer`s."""
    own = [[each["name"], 0, 0] for each in layers if each["class_name"] == "InputLayer"]
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {
            "name": name,
            "trainable": True,
            "layers": list(layers),
            "input_layers": own if inputs is None else inputs,
            "output_layers": outputs,
        },
        "registered_name": "Functional",
        "name": name,
    }


def sequential(*layers: dict[str, Any], name: str = "stack", **config: Any) -> dict[str, Any]:
    """A sequential model."""
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": name, "layers": list(layers), **config},
        "registered_name": None,
        "name": name,
    }
