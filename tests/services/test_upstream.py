"""A server that records asks each real service under its own name."""

from __future__ import annotations

import asyncio
from typing import Any, NoReturn

import pytest

from handlesfake.mpsd.http.message import Headers, Request
from handlesfake.server.upstream import Unreached, Upstream


@pytest.mark.parametrize(
    ("host", "place", "url"),
    [
        ("sessiondirectory.xboxlive.com", ("mpsd.test", 8080, False), "http://mpsd.test:8080"),
        (
            "multiplayeractivity.xboxlive.com",
            ("multiplayeractivity.xboxlive.com", 443, True),
            "https://multiplayeractivity.xboxlive.com",
        ),
    ],
)
def test_where_a_request_goes(
    monkeypatch: pytest.MonkeyPatch, host: str, place: tuple[str, int, bool], url: str
) -> None:
    """The option --upstream says where MPSD is, and nothing of any other service."""
    asked = []

    async def refuse(name: str, port: int, *, ssl: Any) -> NoReturn:
        asked.append((name, port, ssl is not None))
        raise OSError("nothing answers in a test")

    monkeypatch.setattr(asyncio, "open_connection", refuse)
    request = Request("POST", "/titles/1/invites", Headers([("Host", host)]), b"{}", host)
    with pytest.raises(Unreached, match=f"^{url} cannot be reached: nothing answers in a test$"):
        asyncio.run(Upstream("http://mpsd.test:8080")(request))

    assert [place] == asked
