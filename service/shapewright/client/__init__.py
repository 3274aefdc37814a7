"""A client of the service: requests and the standard library; numpy where there are arrays.

    from shapewright.client import Client, Problem

    with Client("http://localhost:8000") as client:
        print(client.infer(model.to_json()).totals.params)
        for result in client.infer_many(candidates(), progress=True):
            print(result if isinstance(result, Problem) else result.totals.macs)

`local()` answers the same calls in this process, without a server.
"""

from shapewright.client.catalogue import LayerType, LayerTypeSummary
from shapewright.client.client import Client
from shapewright.client.convolved import Convolved, Sample, Samples
from shapewright.client.errors import (
    Busy,
    ConnectionFailed,
    Fault,
    InvalidArrays,
    InvalidNetwork,
    NotFound,
    Problem,
    ServiceFailed,
    ShapeMismatch,
    ShapewrightClientError,
    Timeout,
    TooLarge,
    UnexpectedAnswer,
)
from shapewright.client.in_process import local
from shapewright.client.reports import Layer, Note, Padding, Report, Tensor, Totals, Window

__all__ = [
    "Busy",
    "Client",
    "ConnectionFailed",
    "Convolved",
    "Fault",
    "InvalidArrays",
    "InvalidNetwork",
    "Layer",
    "LayerType",
    "LayerTypeSummary",
    "NotFound",
    "Note",
    "Padding",
    "Problem",
    "Report",
    "Sample",
    "Samples",
    "ServiceFailed",
    "ShapeMismatch",
    "ShapewrightClientError",
    "Tensor",
    "Timeout",
    "TooLarge",
    "Totals",
    "UnexpectedAnswer",
    "Window",
    "local",
]
