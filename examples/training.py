"""Handwritten digits, and how well a network tells them apart: it stands in for your own training.

The convolutions keep random weights and only the readout is trained, in closed form. That is enough
to rank architectures (Saxe et al., On Random Weights and Unsupervised Feature Learning, 2011), and
takes a fraction of a second. No framework is needed to run the network, since its report says how
each layer pads, steps and spreads, and what shape its kernel has.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from shapewright.client import Report, Window

SEED = 0
TRAINED, VALIDATED = 1000, 1400
"""The first 1000 images are trained on, the next 400 validate, the others test."""

RIDGE = 0.01
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Score:
    """Which part of the images a network tells right."""

    validation: float
    test: float


@dataclass(frozen=True)
class Digits:
    """Images of (number, 8, 8, 1) from 0 to 1, and the digits that they show."""

    images: Array
    labels: Array

    @classmethod
    def load(cls) -> Digits:
        """All of them, shuffled in the same way each time."""
        with np.load(Path(__file__).with_name("digits.npz")) as file:
            images, labels = file["images"].astype(np.float32) / 16, file["labels"]
        order = np.random.default_rng(SEED).permutation(len(labels))
        return cls(images[order, :, :, np.newaxis], labels[order])

    def train(self, report: Report) -> Score:
        """Train the readout of a network by ridge regression."""
        seen = features(report, self.images)
        seen -= seen[:TRAINED].mean(0)
        wanted = np.eye(10, dtype=np.float32)[self.labels] - 0.1
        gram = seen[:TRAINED].T @ seen[:TRAINED]
        ridge = RIDGE * np.trace(gram) / len(gram) + 1e-6
        weights = np.linalg.solve(
            gram + ridge * np.eye(len(gram)), seen[:TRAINED].T @ wanted[:TRAINED]
        )
        right = (seen @ weights).argmax(1) == self.labels
        return Score(right[TRAINED:VALIDATED].mean(), right[VALIDATED:].mean())


def features(report: Report, images: Array) -> Array:
    """What the layers before the readout make of images, one row for each."""
    random = np.random.default_rng(SEED)
    for layer in report.layers:
        if layer.window is None:
            continue  # the readout, and what flattens for it
        windows = cut(images, layer.window)
        if "kernel" in layer.weights:
            shape = layer.weights["kernel"]
            kernel = random.standard_normal(shape, np.float32) / np.sqrt(np.prod(shape[:3]))
            bias = random.standard_normal(shape[3], np.float32) / 10
            images = np.maximum(np.tensordot(windows, kernel, ((4, 5, 3), (0, 1, 2))) + bias, 0)
        else:
            images = windows.max((4, 5))
        assert images.shape[1:] == layer.output_shapes[0][1:], "the report foretold another shape"
    return images.reshape(len(images), -1)


def cut(images: Array, window: Window) -> Array:
    """Every window of the images, as (number, height, width, channels, taps, taps)."""
    edges = zip(window.padding.before, window.padding.after, strict=True)
    padded = np.pad(images, [(0, 0), *edges, (0, 0)])
    views = sliding_window_view(padded, window.effective_kernel_size, (1, 2))
    (down, right), (apart_down, apart_right) = window.strides, window.dilation
    return views[:, ::down, ::right, :, ::apart_down, ::apart_right]
