"""Keras documents that are wrong: each fault with its place and its numbers."""

from __future__ import annotations

from typing import Any, Final

import pytest

from shapewright.arithmetic.dimension import UNKNOWN
from shapewright.formats.errors import InvalidDocument
from shapewright.formats.keras_json import read_keras
from shapewright.formats.options import Limits, Options
from shapewright.network.propagate import infer
from shapewright.network.report import Report, ShapesDoNotFit
from shapewright.paths import pointer
from tests.keras_documents import call, functional, given, layer, operation, sequential, tensor

X: Final = given("x", None, 8)
DENSE: Final = layer("Dense", "dense", [("x", 0, 0)], units=3)
OUT: Final = ["dense", 0, 0]


def old(class_name: str, name: str, *nodes: Any, **config: Any) -> dict[str, Any]:
    """A layer as tf.keras 2 wrote it."""
    return {
        "class_name": class_name,
        "config": {"name": name, **config},
        "name": name,
        "inbound_nodes": list(nodes),
    }


def faults(document: Any, options: Options | None = None) -> list[tuple[str, str]]:
    """The faults of a document: pointer and detail."""
    try:
        infer(read_keras(document, options or Options()))
    except InvalidDocument as error:
        return [(pointer(fault.path), fault.detail) for fault in error.faults]
    except ShapesDoNotFit as error:
        return [(fault.place, fault.detail) for fault in error.faults]
    return []


def report(document: Any, **options: Any) -> Report:
    return infer(read_keras(document, Options(**options)))


def with_node(node: Any) -> dict[str, Any]:
    return functional(X, {**DENSE, "inbound_nodes": [node]}, outputs=OUT)


