"""Verify: what it takes over from a recording, what it tells, and that the fake does as was captured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handlesfake.cassettes.comparison.key_order import reordered
from handlesfake.cassettes.comparison.verify import ComparedExchange, verify
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cli import main
from handlesfake.mpsd.settings import Settings
from handlesfake.templates.shelf import Shelf
from tests.cassettes.comparison.captured_flow import DEVICE, HOST, TITLE, flow, put, session, write_flow


def compared(folder: Path, exchanges: list[dict[str, Any]]) -> list[ComparedExchange]:
    """What verify makes of ``exchanges``, with the two templates described."""
    cassette, templates = write_flow(folder, exchanges)
    return list(verify(load_cassette(cassette), Shelf([templates]).settings(Settings())))


def test_the_fake_answers_the_captured_flow_as_captured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By status, header, shape and order of keys: no difference in ten exchanges; the fake had no id of it before."""
    cassette, templates = write_flow(tmp_path, flow())
    status = main(["verify", "--templates", str(templates), str(cassette)])
    lines = capsys.readouterr().out.splitlines()

    assert 0 == status
    assert "10 of 10 exchanges agree in status, headers and body" == lines[1]
    assert not [line for line in lines if "order" in line or "differences" in line]


@pytest.mark.parametrize("place", range(10))
def test_each_exchange_of_the_flow_is_compared(place: int, tmp_path: Path) -> None:
    """A status that was not captured differs, at that place alone."""
    exchanges = flow()
    exchanges[place]["response"]["status"]["code"] = 500
    unlike = [number for number, one in enumerate(compared(tmp_path, exchanges)) if one.unlike or one.first_sight]

    assert place == unlike[0]


def test_an_order_of_keys_that_was_not_captured_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By place; it is not a difference, since JSON gives it no meaning."""
    exchanges = flow()
    shown = json.loads(exchanges[-1]["response"]["body"]["string"])
    shown["properties"] = dict(reversed(shown["properties"].items()))
    exchanges[-1]["response"]["body"]["string"] = json.dumps(shown)
    cassette, templates = write_flow(tmp_path, exchanges)
    status = main(["verify", "--templates", str(templates), str(cassette)])

    assert 0 == status
    assert "keys in another order, which JSON gives no meaning: body.properties 1" in (
        capsys.readouterr().out.splitlines()
    )


def test_keys_that_one_side_lacks_make_no_order() -> None:
    """They are differences; lists are walked too."""
    recorded = {"a": 1, "b": {"x": 1, "y": 2}, "c": [{"p": 1, "q": 2}]}
    made = {"a": 1, "new": 0, "c": [{"q": 2, "p": 1}], "b": {"y": 2, "x": 1}}

    assert ["body", "body.b", "body.c.0"] == list(reordered(recorded, made))
    assert [] == list(reordered({"a": 1, "b": 2}, {"b": 2}))
    assert [] == list(reordered({"a": 1}, None))


@pytest.mark.parametrize("roles", [True, False], ids=["with roles", "without"])
def test_title_platforms_and_device_are_taken_over(roles: bool, tmp_path: Path) -> None:
    """They are claims of the token: as with ETags and handle ids, the fake goes on with the recorded ones."""
    cassette, templates = write_flow(tmp_path, flow())
    text = cassette.read_text(encoding="utf-8")
    if not roles:
        text = text.replace('{"roles": {"host": "9000000000000001"}}', '{"roles": {}}')
    cassette.write_text(text, encoding="utf-8")
    found = list(verify(load_cassette(cassette), Shelf([templates]).settings(Settings())))

    assert [True, True] == [TITLE in text, DEVICE in text]
    assert [] == [one.unlike for one in found if one.unlike]


def test_a_host_that_no_member_is_stays_a_difference(tmp_path: Path) -> None:
    """The fake learns the device of a member, and not every value of a body."""
    exchanges = flow()
    shown = session({**json.loads(exchanges[2]["request"]["body"])["sessionRef"]}, 3, {})
    shown["properties"] = json.loads(exchanges[4]["response"]["body"]["string"])["properties"]
    shown["properties"]["system"]["host"] = "f" * 32
    sent = {"properties": {"system": {"host": "f" * 32}}}
    exchanges[4] = put(json.loads(exchanges[2]["request"]["body"])["sessionRef"], sent, 200, shown, "*")

    assert "body.properties.system.host" in [one.path for one in compared(tmp_path, exchanges)[4].unlike]


@pytest.mark.parametrize(
    ("exchanges", "text"),
    [
        ([], "no exchange with MPSD was recorded"),
        (flow()[3:4], "every exchange shows what was there before the recording"),
    ],
    ids=["no MPSD", "first sight"],
)
def test_where_there_is_nothing_it_says_so(
    exchanges: list[dict[str, Any]], text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And exits with 2: what was not compared does not agree."""
    other = put({"scid": "a", "templateName": "b", "name": HOST[:1] * 36}, {}, 200, session_of_nobody())
    other["request"]["uri"] = "https://userpresence.xboxlive.com/users/me"
    cassette, _ = write_flow(tmp_path, [*exchanges, other])
    status = main(["verify", str(cassette)])
    lines = capsys.readouterr().out.splitlines()

    assert 2 == status
    assert [True, True] == [lines[0].endswith(": nothing to compare"), f"nothing to compare: {text}" == lines[1]]


def session_of_nobody() -> dict[str, Any]:
    """What another service may answer."""
    return {"changeNumber": 1}
