"""Networks that are measured are what they say."""

from __future__ import annotations

from itertools import islice

import pytest

from benchmarks.networks import chain, new_stacks, resnet50
from shapewright.client import Client, local


@pytest.fixture(scope="module")
def client() -> Client:
    return local()


def test_resnet50_is_resnet50(client: Client) -> None:
    """It has the parameters of PyTorch's, and the running statistics that Keras counts too."""
    totals = client.infer(resnet50()).totals
    assert totals.trainable_params == 25_557_032
    assert totals.params == 25_557_032 + 2 * 26_560


@pytest.mark.parametrize("length", [10, 95])
def test_a_chain_has_its_length_and_keeps_its_shape(client: Client, length: int) -> None:
    report = client.infer(chain(length))
    assert report.totals.layers == length
    assert report.outputs[0].shape[:3] == (None, 56, 56)


def test_new_layers_are_all_different_and_good(client: Client) -> None:
    documents = list(islice(new_stacks(50), 40))
    layers = [repr(layer) for document in documents for layer in document["layers"]]
    assert len(layers) == len(set(layers)) == 2000
    assert client.infer(documents[-1]).outputs[0].shape[:3] == (None, 64, 64)
