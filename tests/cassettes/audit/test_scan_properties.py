"""What is true of every file that is scanned: our recordings are clean, and no structure hides what the text shows."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from handlesfake.cassettes.audit.scanning import line_by_line, scan
from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.format.writing import dump_cassette
from handlesfake.cassettes.people.pseudonyms import Pseudonyms
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.mpsd.http.message import Headers, Request, Response
from tests.cassettes.scrubbing.test_scrubbing_properties import HOST, KEY, exchanges
from tests.examples import examples

VALUE = "Zq7xPlanted"
SECRETS = (
    f"Bearer {VALUE}abcdefgh12345678",
    f"https://a.invalid/?access_token={VALUE}",
    f"https://anna:{VALUE}@a.invalid/",
    f"api_token={VALUE}",
    f"Cookie: sid={VALUE}",
    f'{{"accessToken": "{VALUE}"}}',
    f"<password>{VALUE}</password>",
)
NAMES = st.sampled_from(
    [
        "interactions",
        "request",
        "response",
        "headers",
        "body",
        "string",
        "uri",
        "form",
        "content",
        "metadata",
        "a",
        "b",
    ]
)
TEXTS = st.sampled_from(["", "x", "200", "two\nlines", "a: b", "# no comment"])
TREES = st.recursive(
    TEXTS,
    lambda below: st.dictionaries(NAMES, below, max_size=3) | st.lists(below, max_size=3),
    max_leaves=8,
)


def scanned(text: str, name: str) -> list[tuple[int, str]]:
    """Line and kind of what is found in a file called ``name``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_text(text, encoding="utf-8")
        return [(leak.line, leak.kind) for leak in scan(path)]


@examples(60)
@given(exchanges())
def test_what_the_recorder_keeps_a_scan_accepts(exchange: tuple[Request, Response]) -> None:
    """What the scrubber has written and did not withhold: one judgement for both."""
    request, response, found = Scrubber(Pseudonyms(KEY), {HOST: "9000000000000001"}).exchange(*exchange, "host")
    assume(not found.withheld and not found.unread)
    text = dump_cassette([Interaction(1, request, response)], {"host": "9000000000000001"})

    assert [] == scanned(text, "lobby.yaml")


@examples(30)
@given(exchanges(), st.sampled_from(["request", "response"]))
def test_what_it_would_not_keep_is_found(exchange: tuple[Request, Response], side: str) -> None:
    """The same cassette with a secret put back."""
    request, response, found = Scrubber(Pseudonyms(KEY), {HOST: "9000000000000001"}).exchange(*exchange, "host")
    assume(not found.withheld and not found.unread)
    secret = json.dumps({"accessToken": VALUE}).encode()
    if side == "request":
        request = Request(request.method, request.target, request.headers, secret)
    else:
        response = Response(200, Headers(), secret)
    text = dump_cassette([Interaction(1, request, response)], {"host": "9000000000000001"})

    assert ["accessToken"] == [kind for _, kind in scanned(text, "lobby.yaml")]


def planted(tree: Any, secret: str, at: int) -> tuple[Any, int]:
    """``tree`` with ``secret`` instead of leaf number ``at``, and how many leaves there were."""
    if isinstance(tree, dict):
        found: Any = {}
        for key, value in tree.items():
            found[key], at = planted(value, secret, at)
        return found, at
    if isinstance(tree, list):
        items = []
        for value in tree:
            item, at = planted(value, secret, at)
            items.append(item)
        return items, at
    return (secret if at == 0 else tree), at - 1


@examples(80)
@given(TREES, st.sampled_from(SECRETS), st.integers(0, 5), st.sampled_from(["yaml", "json", "comment"]))
@example({"interactions": [{"request": {"headers": {"a": "x"}}}]}, SECRETS[0], 0, "yaml")
@example({"interactions": [{"request": {"body": {"a": "x"}}}]}, SECRETS[3], 0, "json")
@example({"interactions": [{"request": {}, "metadata": "x"}]}, SECRETS[3], 0, "comment")
def test_no_structure_hides_what_a_plain_text_shows(tree: Any, secret: str, at: int, layout: str) -> None:
    """On each line on which the lines alone show a secret, the walk finds one, too, wherever it stands."""
    tree, left = planted(tree, secret, at)
    assume(left < 0 and isinstance(tree, (dict, list)))
    if layout == "json":
        text = json.dumps(tree, indent=1)
    else:
        text = yaml.safe_dump(tree, width=10_000, default_style="'")
        text += f"# {secret}\n" if layout == "comment" else ""
    plain = {line for line, kind in line_by_line(text) if kind != "looks like a secret"}
    walked = {line for line, _ in scanned(text, "walked.json" if layout == "json" else "walked.yaml")}

    assert set() == plain - walked
