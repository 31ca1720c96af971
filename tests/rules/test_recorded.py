"""Files that the recorder of ``responses`` wrote answer as rules."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
import responses
from responses._recorder import _dump

import handlesfake
from handlesfake.errors import RuleError
from handlesfake.mpsd.http.message import MPSD_HOST
from handlesfake.rules.loading import load_rules_text

URL = f"https://{MPSD_HOST}"


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """What the recorder writes of four responses, two of them to the same request."""
    import yaml  # what responses itself writes with

    answered = [
        responses.Response("GET", f"{URL}/handles/a", json={"id": "a"}, headers={"ETag": "1"}),
        responses.Response("GET", f"{URL}/handles/b", body="first", status=404, headers={"X-A": "b"}),
        responses.Response("GET", f"{URL}/handles/b", body="then", status=200, headers={"X-A": "b"}),
        responses.Response("GET", f"{URL}/handles/b?x=1", body="asked", status=200, headers={"X-A": "b"}),
    ]
    path = tmp_path / "recorded.yaml"
    with path.open("w") as file:
        _dump(answered, file, yaml.dump)
    return path


def get(path: str) -> tuple[int, str]:
    """The code under test."""
    answer = requests.get(f"{URL}{path}", timeout=5)
    return answer.status_code, answer.text


def test_what_was_recorded_is_answered(recorded: Path) -> None:
    """One after the other, the last one repeats; an address with a query matches only itself."""
    with handlesfake.fake(rules=[recorded]) as double:
        found = [get("/handles/b"), get("/handles/b"), get("/handles/b"), get("/handles/b?x=1"), get("/handles/a")]

    assert [(404, "first"), (200, "then"), (200, "then"), (200, "asked"), (200, '{"id": "a"}')] == found
    response = double.journal[4].response
    assert response is not None
    assert ("1", "application/json") == (response.headers.first("ETag"), response.headers.first("Content-Type"))
    assert f"response at {recorded}, line" in double.journal[4].decided_by


WRONG = {
    "{method: GET, url: 'https://example.com/a', status: 200}": (
        "r.yaml, line 2, column 32: a response of example.com has no counterpart: rules answer for "
        f"{MPSD_HOST} only; leave it to responses"
    ),
    f"{{method: GET, url: '{URL}/a', status: 200, stream: true}}": (
        "r.yaml, line 2, column 88: 'stream' of responses has no counterpart in rules; these have: "
        "method, url, status, body, headers, content_type, auto_calculate_content_length"
    ),
    "{method: GET, status: 200}": "r.yaml, line 2, column 13: a response needs url",
}


@pytest.mark.parametrize("response", WRONG)
def test_what_has_no_counterpart_is_named(response: str) -> None:
    """With its place, and what has one."""
    with pytest.raises(RuleError) as caught:
        load_rules_text(f"responses:\n- response: {response}\n".encode(), "r.yaml")

    assert WRONG[response] == str(caught.value)
