"""responses mocks other services, and the fake is MPSD, in the same test."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests
import responses
from requests.adapters import HTTPAdapter
from responses import registries
from urllib3.util import Retry

from handlesfake.errors import Escaped
from handlesfake.exchange.outcome import Answer, ConnectionEnd, Fault
from handlesfake.intercept.registry import registry
from handlesfake.intercept.tools.responses import register_on
from handlesfake.mpsd.http.message import Headers, Response
from tests.intercept.stub import URL, Stub, echo

OTHER = "https://profile.example/users"


def test_a_mock_that_came_first_leaves_mpsd_to_the_double(start: Callable[..., Stub]) -> None:
    """Activated before the double, responses answers for its hosts and for no other."""
    with responses.RequestsMock() as rsps:
        rsps.get(OTHER, body="mocked")
        double = start(echo)
        answers = [requests.get(OTHER).text, requests.post(URL, data="sent").text]

    assert ["mocked", "sent"] == answers
    assert [b"sent"] == [request.body for request in double.requests]


@responses.activate
def test_a_mock_that_came_second_leaves_mpsd_to_the_double(double: Stub) -> None:
    """A decorator that activates responses over an active double takes nothing away from it."""
    responses.get(OTHER, body="mocked")

    assert ["mocked", "sent"] == [requests.get(OTHER).text, requests.post(URL, data="sent").text]
    assert 1 == len(double.requests)


def test_a_mock_keeps_refusing_what_it_does_not_know(double: Stub) -> None:
    """Unknown hosts are refused by responses, as usual."""
    with responses.RequestsMock(), pytest.raises(requests.ConnectionError, match="Connection refused by Responses"):
        requests.get("https://nobody.example/")

    assert [] == double.requests


def test_a_mock_of_mpsd_works_where_no_double_is_active(double: Stub) -> None:
    """A suite that plays MPSD with responses in other tests goes on doing so."""
    registry.stop(double)
    with responses.RequestsMock() as rsps:
        rsps.post(URL, body="their own")

        assert "their own" == requests.post(URL).text


def test_a_registered_mock_notes_what_mpsd_was_sent(double: Stub) -> None:
    """Its calls hold requests for MPSD and for others, in order."""
    with responses.RequestsMock() as rsps:
        register_on(rsps)
        rsps.get(OTHER, body="mocked")
        requests.post(URL, params={"include": "relatedInfo"}, data="sent")
        requests.get(OTHER)

        assert [URL + "?include=relatedInfo", OTHER] == [call.request.url for call in rsps.calls]
        assert {"include": "relatedInfo"} == rsps.calls[0].request.params
        assert (200, "sent") == (rsps.calls[0].response.status_code, rsps.calls[0].response.text)


@pytest.mark.parametrize("kind", [registries.FirstMatchRegistry, registries.OrderedRegistry])
def test_a_registered_mock_demands_no_call(double: Stub, kind: type[registries.FirstMatchRegistry]) -> None:
    """A service is not an expectation: it need not be called, and takes no turn."""
    with responses.RequestsMock(assert_all_requests_are_fired=True, registry=kind) as rsps:
        register_on(rsps)
        rsps.get(OTHER, body="first")
        rsps.get(OTHER, body="second")

        assert ["first", "second"] == [requests.get(OTHER).text, requests.get(OTHER).text]


def test_a_registered_mock_notes_a_fault(start: Callable[..., Stub]) -> None:
    """A fault is the client's own exception, and is among the calls."""
    start(Fault(ConnectionEnd.TIMEOUT, "stub"))
    with responses.RequestsMock() as rsps:
        register_on(rsps)
        with pytest.raises(requests.ReadTimeout):
            requests.post(URL)

        assert isinstance(rsps.calls[0].response, requests.ReadTimeout)


def test_a_registered_mock_runs_its_callback(double: Stub) -> None:
    """``response_callback`` sees the answers of the double, too."""

    def marked(response: requests.Response) -> requests.Response:
        response.headers["X-Seen"] = "yes"
        return response

    with responses.RequestsMock(response_callback=marked) as rsps:
        register_on(rsps)

        assert "yes" == requests.post(URL).headers["X-Seen"]


def test_a_registered_mock_refuses_after_the_double(double: Stub) -> None:
    """What was registered on a mock that outlives the double does not answer."""
    rsps = responses.RequestsMock()
    register_on(rsps)
    registry.stop(double)
    with rsps, pytest.raises(Escaped):
        requests.post(URL)

    assert [] == double.requests


def test_retries_are_those_of_the_session(start: Callable[..., Stub]) -> None:
    """Each attempt of urllib3's Retry is one request, and responses adds no request."""
    busy = Answer(Response(503, Headers([("Retry-After", "0")])), "stub")
    double = start(busy, busy, Answer(Response(200), "stub"))
    session = requests.Session()
    session.mount("https://", HTTPAdapter(max_retries=Retry(3, status_forcelist=[503], allowed_methods=None)))
    with responses.RequestsMock() as rsps:
        register_on(rsps)
        response = session.post(URL, data="sent")

    assert 200 == response.status_code
    assert [b"sent"] * 3 == [request.body for request in double.requests]
