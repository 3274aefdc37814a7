"""Makes `keras3.json.gz` and `tiny.keras`: small models with what the real Keras 3 says of them.

Run by hand where Keras 3 is installed, from the folder of the repository:
`KERAS_BACKEND=torch python tests/golden/models/make_keras3.py`
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import Input, Model, Sequential, layers, ops
from keras.src.ops.function import make_node_key

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


def pair() -> Any:
    left, right = Input((4,), name="left"), Input((6,), name="right")
    merged = layers.Concatenate(name="merged")([left, right])
    return Model(
        {"left": left, "right": right}, [layers.Dense(2, name="two")(merged), merged], name="pair"
    )


@model
def sequential() -> Any:
    return Sequential([Input((8, 8, 3)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2)])


@model
def sequential_with_a_fixed_batch() -> Any:
    return Sequential([Input(batch_shape=(4, 10)), layers.Dense(3), layers.Dropout(0.5)])


@model
def sequential_built_later() -> Any:
    made = Sequential([layers.Dense(3), layers.Dense(2)])
    made.build((None, 5))
    return made


@model
def sequential_of_models() -> Any:
    return Sequential([backbone(), layers.Dense(3), Sequential([layers.Dense(2), layers.ReLU()])])


@model
def two_inputs_and_outputs() -> Any:
    a, b = Input((4,), name="b_first"), Input((4,), name="a_second")
    total = layers.Add()([a, b])
    return Model([a, b], [layers.Dense(2)(total), layers.Dense(3)(a)])


@model
def maps_of_inputs_and_outputs() -> Any:
    z, a = Input((4,), name="z"), Input((5,), name="a")
    return Model({"z": z, "a": a}, {"y": layers.Dense(2)(z), "b": [layers.Dense(3)(a), z]})


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
def nested_maps() -> Any:
    x, y = Input((4,), name="x"), Input((6,), name="y")
    inner = pair()
    two, merged = inner({"right": y, "left": x})
    again = inner({"left": x, "right": y})
    return Model([x, y], [two, merged, again[1]])


@model
def nested_lists() -> Any:
    u, v = Input((4,), name="u"), Input((6,), name="v")
    inner = Model([v, u], [layers.Dense(3)(u), layers.Dense(5)(v)])
    x, y = Input((6,), name="x"), Input((4,), name="y")
    return Model([x, y], inner([x, y]))


@model
def models_in_models_in_models() -> Any:
    x = Input((16, 12, 3))
    inner = Sequential([backbone("core"), layers.Dense(4)], name="inner")
    y = Input((16, 12, 3))
    middle = Model(y, layers.Dense(2)(inner(y)), name="middle")
    return Model(x, [middle(x), inner(x)])


@model
def open_sizes() -> Any:
    inner_input = Input((None, None, 3))
    inner = Model(inner_input, layers.Conv2D(2, 3, strides=2)(inner_input))
    x = Input((33, 20, 3))
    return Model(x, inner(x))


@model
def frozen_base() -> Any:
    base = backbone()
    base.trainable = False
    x = Input((16, 12, 3))
    return Model(x, layers.Dense(2)(base(x, training=False)))


@model
def partly_frozen() -> Any:
    base = backbone()
    base.get_layer("conv").trainable = False
    x = Input((16, 12, 3))
    return Model(x, layers.Dense(2)(base(x)))


@model
def time_distributed() -> Any:
    x = Input((5, 16, 12, 3))
    features = layers.TimeDistributed(backbone(), name="frames")(x)
    small = layers.TimeDistributed(layers.Dense(3), name="steps")(features)
    return Model(x, layers.TimeDistributed(Sequential([layers.Dense(2), layers.ReLU()]))(small))


@model
def bidirectional() -> Any:
    x = Input((7, 4))
    y = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    y = layers.Bidirectional(
        layers.GRU(5, return_sequences=True),
        backward_layer=layers.GRU(5, return_sequences=True, go_backwards=True),
        merge_mode="sum",
    )(y)
    return Model(x, layers.Bidirectional(layers.SimpleRNN(2), merge_mode=None)(y))


@model
def encoder_and_decoder() -> Any:
    source, target = Input((None,), dtype="int32"), Input((None,), dtype="int32")
    embedded = layers.Embedding(50, 8, mask_zero=True)(source)
    _, h, c = layers.LSTM(6, return_state=True, name="encoder")(embedded)
    shifted = layers.Embedding(40, 8, mask_zero=True)(target)
    decoded = layers.LSTM(6, return_sequences=True, name="decoder")(shifted, initial_state=[h, c])
    return Model([source, target], layers.Dense(40)(decoded))


@model
def cells() -> Any:
    x = Input((7, 4))
    stacked = layers.StackedRNNCells([layers.LSTMCell(3), layers.GRUCell(5)])
    return Model(x, layers.RNN(stacked, return_sequences=True, return_state=True)(x))


@model
def attention() -> Any:
    x, memory = Input((9, 8)), Input((5, 8))
    y = layers.MultiHeadAttention(2, 4)(x, x, use_causal_mask=True)
    y = layers.MultiHeadAttention(2, 4)(query=y, value=memory)
    return Model([x, memory], layers.LayerNormalization()(layers.Add()([x, y])))


@model
def attention_by_hand() -> Any:
    x = Input((9, 8))
    query, key, value = (layers.Dense(8, name=name)(x) for name in ("query", "key", "value"))
    split = [
        ops.transpose(ops.reshape(t, (-1, 9, 2, 4)), (0, 2, 1, 3)) for t in (query, key, value)
    ]
    scores = ops.matmul(split[0], ops.swapaxes(split[1], -1, -2)) / 2.0
    mixed = ops.einsum("bhqk,bhkd->bqhd", ops.softmax(scores, axis=-1), split[2])
    return Model(x, ops.reshape(mixed, (-1, 9, 8)))


@model
def attention_as_an_operation() -> Any:
    x, memory = Input((9, 2, 4)), Input((5, 2, 4))
    return Model([x, memory], ops.dot_product_attention(x, memory, memory))


@model
def arithmetic() -> Any:
    x, y = Input((4, 1, 3)), Input((5, 3))
    total = 2.0 * x + y - np.arange(3, dtype="float32")
    return Model(
        [x, y], [total, -total / 3, abs(x) ** 2, ops.maximum(x, 0.0), ops.where(x > 0, x, y)]
    )


@model
def slices() -> Any:
    x = Input((9, 8, 3))
    return Model(x, [x[:, 1:-1], x[:, ::2, 3, :], x[..., None], x[:, -1, ..., 0], x[2]])


@model
def pieces() -> Any:
    x = Input((6, 8))
    one, two, three = ops.split(x, 3, axis=1)
    four, five = ops.split(x, [5], axis=-1)
    together = ops.stack([one, ops.flip(two, axis=1), three], axis=-1)
    return Model(x, [ops.concatenate([one, two], axis=1), together, four, five])


@model
def reductions() -> Any:
    x = Input((6, 8, 3))
    mean = ops.mean(x, axis=[1, 2], keepdims=True)
    variance = ops.var(x, axis=(1, 2), keepdims=True)
    normal = (x - mean) / ops.sqrt(variance + 1e-3)
    return Model(x, [normal, ops.argmax(x, axis=-1), ops.max(x, axis=1), ops.sum(x, axis=-2)])


@model
def other_axes() -> Any:
    x = Input((6, 1, 3))
    return Model(
        x,
        [
            ops.squeeze(x, 2),
            ops.expand_dims(x, (1, -1)),
            ops.tile(x, (1, 2, 3, 1)),
            ops.repeat(x, 2, axis=1),
            ops.pad(x, ((0, 0), (1, 2), (0, 0), (3, 0))),
            ops.moveaxis(x, 1, -1),
            ops.one_hot(ops.cast(x, "int32"), 5),
            ops.take(x, np.array([0, 2]), axis=-1),
        ],
    )


UNARY = """
    abs absolute angle arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil celu conj conjugate
    copy cos cosh deg2rad elu erf erfc erfinv exp exp2 expm1 fabs fliplr flipud floor gelu
    hard_shrink hard_sigmoid hard_silu hard_tanh i0 imag isfinite isinf isnan isneginf isposinf
    isreal leaky_relu log log10 log1p log2 log_sigmoid logical_not nan_to_num negative ones_like
    rad2deg real reciprocal relu relu6 round rsqrt selu sigmoid sign signbit silu sin sinc sinh
    soft_shrink softplus softsign sparse_plus sparse_sigmoid sqrt square squareplus stop_gradient
    tan tanh tanh_shrink tril triu trunc zeros_like
