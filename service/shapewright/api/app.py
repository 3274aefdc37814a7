"""The application: the table of endpoints, served by Flask."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from flask import Flask

from shapewright import memo
from shapewright.api import content, journal, metrics, openapi, problems
from shapewright.api.endpoint import Endpoint
from shapewright.api.endpoints import ENDPOINTS
from shapewright.api.head import read_head
from shapewright.api.kinds import SWITCHED_OFF, Refusal
from shapewright.api.request import REQUEST_ID, Request, current
from shapewright.api.response import Response
from shapewright.api.settings import Settings
from shapewright.api.slots import Slots
from shapewright.api.views import Answer, Asked
from shapewright.formats.options import Limits


def create_app(settings: Settings | None = None) -> Flask:
    """The service with these settings, or with the defaults."""
    settings = settings or Settings()
    memo.bound(settings.memory_entries)
    app = Flask("shapewright.api", static_folder=None)
    app.request_class = Request
    app.response_class = Response
    app.url_map.merge_slashes = False
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        MAX_FORM_MEMORY_SIZE=settings.max_body_bytes,
        MAX_FORM_PARTS=8,
    )
    documents = openapi.documents(*(e.name for e in ENDPOINTS if not e.is_on(settings)))
    slots = Slots(settings.max_convolve_at_once)
    for endpoint in ENDPOINTS:
        app.add_url_rule(
            endpoint.rule,
            endpoint=f"{endpoint.method} {endpoint.path}",
            view_func=partial(serve, endpoint, settings, settings.limits, slots, documents),
            methods=[endpoint.method, "OPTIONS"],
            provide_automatic_options=False,
        )
    app.register_error_handler(Exception, problems.answer)
    app.after_request(finish)
    metrics.MEMORY.begin()
    return app


def create_own_app() -> Flask:
    """The service for those who use it in their own process."""
    return create_app(Settings.for_oneself())


def serve(
    endpoint: Endpoint,
    settings: Settings,
    limits: Limits,
    slots: Slots,
    documents: Mapping[str, bytes],
    **path: str,
) -> Response:
    """Read the request as the endpoint wants it, run the view, and wrap its answer."""
    if not endpoint.is_on(settings):
        raise Refusal(SWITCHED_OFF, f"{endpoint.method} {endpoint.path} is switched off here")
    request = current()
    if request.method == "OPTIONS":
        return options(endpoint)
    if endpoint.heavy:
        check_slots(slots, request)
    head = read_head(request, endpoint, limits)
    request.detail = head.query.get("detail", "full")
    asked = Asked(
        path=path,
        query=head.query,
        media=head.media,
        parts=content.received(request, head.sent, endpoint.parts) if endpoint.reads else {},
        sent=head.sent,
        request_id=request.id,
        tally=request.tally,
        limits=limits,
        settings=settings,
        slots=slots,
        openapi=documents,
    )
    given = endpoint.view(asked)
    answer = given if isinstance(given, Answer) else Answer(given)
    return Response(
        answer.body,
        headers={**endpoint.headers, **answer.headers},
        content_type=endpoint.written(head.media),
    )


def check_slots(slots: Slots, request: Request) -> None:
    """Send a caller away before the body is taken apart, which is work too."""
    try:
        slots.check()
    except Refusal:
        content.pass_over(request)
        raise


def options(endpoint: Endpoint) -> Response:
    """The answer to OPTIONS: which methods the path takes."""
    response = Response(status=204, headers={"Allow": ", ".join(endpoint.allowed)})
    response.headers.remove("Content-Type")
    return response


def finish(response: Response) -> Response:
    """What every answer has besides: the request's id, and an entry in the journal."""
    request = current()
    response.headers[REQUEST_ID] = request.id
    journal.finish(request, response)
    return response
