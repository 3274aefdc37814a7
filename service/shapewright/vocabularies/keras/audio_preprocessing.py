"""Keras's layers that turn sound into spectrograms."""

from __future__ import annotations

from typing import Any, Final

from shapewright.arithmetic.errors import ParameterError
from shapewright.arithmetic.window import Window
from shapewright.operations.base import Operation, WeightTemplate
from shapewright.operations.spectrogram import BandSpectrogram, ShortTimeFourier
from shapewright.vocabularies.keras.arrays import Array
from shapewright.vocabularies.keras.common import data_format, declare, layout
from shapewright.vocabularies.parameters import (
    Choice,
    Either,
    Flag,
    Integer,
    Number,
    Parameter,
)

PARTS: Final = ("real", "imag")

MODES: Final = ("log", "magnitude", "psd", *PARTS, "angle", "stft")

WINDOWS: Final = (
    *("barthann", "brthan", "bth", "bartlett", "bart", "brt", "blackman", "black", "blk"),
    *("blackmanharris", "blackharr", "bkh", "bohman", "bman", "bmn"),
    *("boxcar", "box", "ones", "rect", "rectangular", "cosine", "halfcosine"),
    *("exponential", "poisson", "flattop", "flat", "flt", "hamming", "hamm", "ham"),
    *("hann", "han", "lanczos", "sinc", "nuttall", "nutl", "nut", "parzen", "parz", "par"),
    *("taylor", "taylorwin", "triangle", "triang", "tri", "tukey", "tuk"),
)
"""The windows of `scipy.signal.get_window` that need no parameters."""


def stft_spectrogram(
    mode: str,
    frame_length: int,
    frame_step: int | None,
    fft_length: int | None,
    window: Any,
    padding: str,
    expand_dims: bool,
    data_format: str | None,
    **_: Any,
) -> Operation:
    """STFTSpectrogram: real and imaginary part, each by a kernel of its own."""
    step = frame_length // 2 if frame_step is None else frame_step
    length = 1 << (frame_length - 1).bit_length() if fft_length is None else fft_length
    check_frames(frame_length, step, length)
    check_window(window, frame_length, "frame_length")
    frequencies = length // 2 + 1
    parts = (mode,) if mode in PARTS else PARTS
    shape = (frame_length, 1, frequencies)
    return ShortTimeFourier(
        layout=layout(1, data_format),
        window=Window(frame_length, step),
        padding=padding,
        frequencies=frequencies,
        parts=len(parts),
        stacked=mode == "stft",
        apart=expand_dims,
        weights=tuple(WeightTemplate(f"{part}_kernel", shape) for part in parts),
    )


def check_frames(frame_length: int, step: int, fft_length: int) -> None:
    """Refuse frames that leave gaps, or that are longer than their transform.

    Raises:
        ParameterError: naming both lengths.
    """
    if not 1 <= step <= frame_length:
        raise ParameterError(
            f"frame_step is {step}, it has to be from 1 to frame_length, which is {frame_length}",
            "frame_step",
        )
    if fft_length < frame_length:
        raise ParameterError(
            f"fft_length is {fft_length}, less than frame_length, which is {frame_length}",
            "fft_length",
        )


def check_window(window: Any, length: int, parameter: str) -> None:
    """Refuse a window of the caller's own that does not cover a frame.

    Raises:
        ParameterError: it has another number of values.
    """
    if isinstance(window, tuple) and window != (length,):
        raise ParameterError(
            f"the window has {window[0]} values, but {parameter} is {length}", "window"
        )


def mel_spectrogram(
    fft_length: int,
    sequence_stride: int,
    sequence_length: int | None,
    window: Any,
    num_mel_bins: int,
    **_: Any,
) -> Operation:
    """MelSpectrogram."""
    length = sequence_length or fft_length
    if fft_length < length:
        raise ParameterError(
            f"fft_length is {fft_length}, less than sequence_length, which is {length}",
            "fft_length",
        )
    check_window(window, length, "sequence_length")
    return BandSpectrogram(Window(fft_length, sequence_stride), num_mel_bins)


def _window(*names: str) -> Parameter[Any]:
    kinds = (Choice(*names), Array(rank=1))
    return Either(*kinds, default="hann", nullable=True, doc="what frames are multiplied by")


LAYERS = (
    declare(
        "STFTSpectrogram",
        "Sound to spectrograms, by short-time Fourier transforms.",
        "preprocessing/stft_spectrogram.py",
        {
            "mode": Choice(*MODES, default="log", doc="what is told of each frequency"),
            "frame_length": Integer(256, minimum=1, doc="samples in a frame"),
            "frame_step": Integer(
                None, minimum=1, doc="samples from frame to frame; null: half a frame"
            ),
            "fft_length": Integer(
                None, minimum=1, doc="samples of a transform; null: the next power of 2"
            ),
            "window": _window(*WINDOWS),
            "periodic": Flag(False, doc="make the window periodic"),
            "scaling": Choice("density", "spectrum", default="density", nullable=True),
            "padding": Choice("valid", "same", default="valid", doc="what lies at the border"),
            "expand_dims": Flag(False, doc="frequencies and channels on axes of their own"),
            "data_format": data_format(),
        },
        stft_spectrogram,
        spelling={"kernel_size": "frame_length"},
    ),
    declare(
        "MelSpectrogram",
        "Sound to spectrograms in bands that are even to the ear.",
        "preprocessing/mel_spectrogram.py",
        {
            "fft_length": Integer(2048, minimum=1, doc="samples of a transform"),
            "sequence_stride": Integer(512, minimum=1, doc="samples from frame to frame"),
            "sequence_length": Integer(
                None, minimum=0, doc="samples that the window covers; null: `fft_length`"
            ),
            "window": _window("hann", "hamming"),
            "sampling_rate": Number(16000, doc="samples in a second"),
            "num_mel_bins": Integer(128, minimum=1, doc="how many bands there are"),
            "min_freq": Number(20.0, doc="where the first band begins, in hertz"),
            "max_freq": Number(None, doc="where the last band ends; null: half the sampling rate"),
            "power_to_db": Flag(True, doc="give decibels"),
            "top_db": Number(80.0, doc="how far below the loudest values are cut off"),
            "mag_exp": Number(2.0, doc="1 for magnitudes, 2 for powers"),
            "min_power": Number(1e-10, doc="what smaller values are raised to"),
            "ref_power": Number(1.0, doc="what is 0 decibels"),
        },
        mel_spectrogram,
        spelling={"kernel_size": "fft_length"},
    ),
)