"""
BINARY = """
    add arctan2 divide divide_no_nan equal floor_divide fmax fmin fmod greater greater_equal
    heaviside hypot isclose less less_equal logaddexp logaddexp2 logical_and logical_or logical_xor
    maximum minimum mod multiply nextafter not_equal power subtract true_divide
"""
OF_INTEGERS = """
    bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor gcd lcm left_shift
    right_shift
"""
REDUCING = """
    all amax amin any argmax argmin logsumexp max mean median min nanargmax nanargmin nanmax
    nanmean nanmedian nanmin nanprod nanstd nansum nanvar norm prod std sum var
"""
ALONG = (
    "argsort cumprod cumsum flip log_softmax nancumprod nancumsum normalize softmax sort sparsemax"
)


@model
def operations_on_elements() -> Any:
    x = Input((4, 3))
    every = [getattr(ops, name)(x) for name in UNARY.split()]
    return Model(
        x,
        [
            *every,
            ops.bitwise_invert(ops.cast(x, "int32")),
            ops.bitwise_not(ops.cast(x, "int32")),
            ops.clip(x, 0.0, 1.0),
            ops.saturate_cast(x, "int8"),
            ops.threshold(x, 0.5, 0.0),
            ops.full_like(x, 2),
            ops.empty_like(x),
            ops.nn.rms_normalization(x),
            ops.nn.layer_normalization(x),
        ],
    )


@model
def operations_on_pairs() -> Any:
    x, y = Input((4, 1, 3)), Input((5, 1), dtype="int32")
    whole = ops.cast(x, "int32")
    return Model(
        [x, y],
        [getattr(ops, name)(x, ops.cast(y, "float32")) for name in BINARY.split()]
        + [getattr(ops, name)(whole, whole) for name in OF_INTEGERS.split()]
        + [ops.ldexp(x, y)],
    )


@model
def operations_that_reduce() -> Any:
    x = Input((4, 5, 3))
    every = [getattr(ops, name) for name in REDUCING.split()]
    return Model(
        x,
        [reduce(x, axis=-1) for reduce in every]
        + [reduce(x, axis=1, keepdims=True) for reduce in every]
        + [ops.average(x, axis=1), ops.count_nonzero(x, axis=2), ops.ptp(x, axis=(1, 2))]
        + list(ops.moments(x, axes=[1, 2])),
    )


@model
def operations_along_axes() -> Any:
    x = Input((4, 6))
    every = [getattr(ops, name) for name in ALONG.split()]
    return Model(
        x,
        [along(x, axis=-1) for along in every]
        + [ops.roll(x, 2, axis=1), ops.nn.glu(x, axis=-1), ops.cumsum(x)]
        + list(ops.top_k(x, 3))
        + ops.array_split(x, 3, axis=1)
        + ops.unstack(x, axis=1),
    )


@model
def operations_that_join() -> Any:
    x, y = Input((4, 6)), Input((4, 6))
    return Model(
        [x, y],
        [
            ops.append(x, y, axis=1),
            ops.hstack([x, y]),
            ops.vstack([x, y]),
            ops.ravel(x),
            ops.broadcast_to(x[:, :1], (2, 4, 6)),
            ops.take_along_axis(x, ops.argsort(y, axis=1), axis=1),
        ],
    )


@model
def operations_on_images() -> Any:
    x, line = Input((9, 12, 8)), Input((9, 8))
    return Model(
        [x, line],
        [
            ops.max_pool(x, 2),
            ops.max_pool(x, (2, 3), strides=1, padding="same"),
            ops.average_pool(x, 3, strides=(2, 1), padding="SAME"),
            ops.average_pool(line, 2),
            ops.max_pool(line, (3,), strides=2),
            ops.depth_to_space(x, 2),
            ops.space_to_depth(x, 3),
            ops.depth_to_space(x, 3, data_format="channels_first"),
            ops.image.resize(x, (3, 9)),
        ],
    )


@model
def constant_beside_a_tensor() -> Any:
    x = Input((3,))
    return Model(x, layers.Concatenate()([x, x, layers.Dense(2)(x)]))


@model
def inputs_handed_out() -> Any:
    x, y = Input((3,), name="x"), Input((4,), name="y")
    return Model([x, y], [y, layers.Dense(2)(x), x])


def shapes(tensors: Any) -> list[list[int | None]]:
    return [list(tensor.shape) for tensor in keras.tree.flatten(tensors)]


def calls(made: Any, operation: Any) -> list[Any]:
    nodes = enumerate(operation._inbound_nodes)
    return [shapes(n.outputs) for i, n in nodes if make_node_key(operation, i) in made._nodes]


def entry(made: Any, operation: Any) -> dict[str, Any]:
    weights = getattr(operation, "weights", [])
    return {
        "name": operation.name,
        "class_name": type(operation).__name__,
        "calls": calls(made, operation),
        "weights": sorted([list(w.shape), bool(w.trainable)] for w in weights),
    }


def case(make: Callable[[], Any]) -> dict[str, Any]:
    keras.utils.clear_session()
    document = make().to_json()
    made = keras.models.model_from_json(document)
    graph = getattr(made, "_functional", None) or made
    trainable = sum(int(np.prod(w.shape)) for w in made.trainable_weights)
    return {
        "name": make.__name__,
        "document": json.loads(document),
        "outputs": shapes(graph.outputs),
        "params": made.count_params(),
        "trainable_params": trainable,
        "layers": [
            entry(graph, operation)
            for operation in graph.operations
            if not isinstance(operation, layers.InputLayer)
        ],
    }


if __name__ == "__main__":
    cases = {"keras_version": keras.__version__, "cases": list(map(case, MAKERS))}
    packed = gzip.compress(json.dumps(cases).encode(), mtime=0)
    (HERE / "keras3.json.gz").write_bytes(packed)
    tiny = Sequential([Input((8, 8, 3)), layers.Conv2D(2, 3, name="conv")], name="tiny")
    tiny.save(HERE / "tiny.keras")