WRONG: Final[dict[str, tuple[Any, str, str]]] = {
    "no object": ([], "", "needs an object with `class_name` and `config`, got []"),
    "no class": ({"class_name": 7, "config": {}}, "/class_name", "name of a class, got 7"),
    "no model": (layer("Dense", "d", units=3), "/class_name", "needs a Keras model, Dense is none"),
    "no config": ({"class_name": "Functional"}, "/config", "got null"),
    "layers of a wrong kind": (
        {"class_name": "Sequential", "config": {"layers": "x"}},
        "/config/layers",
        "needs a list of layers, got 'x'",
    ),
    "no layers": (sequential(), "/config/layers", "needs one layer or more, got none"),
    "a layer of a wrong kind": (sequential(X, 7), "/config/layers/1", "got 7"),
    "name of a wrong kind": (
        sequential(X, {**DENSE, "name": 7}),
        "/config/layers/1/name",
        "a name is a string of 1 to 256 characters, got 7",
    ),
    "module of a wrong kind": (
        sequential(X, {**DENSE, "module": 7}),
        "/config/layers/1/module",
        "needs a string or null, got 7",
    ),
    "nodes of a wrong kind": (
        functional(X, {**DENSE, "inbound_nodes": {}}, outputs=OUT),
        "/config/layers/1/inbound_nodes",
        "needs a list, got {}",
    ),
    "unknown layer": (
        sequential(X, layer("Dens", "d", units=3)),
        "/config/layers/1/class_name",
        "'Dens' is not a layer type of keras; the nearest are Dense",
    ),
    "custom class with the name of a layer": (
        sequential(X, {**DENSE, "module": "mine", "registered_name": "mine>Dense"}),
        "/config/layers/1/class_name",
        "'mine>Dense' is not a layer type",
    ),
    "custom class that is not registered": (
        sequential(X, {**DENSE, "module": None, "registered_name": "Dense"}),
        "/config/layers/1/class_name",
        "'__main__.Dense' is not a layer type",
    ),
    "unknown operation": (
        functional(X, operation("Ad", "add", ("x", 0, 0), 1), outputs=["add", 0, 0]),
        "/config/layers/1/class_name",
        "'Ad' is not a layer type of keras.ops",
    ),
    "wrong parameter": (
        sequential(X, layer("Dense", "d", units=0)),
        "/config/layers/1/config/units",
        "needs an integer >= 1, got 0",
    ),
    "unknown parameter": (
        sequential(X, layer("Dense", "d", units=3, unit=3)),
        "/config/layers/1/config/unit",
        "did you mean `units`?",
    ),
    "wrong parameter of a nested layer": (
        sequential(X, sequential(layer("Dense", "d", units="3"))),
        "/config/layers/1/config/layers/0/config/units",
        "got '3'",
    ),
    "wrong parameter of a wrapped layer": (
        sequential(X, layer("TimeDistributed", "t", layer=layer("Dense", "d", units=-1))),
        "/config/layers/1/config/layer/config/units",
        "got -1",
    ),
    "same name": (
        functional(X, DENSE, DENSE, outputs=OUT),
        "/config/layers/2/name",
        "the name 'dense' is taken already",
    ),
    "same name in a sequence": (
        sequential(X, DENSE, layer("Dense", "dense", units=4)),
        "/config/layers/2/config/name",
        "the name `dense` is taken already",
    ),
    "several tensors in a sequence": (
        sequential(X, functional(X, outputs=[["x", 0, 0], ["x", 0, 0]], name="two"), DENSE),
        "/config/layers/2",
        "`dense` takes one tensor, got 2",
    ),
    "no shape": (
        functional(layer("InputLayer", "x"), DENSE, outputs=OUT),
        "/config/layers/0/config",
        "an InputLayer needs `batch_shape`",
    ),
    "wrong shape": (
        functional(layer("InputLayer", "x", batch_shape=[None, "8"]), DENSE, outputs=OUT),
        "/config/layers/0/config/batch_shape/1",
        "got '8'",
    ),
    "input unknown": (
        sequential(layer("Dense", "d", units=3)),
        "/config",
        "the model does not say the shape of its input",
    ),
    "input that is a layer": (
        functional(X, DENSE, inputs=[["dense", 0, 0]], outputs=OUT),
        "/config/input_layers/0",
        "needs an InputLayer, `dense` is a Dense",
    ),
    "input that is not listed": (
        functional(X, given("y", None, 2), DENSE, inputs=[["y", 0, 0]], outputs=OUT),
        "/config/layers/2/inbound_nodes/0/args/0/config/keras_history",
        "`x` is none of the model's `input_layers`",
    ),
    "no inputs": (
        functional(X, DENSE, inputs=[], outputs=OUT),
        "/config/input_layers",
        "needs one tensor or more, got none",
    ),
    "no outputs": (functional(X, DENSE, outputs={}), "/config/output_layers", "got none"),
    "output of an unknown layer": (
        functional(X, DENSE, outputs=[["dens", 0, 0]]),
        "/config/output_layers/0",
        "no layer is called 'dens'",
    ),
    "output of a call that is not": (
        functional(X, DENSE, outputs=["dense", 1, 0]),
        "/config/output_layers",
        "`dense` is called 1 times, got call 1",
    ),
    "output that is not": (
        functional(X, DENSE, outputs=["dense", 0, 3]),
        "/config/layers/1/config",
        "`dense` has 1 outputs, number 3 is none",
    ),
    "second output of an input": (
        functional(X, DENSE, outputs=["x", 0, 1]),
        "/config/output_layers",
        "`x` has 1 output, number 1 is none",
    ),
    "reference of a wrong kind": (
        with_node(call(("x", "0", 0))),
        "/config/layers/1/inbound_nodes/0/args/0/config/keras_history",
        "needs a layer's name and the numbers of call and output",
    ),
    "reference to a call far away": (
        with_node(call(("dense", 10**15, 0))),
        "/config/layers/1/inbound_nodes/0/args/0/config/keras_history",
        "`dense` is called 1 times, got call 1000000000000000",
    ),
    "negative reference": (
        with_node(call(("x", -1, 0))),
        "/config/layers/1/inbound_nodes/0/args/0/config/keras_history",
        "got ['x', -1, 0]",
    ),
    "node of a wrong kind": (
        with_node(7),
        "/config/layers/1/inbound_nodes/0",
        "needs a tensor such as",
    ),
    "arguments of a wrong kind": (
        with_node({"args": 7}),
        "/config/layers/1/inbound_nodes/0/args",
        "needs a list, got 7",
    ),
    "call without tensors": (
        with_node({"args": [], "kwargs": {}}),
        "/config/layers/1",
        "`dense` is called on no tensor of the model",
    ),
    "circle": (
        with_node(call(("dense", 0, 0))),
        "/config/layers/1/config",
        "`dense` reads its own output",
    ),
    "nested model with too few inputs": (
        functional(
            X,
            {
                **functional(X, given("y", None, 2), DENSE, outputs=OUT, name="inner"),
                "inbound_nodes": [call(("x", 0, 0))],
            },
            outputs=["inner", 1, 0],
        ),
        "/config/layers/1",
        "`inner` has 2 inputs, got 1 tensors",
    ),
    "nested model with another shape": (
        sequential(given("in", None, 9), functional(X, DENSE, outputs=OUT, name="inner")),
        "/config/layers/1/config",
        "the model's input `x` has the shape (?, 8), got (?, 9)",
    ),
    "nested output that is not": (
        functional(
            X,
            {
                **functional(X, DENSE, outputs=["dense", 0, 2], name="inner"),
                "inbound_nodes": [call(("x", 0, 0))],
            },
            outputs=["inner", 1, 0],
        ),
        "/config/layers/1/config/layers/1/config",
        "`dense` has 1 outputs, number 2 is none",
    ),
    "shared layer with another shape": (
        functional(
            X,
            given("y", None, 5),
            layer("Dense", "dense", [("x", 0, 0)], [("y", 0, 0)], units=3),
            outputs=OUT,
        ),
        "/config/layers/2/config",
        "the first call made the weight `kernel` (8, 3), this one needs (5, 3)",
    ),
    "fault of an operation": (
        functional(
            given("x", 4, 8),
            operation("Reshape", "r", ("x", 0, 0), newshape=[2, 3]),
            outputs=["r", 0, 0],
        ),
        "/config/layers/1/config/newshape",
        "(2, 3) holds 6 elements, but 32 arrive",
    ),
    "time before batch": (
        sequential(given("in", None, 5, 4), old("LSTM", "lstm", units=3, time_major=True)),
        "/config/layers/1/config/time_major",
        "only false is supported, as in Keras 3, got true",
    ),
    "a bad name where only the config has one": (
        sequential(
            X, {"class_name": "Dense", "config": {"name": 3, "units": 2}, "inbound_nodes": []}
        ),
        "/config/layers/1/config/name",
        "a name is a string",
    ),
    "unknown function": (
        functional(
            X, old("TFOpLambda", "f", ["x", 0, 0, {}], function="math.ad"), outputs=[["f", 0, 0]]
        ),
        "/config/layers/1/config/function",
        "'tf.math.ad' is not known here; did you mean `tf.math.add`?",
    ),
    "unknown argument of a function": (
        functional(
            X,
            old("TFOpLambda", "f", ["x", 0, 0, {"axis": 1, "way": 3}], function="sort"),
            outputs=[["f", 0, 0]],
        ),
        "/config/layers/1/config",
        "the argument `way`, got 3, is not known here",
    ),
    "wrong argument of a function": (
        functional(
            X,
            old("TFOpLambda", "f", ["x", 0, 0, {"shape": "x"}], function="reshape"),
            outputs=[["f", 0, 0]],
        ),
        "/config/layers/1/inbound_nodes",
        "tf.reshape: needs an integer or a list",
    ),
    "function without `output_shape`": (
        sequential(X, layer("Lambda", "f", function="f")),
        "/config/layers/1/config/output_shape",
        "the code of a function is never run here",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_fault_is_told_at_its_place(name: str) -> None:
    document, place, words = WRONG[name]
    found = faults(document)
    assert [where for where, _ in found] == [place]
    assert words in found[0][1]


def test_all_faults_are_told_at_once() -> None:
    document = functional(
        X,
        layer("Dense", "one", [("x", 0, 0)], units=0),
        layer("Dens", "two", [("one", 0, 0)], units=3),
        layer("Dense", "three", [("zero", 0, 0)], units=3),
        outputs=["four", 0, 0],
    )
    assert [place for place, _ in faults(document)] == [
        "/config/layers/1/config/units",
        "/config/layers/2/class_name",
        "/config/layers/3/inbound_nodes/0/args/0/config/keras_history",
        "/config/output_layers",
    ]


def test_a_shared_layer_has_its_faults_once() -> None:
    shared = layer("Dense", "dense", [("x", 0, 0)], [("x", 0, 0)], units=0)
    assert len(faults(functional(X, shared, outputs=OUT))) == 1


def test_unknown_layers_can_pass_shapes_through() -> None:
    document = sequential(X, layer("Mine", "mine"), layer("Lambda", "f", function="f"), DENSE)
    made = report(document, unknown_as_identity=True)
    assert [entry.notes[0].code for entry in made.layers[:2]] == ["unknown_layer"] * 2
    assert made.outputs[0].shape == (UNKNOWN, 3)


def test_a_function_may_say_what_comes_out() -> None:
    document = sequential(given("x", 4, 8), layer("Lambda", "f", output_shape=[2, None]))
    assert report(document).outputs[0].shape == (4, 2, UNKNOWN)


@pytest.mark.parametrize("name", ["x", None])
def test_the_caller_may_give_the_input(name: str | None) -> None:
    made = report(sequential(X, DENSE), input_shapes={name: (2, 5)})
    assert made.inputs[0].shape == (2, 5)
    assert made.layers[0].weights[0].shape == (5, 3)


def test_the_caller_may_give_an_input_that_the_model_leaves_open() -> None:
    made = report(sequential(layer("Dense", "d", units=3)), input_shapes={None: (2, 5)})
    assert [tensor_.name for tensor_ in made.inputs] == ["d_input"]
    assert made.outputs[0].shape == (2, 3)


@pytest.mark.parametrize(
    ("name", "words"),
    [("z", "a shape was given for `z`, but"), (None, "the model has 2 inputs: `x`, `y`")],
)
def test_the_caller_may_give_no_other_input(name: str | None, words: str) -> None:
    document = functional(X, given("y", None, 2), DENSE, outputs=OUT)
    assert [detail for _, detail in faults(document, Options({name: (1, 8)})) if words in detail]


def test_a_layer_that_stands_in_a_sequence_twice_is_shared() -> None:
    twice = layer("Dense", "dense", units=8)
    made = report(sequential(X, twice, twice))
    assert [entry.counted for entry in made.layers] == [True, False]
    assert made.totals.params == 8 * 8 + 8


def test_shapes_are_built_from_what_keras_notes() -> None:
    dense = layer("Dense", "d", units=3)
    built = {**sequential(dense), "build_config": {"input_shape": [None, 7]}}
    assert report(built).inputs[0].shape == (UNKNOWN, 7)
    assert report(sequential(dense, build_input_shape=[2, 6])).inputs[0].shape == (2, 6)


def test_constants_take_part() -> None:
    ones = {"class_name": "__numpy__", "config": {"value": [[1.0]] * 5, "dtype": "float32"}}
    document = functional(
        given("x", None, 1, 3),
        operation("Multiply", "product", ones, ("x", 0, 0)),
        outputs=["product", 0, 0],
    )
    assert report(document).outputs[0].shape == (UNKNOWN, 5, 3)


def test_nesting_is_bounded() -> None:
    document = sequential(layer("Dense", "d", units=3))
    for depth in range(20):
        document = sequential(X if depth == 19 else document, document, name=f"m{depth}")
    assert any("models nest more than 16 deep" in detail for _, detail in faults(document))


def test_nested_calls_count_as_layers() -> None:
    """Each level calls the one below ten times: ten lines of text, 10 ** 10 layers."""
    inner = functional(X, layer("Dense", "dense", [("x", 0, 0)], units=8), outputs=OUT, name="m0")
    for depth in range(1, 10):
        chain = [("x", 0, 0), *((f"m{depth - 1}", index, 0) for index in range(9))]
        inner = functional(
            X,
            {**inner, "inbound_nodes": [call(reference) for reference in chain]},
            outputs=[f"m{depth - 1}", 10, 0],
            name=f"m{depth}",
        )
    found = faults(inner)
    assert found
    assert all(f"at most {Limits().layers} layers" in detail for _, detail in found)


def test_layers_are_bounded() -> None:
    dense = [layer("Dense", f"d{index}", units=1) for index in range(6)]
    found = faults(sequential(X, *dense), Options(limits=Limits(layers=5)))
    assert [detail for _, detail in found] == ["at most 5 layers, nested ones counted in each call"]


def test_arguments_nest_no_deeper_than_is_good() -> None:
    deep: Any = tensor(("x", 0, 0))
    for _ in range(40):
        deep = [deep]
    found = faults(with_node({"args": [deep], "kwargs": {}}))
    assert "arguments nest more than 16 deep" in found[0][1]


def test_a_model_of_a_class_of_its_own_is_known_by_what_it_holds() -> None:
    mine = {
        **functional(X, DENSE, outputs=OUT, name="inner"),
        "class_name": "Mine",
        "module": "mine",
        "registered_name": "mine>Mine",
    }
    made = report(sequential(X, mine))
    assert [entry.type for entry in made.layers] == ["Mine"]
    assert [entry.name for entry in made.layers[0].layers] == ["dense"]


def test_a_sequence_may_end_in_several_tensors() -> None:
    two = functional(X, DENSE, outputs=[["dense", 0, 0], ["x", 0, 0]], name="two")
    made = report(sequential(X, two))
    assert [tensor_.shape for tensor_ in made.outputs] == [(UNKNOWN, 3), (UNKNOWN, 8)]


def test_nothing_trains_in_a_frozen_model() -> None:
    inner = functional(X, DENSE, outputs=OUT, name="inner")
    made = report(sequential(X, inner, layer("Dense", "last", units=2), trainable=False))
    assert made.totals.params == (8 * 3 + 3) + (3 * 2 + 2)
    assert made.totals.trainable_params == 0
    assert made.layers[0].layers[0].trainable_params == 0


def test_a_model_is_fed_by_the_names_of_its_inputs() -> None:
    inner = functional(
        given("b", None, 2),
        given("a", None, 3),
        layer("Concatenate", "c", [("b", 0, 0), ("a", 0, 0)]),
        outputs=["c", 0, 0],
        name="inner",
    )
    fed = {"args": [{"a": tensor(("y", 0, 0)), "b": tensor(("x", 0, 0))}], "kwargs": {}}
    document = functional(
        given("x", None, 2),
        given("y", None, 3),
        {**inner, "inbound_nodes": [fed]},
        outputs=["inner", 1, 0],
    )
    made = report(document)
    assert made.layers[0].inputs == ("x", "y")
    assert made.outputs[0].shape == (UNKNOWN, 5)


def test_masks_and_training_are_no_inputs() -> None:
    mask = operation("NotEqual", "mask", ("x", 0, 0), 0)
    node = {
        "args": [tensor(("x", 0, 0))],
        "kwargs": {"mask": tensor(("mask", 0, 0)), "training": True},
    }
    made = report(
        functional(
            X,
            mask,
            {**layer("Dropout", "drop", rate=0.5), "inbound_nodes": [node]},
            outputs=["drop", 0, 0],
        )
    )
    assert {entry.name: entry.inputs for entry in made.layers} == {"mask": ("x",), "drop": ("x",)}
