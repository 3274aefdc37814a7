"""What is remembered of Keras models, and how they are cut, changes no answer."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from shapewright import memo
from shapewright.formats.errors import DocumentError
from shapewright.formats.keras_readings import LONGEST_TEXT, READINGS
from shapewright.formats.options import Limits, Options
from shapewright.formats.read import read, read_document
from shapewright.network.propagate import infer
from shapewright.network.report import ShapesDoNotFit
from shapewright.render.report import report_json
from tests.golden_data import load
from tests.keras_documents import functional, given, layer, sequential

EXAMPLES = sorted((Path(__file__).parents[1] / "examples" / "models").glob("*.json"))
APPS = ("ConvNeXtTiny", "MobileNet__a025_129")


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    memo.bound(memo.MOST)
    yield
    memo.bound(memo.MOST)


def answer(document: Any, options: Options | None = None) -> bytes:
    form = read if isinstance(document, bytes) else read_document
    try:
        return report_json(infer(form(document, options or Options())))
    except ShapesDoNotFit as error:
        return report_json(error.partial) + str(error).encode()
    except DocumentError as error:
        faults = [(fault.path, fault.detail) for fault in getattr(error, "faults", ())]
        return f"{error.detail} {faults}".encode()


def totals(document: Any, options: Options | None = None) -> Any:
    return json.loads(answer(document, options)).get("totals")


# ---- documents -----------------------------------------------------------------------------------

IN = [("in", 0, 0)]
DENSE = layer("Dense", "dense", IN, units=3)
INNER = sequential(layer("Dense", "a", units=4), layer("Dense", "b", units=5), name="inner")
CELLS = [layer("LSTMCell", f"cell{n}", units=n) for n in (3, 4)]
WRAPPED = {
    "a model in a layer": layer("TimeDistributed", "each", IN, layer=INNER),
    "a layer in a layer": layer("TimeDistributed", "each", IN, layer=DENSE),
    "layers in a layer": layer("RNN", "rnn", IN, cell=layer("StackedRNNCells", "c", cells=CELLS)),
    "a model": {**INNER, "inbound_nodes": copy.deepcopy(DENSE["inbound_nodes"])},
    "a shared layer": layer("Dense", "twice", IN, [("twice", 0, 0)], units=6),
}


def written() -> Iterator[dict[str, Any]]:
    """Small models of layers that hold others, frozen or not."""
    for made in WRAPPED.values():
        last = [[made["name"], len(made["inbound_nodes"]) - 1, 0]]
        model = functional(given("in", None, 5, 6), made, layer("ReLU", "r", last), outputs=last)
        for trainable in (True, False):
            config = {**model["config"], "trainable": trainable}
            yield {**model, "config": config}
            yield sequential(given("in", None, 5, 6), made, {**model, "config": config})


def models() -> list[dict[str, Any]]:
    cases = [case for made in ("keras3", "tfkeras2") for case in load(f"models/{made}")["cases"]]
    return [
        *(json.loads(path.read_text()) for path in EXAMPLES),
        *(case["document"] for case in cases),
        *written(),
    ]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all that is inside a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (*path, key)
        if isinstance(item, (dict, list)):
            yield from places(item, (*path, key))


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


def spoilt(document: Any, choose: random.Random) -> Any:
    """A document with something taken out, put elsewhere, or replaced by what does not belong."""
    document = copy.deepcopy(document)
    junk: list[Any] = [None, True, -1, 2**31, "x", [], {}, ["in", 0, 0], [["in", 1, 1]]]
    for _ in range(choose.choice((1, 1, 2, 5))):
        every = list(places(document))
        path = choose.choice(every)
        holder, key = at(document, path[:-1]), path[-1]
        how = choose.randrange(4)
        if how == 0:
            del holder[key]
        elif how == 1 and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif how == 2:
            holder[key] = copy.deepcopy(at(document, choose.choice(every)))
        else:
            holder[key] = choose.choice(junk)
    return document


def documents() -> list[Any]:
    choose = random.Random(11)
    small = models()
    wrong = [spoilt(model, choose) for model in small for _ in range(2)]
    return [*small, *wrong, *(load(f"keras_apps/{name}")["config"] for name in APPS)]


# ---- memory --------------------------------------------------------------------------------------


def test_neither_memory_nor_form_changes_an_answer() -> None:
    every = documents()
    memo.bound(0)
    without = [answer(document) for document in every]
    compact = [orjson.dumps(document) for document in every]
    assert [answer(document) for document in compact] == without
    spaced = [json.dumps(document).encode() for document in every]
    for most, form in ((memo.MOST, every), (memo.MOST, compact), (memo.MOST, spaced), (3, compact)):
        memo.bound(most)
        assert [answer(document) for document in form] == without  # cold
        assert [answer(document) for document in reversed(form)] == without[::-1]  # warm


@pytest.mark.parametrize("name", ["ResNet50", "MobileNetV3Small", "Xception__notop_None"])
def test_what_was_seen_is_not_read_again(name: str) -> None:
    body = json.dumps(load(f"keras_apps/{name}")["config"]).encode()
    first = read(body, Options())
    misses = READINGS.misses
    second = read(body, Options())
    assert READINGS.misses == misses
    assert all(map(lambda one, other: one is other, first.layers, second.layers))


def test_one_new_layer_leaves_the_others_known() -> None:
    document = load("keras_apps/ResNet50")["config"]
    first = read(orjson.dumps(document), Options())
    document["config"]["layers"][100]["config"]["trainable"] = False
    misses = READINGS.misses
    second = read(orjson.dumps(document), Options())
    assert READINGS.misses == misses + 1
    assert sum(map(lambda one, other: one is other, first.layers, second.layers)) == len(first) - 1


def test_long_texts_are_not_kept() -> None:
    for length, kept in ((LONGEST_TEXT, 1), (10, 2)):
        zeros = {"class_name": "Zeros", "config": {"note": "n" * length}}
        dense = layer("Dense", f"d{length}", units=3, kernel_initializer=zeros)
        before = len(READINGS)
        assert totals(sequential(given(f"in{length}", None, 4), dense))["params"] == 15
        assert len(READINGS) == before + kept


# ---- what a reading depends on -------------------------------------------------------------------


def test_frozen_models_and_others_are_told_apart() -> None:
    model = functional(given("in", None, 4), DENSE, outputs=[["dense", 0, 0]])
    still = {**model, "config": {**model["config"], "trainable": False}}
    for document, trainable in ((model, 15), (still, 0), (model, 15)):
        assert totals(document)["trainable_params"] == trainable


def test_options_are_told_apart() -> None:
    model = sequential(given("in", None, 4), {**layer("Odd", "odd"), "module": "own"})
    lenient = Options(unknown_as_identity=True)
    refused = answer(model)
    assert totals(model, lenient)["params"] == 0
    assert answer(model) == refused


def test_limits_are_told_apart_and_hold_for_what_is_known() -> None:
    made = layer("TimeDistributed", "each", IN, layer=DENSE)
    model = functional(given("in", None, 5, 6), made, outputs=[["each", 0, 0]])
    tight = [Options(limits=Limits(layers=1)), Options(limits=Limits(nesting=0))]
    refused = [answer(model, options) for options in tight]
    assert totals(model)["params"] == 21
    assert [answer(model, options) for options in tight] == refused
    two = functional(given("in", None, 5, 6), made, {**made, "name": "x"}, outputs=[["x", 0, 0]])
    three = Options(limits=Limits(layers=3))
    memo.bound(0)
    without = answer(two, three)
    memo.bound(memo.MOST)
    assert b"nested ones counted" in without
    assert [answer(model, three), answer(two, three), answer(two, three)][1:] == [without] * 2


def test_a_layer_by_the_same_text_may_stand_anywhere() -> None:
    """An `InputLayer` in a sequential model is its input only at the beginning."""
    start, dense = given("in", None, 4), layer("Dense", "dense", units=2)
    forms = [sequential(start, dense), sequential(start, dense, start), sequential(dense, start)]
    memo.bound(0)
    without = [answer(form) for form in forms]
    memo.bound(memo.MOST)
    for order in (forms, forms[::-1]):
        assert [answer(form) for form in order] == without[:: 1 if order is forms else -1]


# ---- cuts ----------------------------------------------------------------------------------------

MODEL = orjson.dumps(functional(given("in", None, 4), DENSE, outputs=[["dense", 0, 0]]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"", b""),
        (b'"units":3', b'"units":3,"note":"]},{\\"module\\":"'),
        (b'"units":3', b'"units":3,"note":[{"a":[]},{"module":1}]'),
        (b'"units":3', b'"units":3}'),
        (b']},{"module"', b']} {"module"'),
        (b']},{"module"', b']},,{"module"'),
        (b']},{"module"', b']}],[{"module"'),
        (b']},{"module"', b']},{"a":[]},{"module"'),
        (b'"layers":[{', b'"layers":[{ '),
        (b'"layers":[{', b'"layers":[{"a b":1,'),
        (b'"layers":[{', b'"layers":[{"note":1,'),
        (b'"layers":[{', b'"layers":[{},{'),
        (b'"layers":[', b'"layers":7,"layers":['),
        (b'"layers":[', b'"\\u006cayers":[],"layers":['),
        (b'"input_layers"', b'"\\u006cayers":[],"input_layers"'),
        (b'"registered_name":"Functional"', b'"config":{"layers":[]}'),
        (b'"registered_name":"Functional"', b'"config":7'),
        (b'"registered_name":"Functional"', b'"compile_config":{"metrics":[{}]}'),
        (b'"name":"model"}', b'"name":"layers"}'),
        (b'"name":"model"}', b'"name":"model"'),
    ],
)
def test_a_cut_changes_no_meaning(old: bytes, new: bytes) -> None:
    assert old in MODEL
    body = MODEL.replace(old, new)
    try:
        wanted = answer(orjson.loads(body))
    except orjson.JSONDecodeError as error:
        wanted = f"the document is not JSON: {error} []".encode()
    assert [answer(body), answer(body)] == [wanted] * 2
