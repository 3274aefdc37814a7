"""Makes `tfkeras2.json.gz`: small models of tf.keras 2, with what it says of them itself.

Run by hand where tf_keras is installed: `python tests/golden/models/make_tfkeras2.py`. Every model
is written twice: as the last versions of tf.keras 2 do it, and as those before them did.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
import tf_keras as keras
from tf_keras import Input, Model, Sequential, layers

HERE = Path(__file__).parent
MAKERS: list[Callable[[], Any]] = []


def model(make: Callable[[], Any]) -> Callable[[], Any]:
    MAKERS.append(make)
    return make


def backbone(name: str = "backbone") -> Any:
    image = Input((16, 12, 3), name="image")
    x = layers.Conv2D(4, 3, strides=2, padding="same", name="conv")(image)
    x = layers.BatchNormalization(name="norm")(x)
    return Model(image, layers.GlobalAveragePooling2D(name="pool")(x), name=name)


@model
def sequential() -> Any:
    return Sequential(
        [layers.Conv2D(4, 3, input_shape=(8, 8, 3)), layers.Flatten(), layers.Dense(2)]
    )


@model
def shared_layers() -> Any:
    x = Input((6,))
    one, other = layers.Dense(6, name="one"), layers.Dense(6, name="other")
    return Model(x, one(other(one(other(x)))))


@model
def siamese_models() -> Any:
    left, right = Input((16, 12, 3), name="left"), Input((16, 12, 3), name="right")
    base = backbone()
    return Model([left, right], layers.Subtract()([base(left), base(right)]))


@model
def sequential_inside() -> Any:
    x, y = Input((4,), name="x"), Input((4,), name="y")
    known = Sequential([layers.Dense(3, input_shape=(4,)), layers.ReLU()], name="known")
    unknown = Sequential([layers.Dense(5), layers.Dropout(0.5)], name="unknown")
    return Model([x, y], [known(x), known(y), unknown(x), unknown(y)])


@model
def maps() -> Any:
    a, b = Input((5,), name="a"), Input((4,), name="b")
    inner = Model(
        {"b": b, "a": a}, {"y": layers.Dense(2)(a), "x": layers.Dense(3)(b)}, name="inner"
    )
    u, v = Input((5,), name="u"), Input((4,), name="v")
    made = inner({"a": u, "b": v})
    return Model({"v": v, "u": u}, {"two": made["y"], "all": [made["x"], u]})


@model
def frozen_base() -> Any:
    base = backbone()
    base.trainable = False
    x = Input((16, 12, 3))
    return Model(x, layers.Dense(2)(base(x, training=False)))


@model
def recurrent() -> Any:
    x = Input((7,), dtype="int32")
    y = layers.Embedding(20, 4, mask_zero=True)(x)
    y = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(y)
    y, h = layers.GRU(5, return_sequences=True, return_state=True)(y)
    y = layers.SimpleRNN(5, return_sequences=True)(y, initial_state=h)
    return Model(x, layers.TimeDistributed(layers.Dense(2))(y))


@model
def time_distributed() -> Any:
    x = Input((5, 16, 12, 3))
    return Model(x, layers.TimeDistributed(backbone(), name="frames")(x))


@model
def attention() -> Any:
    x, memory = Input((9, 8)), Input((5, 8))
    return Model([x, memory], layers.MultiHeadAttention(2, 4)(x, memory, key=memory))


@model
def arithmetic() -> Any:
    x, y = Input((4, 1, 3)), Input((5, 3))
    total = 2.0 * x + y - np.arange(3, dtype="float32")
    return Model(
        [x, y], [total, -total / 3, abs(x) ** 2, tf.maximum(x, 0.0), tf.where(x > 0, x, y)]
    )


@model
def slices() -> Any:
    x = Input((9, 8, 3))
    return Model(x, [x[:, 1:-1], x[:, ::2, 3, :], x[..., None], x[:, -1, ..., 0]])


@model
def rearranged() -> Any:
    x = Input((6, 8))
    one, two, three = tf.split(x, 3, axis=1)
    four, five = tf.split(x, [5, 3], axis=-1)
    sizes = tf.shape(x)
    return Model(
        x,
        [
            tf.concat([one, two], axis=1),
            tf.stack([one, two, three], axis=-1),
            four,
            tf.transpose(five, [0, 2, 1]),
            tf.reshape(x, [sizes[0], 4, -1]),
            tf.reshape(x, (-1, 48)),
            tf.tile(x, [1, 2, 1]),
            tf.repeat(x, 2, axis=1),
            tf.pad(x, [[0, 0], [1, 2], [0, 0]]),
            tf.gather(x, [0, 1], axis=-1),
            tf.squeeze(tf.expand_dims(x, 1), 1),
            tf.image.resize(tf.expand_dims(x, -1), [3, 5]),
            tf.nn.max_pool2d(tf.expand_dims(x, -1), 2, [2, 1], "SAME"),
            tf.nn.depth_to_space(tf.expand_dims(x, 1), 2),
        ],
    )


@model
def reduced() -> Any:
    x = Input((6, 8))
    return Model(
        x,
        [
            tf.reduce_mean(x, axis=1, keepdims=True),
            tf.reduce_sum(x, [1, 2]),
            tf.argmax(x, axis=-1),
            tf.nn.softmax(tf.matmul(x, x, transpose_b=True)),
            tf.nn.l2_normalize(x, -1),
            tf.one_hot(tf.argmax(x, axis=1), 3),
            keras.backend.mean(x, axis=1),
            tf.clip_by_value(tf.nn.relu(x), 0.0, 1.0),
        ],
    )


def shapes(tensors: Any) -> list[list[int | None]]:
    return [list(tensor.shape) for tensor in tf.nest.flatten(tensors)]


def calls(made: Any, layer: Any) -> list[Any]:
    keys = made._network_nodes
    nodes = enumerate(layer._inbound_nodes)
    return [shapes(node.outputs) for i, node in nodes if f"{layer.name}_ib-{i}" in keys]


def entry(made: Any, layer: Any) -> dict[str, Any]:
    trainable = {id(weight) for weight in layer.trainable_weights}
    return {
        "name": layer.name,
        "class_name": type(layer).__name__,
        "calls": calls(made, layer),
        "weights": sorted([list(w.shape), id(w) in trainable] for w in layer.weights),
    }


def case(make: Callable[[], Any], old: bool) -> dict[str, Any]:
    keras.backend.clear_session()
    made = make()
    made.use_legacy_config = old
    return {
        "name": make.__name__ + ("_before" if old else ""),
        "document": json.loads(made.to_json()),
        "outputs": shapes(made.outputs),
        "params": made.count_params(),
        "trainable_params": sum(int(np.prod(w.shape)) for w in made.trainable_weights),
        "layers": [
            entry(made, layer) for layer in made.layers if not isinstance(layer, layers.InputLayer)
        ],
    }


if __name__ == "__main__":
    cases = [case(make, old) for make in MAKERS for old in (False, True)]
    content = json.dumps({"tf_keras_version": keras.__version__, "cases": cases})
    (HERE / "tfkeras2.json.gz").write_bytes(gzip.compress(content.encode(), mtime=0))
