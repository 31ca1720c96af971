"""The control interface, asked anything: each answer is one that its description foresees."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.lobby import arranged
from tests.server.servers import Remote, controlled

_ODD = [
    None, True, 0, -1, 10**30, float("inf"), "", "host", "guest", "\0", "2h", "9999-12-31T23:59:59Z", [], ["host"],
    [[]], [["create_handle", {"x": 1}]], {}, {"name": 5}, {"type": "activity"}, "create_handle", "put_session",
]  # fmt: skip
_PARTS = ["host", "w1", "lobby", "a%20b", "%00", "%ff", "%2F", "..", "x" * 300]
_FILES = ["", "{", "a: [b", "&a [*a]", "users: 5", "sessions: [{name: []}]", "rules: [{when: 5}]", "- - -", "\0"]
_WAITING = ("within", "seconds", "at_most")


@pytest.fixture(scope="module")
def remote() -> Iterator[Remote]:
    """One server for all that is asked."""
    with controlled() as made:
        arranged(made)
        yield made


@given(data=st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_is_answered_as_described(remote: Remote, data: st.DataObject) -> None:
    """No body, query or part of an address causes a mistake of ours; 422 says what is wrong."""
    paths = remote.described.document["paths"]
    template = data.draw(st.sampled_from(sorted(paths)))
    method = data.draw(st.sampled_from(sorted(paths[template])))
    path = re.sub(r"\{\w+\}", lambda _: data.draw(st.sampled_from(_PARTS)), template)
    query = data.draw(st.sampled_from(["", "?since=1e9", "?by=nobody", "?count=inf", "?wait=nan", "?fired=2", "?x"]))
    remote.ask(method.upper(), path + query, data.draw(st.one_of(st.sampled_from(_FILES), bodies(paths, template))))

    assert 200 == remote.ask("GET", "").status


def bodies(paths: dict[str, Any], template: str) -> st.SearchStrategy[str]:
    """JSON bodies of some of the words that a call takes, with values that fit, and that do not."""
    sent = paths[template].get("post", {}).get("requestBody", {}).get("content", {})
    words = sorted(sent.get("application/json", {}).get("schema", {}).get("properties", {})) or ["nothing"]
    quick = {word: st.sampled_from([0, -1, 0.01, "soon"]) for word in _WAITING}
    values = {word: quick.get(word, st.sampled_from(_ODD)) for word in words}
    return st.fixed_dictionaries({}, optional=values).map(json.dumps)
