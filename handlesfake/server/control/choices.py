"""Choices: how open questions about the service are answered; read and changed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from handlesfake.files.placed import without_places
from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.http.message import Response
from handlesfake.options.chosen import chosen
from handlesfake.server.control.openapi.files import CHOICES, SAID, reference
from handlesfake.server.control.request import ControlRequest, fine
from handlesfake.server.control.routes import ControlCall


def _choices(ask: ControlRequest) -> Response:
    return fine(asdict(ask.core.fake.settings.choices))


def _put_choices(ask: ControlRequest) -> Response:
    return _chosen(ask, Choices())


def _add_choices(ask: ControlRequest) -> Response:
    return _chosen(ask, ask.core.fake.settings.choices)


def _chosen(ask: ControlRequest, over: Choices) -> Response:
    said = ask.document()
    ask.core.fake.choose(chosen({} if said is None else _whole(without_places(said)), over))
    return _choices(ask)


def _whole(said: Any) -> Any:
    """What JSON says with one kind of number: 400.0 is 400."""
    if isinstance(said, list):
        return [_whole(one) for one in said]
    if isinstance(said, dict):
        return {name: _whole(value) for name, value in said.items()}
    return int(said) if isinstance(said, float) and said.is_integer() else said


CALLS = (
    ControlCall("GET", "/choices", "How each open question is answered now.", _choices, answer=reference(CHOICES)),
    ControlCall(
        "POST",
        "/choices",
        "Answer some open questions otherwise: a mapping of choices, the name of a set, or a list of these.",
        _add_choices,
        file="mapping of choices",
        file_schema=SAID,
        needs_file=False,
        answer=reference(CHOICES),
    ),
    ControlCall(
        "PUT",
        "/choices",
        "The same over the defaults: what is not said is answered as usual.",
        _put_choices,
        file="mapping of choices",
        file_schema=SAID,
        needs_file=False,
        answer=reference(CHOICES),
    ),
)
