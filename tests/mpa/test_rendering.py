"""How MPA says no: the bodies of its pages (contract 20.6)."""

from __future__ import annotations

import json

import pytest

from handlesfake.mpa.rendering import render_refusal
from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.mpsd.refusals.catalogue import REFUSALS, Refusal, refuse
from handlesfake.mpsd.settings import Settings
from tests.mpa.asking import NOW

INVITE = Request("POST", "/titles/1/invites")


def rendered(refusal: Refusal, request: Request = INVITE, **choices: str) -> Response:
    """The answer to a refused request."""
    return render_refusal(refusal, request, NOW, lambda: "id", Settings(choices=Choices(**choices)))  # type: ignore[arg-type]  # a wrong word is an error of Choices


def test_throttled() -> None:
    """A 429 says for how long, and its body has six texts; a choice makes numbers of four of them (M6)."""
    texts, numbers = (
        rendered(refuse("throttled", retry_after=7)),
        rendered(refuse("throttled"), mpa_throttled_values="number"),
    )

    assert (429, "7", "15") == (
        texts.status,
        texts.headers.first("Retry-After"),
        numbers.headers.first("Retry-After"),
    )
    assert {
        "version": "1",
        "currentRequests": "31",
        "maxRequests": "30",
        "periodInSeconds": "15",
        "limitType": "rate",
        "debugMessage": "Too many requests.",
    } == json.loads(texts.body)
    assert [1, 31, 30, 15, "rate", "Too many requests."] == [*json.loads(numbers.body).values()]


def test_an_invalid_request() -> None:
    """The error code is that of the operation's page, and the message says which field."""
    refusal = refuse("missing_field", field="invitedUsers")

    assert {"errorCode": "InvalidRequest", "debugMessage": "The field invitedUsers is missing."} == json.loads(
        rendered(refusal).body
    )
    assert (
        "RequestValidationError"
        == json.loads(rendered(refusal, Request("POST", "/titles/1/recentplayers")).body)["errorCode"]
    )


def test_unavailable() -> None:
    """A 503, which only a rule brings about, has no body."""
    found = rendered(refuse("unavailable"))

    assert (503, b"", "5") == (found.status, found.body, found.headers.first("Retry-After"))


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_of_mpsd_has_a_form_here(name: str) -> None:
    """A rule may say any no of any request: its status stays, and its body is one of this service."""
    refusal = Refusal(REFUSALS[name], **dict.fromkeys(("allow", *REFUSALS[name].facts), "x"))
    found = rendered(refusal)

    assert refusal.status == found.status
    assert found.body == b"" or "debugMessage" in json.loads(found.body)
