"""The client: each call of the service as a method."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import length_hint
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeAlias
from urllib.parse import quote

from requests.adapters import BaseAdapter

from shapewright.client import documents
from shapewright.client.catalogue import LayerType, LayerTypes, LayerTypeSummary
from shapewright.client.checks import at_least, base_url, key, seconds
from shapewright.client.connection import Connection, Patience
from shapewright.client.convolved import Convolved
from shapewright.client.documents import Network
from shapewright.client.errors import Problem
from shapewright.client.progress import Progress, watch
from shapewright.client.reports import Report
from shapewright.client.streams import batches, in_order, infer_lines, watched

if TYPE_CHECKING:
    from shapewright.client.arrays import AnyArray

Detail: TypeAlias = Literal["full", "shapes", "summary"]
UnknownLayers: TypeAlias = Literal["refuse", "identity"]
AnyShape: TypeAlias = Sequence[int | None]

BATCH_BYTES: Final = 2**20
"""A request of a stream is sent off as soon as it is so long."""


class Client:
    """Asks a service at a URL; threads may share it, and it keeps its connections.

    Every call has a timeout and is tried again, after growing pauses, when no connection is made,
    when one breaks, and when the service is busy or fails: no call changes anything, so none can
    be made too often. `timeout` is the seconds to connect and between two pieces of an answer, or
    a pair of them. The key is sent as a bearer token. A `transport` of requests takes the place
    of the network.

    Raises:
        ValueError: the URL, the key, the timeout or the retries cannot be meant.
    """

    def __init__(
        self,
        url: str,
        api_key: str | None = None,
        *,
        timeout: Patience = 30.0,
        retries: int = 4,
        transport: BaseAdapter | None = None,
    ) -> None:
        self._connection = Connection(
            base_url(url),
            api_key=None if api_key is None else key(api_key),
            timeout=seconds(timeout),
            retries=at_least(0, "retries", retries),
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; a later call opens new ones."""
        self._connection.close()

    def infer(
        self,
        network: Network,
        *,
        detail: Detail | None = None,
        input_shape: AnyShape | Mapping[str, AnyShape] | None = None,
        unknown_layers: UnknownLayers | None = None,
        locate: str | None = None,
    ) -> Report:
        """What happens in a network.

        Args:
            network: a stack or Keras model as a dict, JSON as text or bytes, or a `.keras` file as
                bytes or as a `Path`; a `str` is never a path.
            detail: how much is told of each layer: "full", "shapes", or nothing with "summary".
            input_shape: replaces the model's own; where there are several inputs, a map by name.
            unknown_layers: "identity" lets layer types that nobody knows pass shapes through.
            locate: such as "stem:4,5": what one output sees, or what one input reaches.

        Raises:
            InvalidNetwork: it cannot be read, or parts of it are wrong.
            ShapeMismatch: the shapes do not fit.
            ShapewrightClientError: the service cannot be reached, or does not answer as it should.
            TypeError: it is none of these, or holds what JSON has no word for.
        """
        query = {
            "detail": detail,
            "input_shape": None if input_shape is None else documents.to_json(input_shape),
            "unknown_layers": unknown_layers,
            "locate": locate,
        }
        answer = self._connection.send(
            "POST",
            "/v1/infer",
            query,
            body=documents.encode(network),
            media_type=documents.media_type(network),
        )
        return answer.record(Report)

    def infer_many(
        self,
        networks: Iterable[Network],
        *,
        detail: Detail | None = None,
        unknown_layers: UnknownLayers | None = None,
        batch_size: int = 100,
        in_flight: int = 4,
        progress: Progress = False,
    ) -> Iterator[Report | Problem]:
        """A report or a problem for each network, in order; an invalid one stops nothing.

        The networks may be endless: they are taken as they are needed, `batch_size` to a request
        and `in_flight` requests at a time, so never more than `in_flight * batch_size` ahead.

        Args:
            networks: as `infer` takes them.
            detail: as for `infer`, but "summary" if it is not given.
            unknown_layers: as for `infer`.
            batch_size: networks in one request; long ones make it shorter.
            in_flight: requests under way at the same time, each in a thread.
            progress: True draws a line on stderr; a function is called with the number of results.

        Raises:
            ShapewrightClientError: a whole request failed; the later networks go unanswered.
            TypeError: as `infer`.
            ValueError: `batch_size` or `in_flight` is less than 1.
        """
        lines = map(documents.line, networks)
        requests = batches(lines, at_least(1, "batch_size", batch_size), BATCH_BYTES)
        query = {"detail": detail, "unknown_layers": unknown_layers}
        answered = in_order(
            partial(infer_lines, self._connection, query),
            requests,
            at_least(1, "in_flight", in_flight),
        )
        return watched(answered, watch(progress, length_hint(networks)))

    def convolve(
        self,
        layer: Mapping[str, Any],
        input: AnyArray,
        kernel: AnyArray | None = None,
        bias: AnyArray | None = None,
        *,
        depthwise_kernel: AnyArray | None = None,
        pointwise_kernel: AnyArray | None = None,
        mask: bool = False,
        impulse: bool = False,
    ) -> Convolved:
        """What a layer with a window makes of arrays; no number is rounded on the way.

        Args:
            layer: as in a stack, with its `framework` if that is not Keras; what the kernel tells
                can be left out.
            input: with the batch axis, in the framework's layout, as all arrays are.
            kernel: for a convolution that has one; a pool takes none.
            bias: where the layer adds one.
            depthwise_kernel: together with the next, the kernels of a separable convolution.
            pointwise_kernel: see there.
            mask: also count, for each place of the output, the taps that lie on data.
            impulse: also tell which elements of the input the taps read.

        Raises:
            InvalidNetwork: the layer cannot be read, or parts of it are wrong.
            ShapeMismatch: the layer does not accept the input.
            InvalidArrays: an array cannot be read, or does not fit the layer.
            NotFound: the service is set up to run nothing.
            Problem: the layer has no window.
            ShapewrightClientError: the service cannot be reached, or does not answer as it should.
            TypeError: an array holds other things than numbers, or the layer is no dict.
        """
        from shapewright.client import arrays  # noqa: PLC0415  the only call that needs numpy

        parts = {
            "input": input,
            "kernel": kernel,
            "bias": bias,
            "depthwise_kernel": depthwise_kernel,
            "pointwise_kernel": pointwise_kernel,
        }
        answer = self._connection.send(
            "POST",
            "/v1/convolve",
            {"mask": "true" if mask else None, "impulse": "true" if impulse else None},
            body=arrays.pack(layer, parts),
            media_type=arrays.NPZ,
            accept=arrays.NPZ,
        )
        return answer.read("file of arrays", arrays.unpack)

    def layers(self, framework: str | None = None) -> tuple[LayerTypeSummary, ...]:
        """The layer types that a stack can name, of all frameworks or of one.

        Raises:
            Problem: there is no such framework.
            ShapewrightClientError: the service cannot be reached, or does not answer as it should.
        """
        answer = self._connection.send("GET", "/v1/layers", {"framework": framework})
        return answer.record(LayerTypes).layers

    def layer(self, framework: str, type: str) -> LayerType:
        """All that is known of a layer type: its parameters as JSON Schema, its source.

        Raises:
            NotFound: there is none of this name; the detail names the nearest.
            ShapewrightClientError: the service cannot be reached, or does not answer as it should.
        """
        path = f"/v1/layers/{quote(framework, safe='')}/{quote(type, safe='')}"
        return self._connection.send("GET", path, {}).record(LayerType)
