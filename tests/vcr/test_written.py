"""What the serializers write and read: bodies of each kind, metadata, and files that cannot be read."""

from __future__ import annotations

import io
import json
import warnings
from pathlib import Path
from typing import Any

import pytest
from vcr.request import Request

import handlesfake
from handlesfake.cassettes.format.loading import load_cassette
from tests.vcr.conftest import VcrOf
from tests.vcr.traffic import MPSD, SOMEBODY, answered, sent


@pytest.mark.parametrize(
    "body",
    [
        lambda: json.dumps({"invitedXuid": SOMEBODY}),
        lambda: io.BytesIO(json.dumps({"invitedXuid": SOMEBODY}).encode()),
        lambda: iter([b'{"invitedXuid": "', SOMEBODY.encode(), b'"}']),
        lambda: iter(['{"invitedXuid": "', SOMEBODY, '"}']),
        lambda: {"invitedXuid": SOMEBODY},
        lambda: [("invitedXuid", SOMEBODY)],
    ],
    ids=["text", "file", "chunks", "texts", "object", "pairs"],
)
def test_each_kind_of_body_is_scrubbed_and_found_again(body: Any, vcr_of: VcrOf, tmp_path: Path) -> None:
    """Clients give vcrpy a text, a file, an iterator or an object: all are read, written and compared."""

    def request() -> Request:
        return Request("POST", f"{MPSD}/handles", body(), {})

    with vcr_of().use_cassette("a.yaml") as cassette:
        cassette.append(request(), answered({}))

    assert SOMEBODY not in tmp_path.joinpath("a.yaml").read_text()
    with vcr_of(record_mode="none").use_cassette("a.yaml") as replay:
        assert replay.can_play_response_for(request())


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_an_object_stays_json_or_a_form(suffix: str, vcr_of: VcrOf, tmp_path: Path) -> None:
    """What aiohttp was given as an object plays here in both spellings, as vcrpy's own cassettes do."""
    with vcr_of(serializer=suffix).use_cassette(f"a.{suffix}") as cassette:
        cassette.append(
            Request("POST", f"{MPSD}/somewhere", {"count": 1, "name": "a: b\x85\u2028"}, {}), answered({})
        )

    (one,) = load_cassette(tmp_path / f"a.{suffix}").interactions
    assert b'{"count": 1, "name": "a: b\xc2\x85\xe2\x80\xa8"}' == one.request.body
    assert one.also is not None
    assert b"count=1&name=a%3A+b%C2%85%E2%80%A8" == one.also.body


def test_an_object_that_nobody_can_read_is_not_written(vcr_of: VcrOf, tmp_path: Path) -> None:
    """A body that is an object of a client's own is left out, with a warning: it may hold anything."""

    class Form:
        """Made up by the client."""

    with vcr_of().use_cassette("a.yaml") as cassette, pytest.warns(handlesfake.WithheldWarning, match="Form"):
        cassette.append(Request("POST", f"{MPSD}/somewhere", Form(), {}), answered({}))

    assert not tmp_path.joinpath("a.yaml").exists()


def test_addresses_lose_who_signs_in_by_them(vcr_of: VcrOf, tmp_path: Path) -> None:
    """Name and password before the host are never written."""
    with vcr_of().use_cassette("a.yaml") as cassette:
        cassette.append(Request("GET", "http://user:pass-word-1@mpsd.test:8443/x", None, {}), answered({}))

    text = tmp_path.joinpath("a.yaml").read_text()
    assert "    uri: http://mpsd.test:8443/x\n" in text
    assert "pass-word-1" not in text


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_vcrpys_metadata_stays(suffix: str, vcr_of: VcrOf, tmp_path: Path) -> None:
    """What a program has put into the cassette is there again in the next run, less people."""
    first = vcr_of(serializer=suffix).use_cassette(f"a.{suffix}")
    with first as cassette:
        if not hasattr(cassette, "get_metadata"):
            pytest.skip("this vcrpy has no metadata")
        cassette.append(sent({}), answered({}))
        cassette.get_metadata("seed", {"number": 7, "owner": SOMEBODY})

    with vcr_of(record_mode="none", serializer=suffix).use_cassette(f"a.{suffix}") as replay:
        found = replay.get_metadata("seed", None)

    assert 7 == found["number"]
    assert SOMEBODY != found["owner"]
    assert SOMEBODY not in tmp_path.joinpath(f"a.{suffix}").read_text()


def test_bytes_in_json_are_an_error_that_says_what_to_do(vcr_of: VcrOf, tmp_path: Path) -> None:
    """A JSON cassette can hold no bytes; nothing is written."""
    context = vcr_of(serializer="json").use_cassette("a.json")
    cassette = context.__enter__()
    cassette.append(sent({}), answered(b"\x89PNG\r\n\x1a\n", **{"Content-Type": "image/png"}))

    with pytest.raises(handlesfake.CassetteError, match='use the serializer "yaml"'):
        context.__exit__(None, None, None)
    assert not tmp_path.joinpath("a.json").exists()


def test_a_cassette_of_ours_that_is_cut_short_is_an_error(vcr_of: VcrOf, tmp_path: Path) -> None:
    """Our strictness goes with our layout."""
    with vcr_of().use_cassette("a.yaml") as cassette:
        cassette.append(sent({}), answered({}))
    path = tmp_path / "a.yaml"
    path.write_text(path.read_text().removesuffix("...\n"))

    with pytest.raises(handlesfake.CassetteError, match="cut short"), vcr_of().use_cassette("a.yaml"):
        pass


def test_nothing_is_warned_of_in_an_everyday_recording(vcr_of: VcrOf) -> None:
    """An exchange without a finding is recorded without a word."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with vcr_of().use_cassette("a.yaml") as cassette:
            cassette.append(sent({"type": "activity"}), answered({"id": "7e570100-0000-4000-8000-000000000001"}))

    assert 1 == len(cassette)


def test_headers_of_answers_stand_by_name(vcr_of: VcrOf, tmp_path: Path) -> None:
    """The stub for http.client in vcrpy gives them in the order of a set, which is another one in each process."""
    lines = {"etag": ['"1"'], "Date": ["now"], "X-B": ["2", "1"], "Cache-Control": ["none"]}
    with vcr_of().use_cassette("a.yaml") as cassette:
        cassette.append(sent({}), {**answered({}), "headers": lines})

    (one,) = load_cassette(tmp_path / "a.yaml").interactions
    assert ["Cache-Control", "Date", "etag", "X-B", "X-B"] == [name for name, _ in one.response.headers]
    assert ["2", "1"] == [value for name, value in one.response.headers if name == "X-B"]
