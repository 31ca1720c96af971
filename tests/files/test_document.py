"""JSON and YAML by content: what JSON says, YAML's own ways, and the errors of either, each with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from hypothesis import given
from hypothesis import strategies as st

import handlesfake
from handlesfake.files.document import read_document
from handlesfake.files.placed import Misread
from handlesfake.files.strict_yaml import read_yaml
from tests.server.servers import controlled

MPSD = "https://sessiondirectory.xboxlive.com"

BEYOND = "\U00020bb7"
"""A character that ``json.dumps`` writes as a pair of surrogates."""

ODD = {"text": BEYOND, "k" * 1100: "a key of more than 1,024 characters", "delete": "\x7f", BEYOND: [BEYOND, "\x7f"]}
"""What is JSON and no YAML."""

JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
).filter(lambda value: isinstance(value, (str, list, dict)))


@given(JSON, st.booleans(), st.sampled_from([None, 2]))
def test_what_json_dumps_writes_is_read_as_it_was(value: Any, ascii_only: bool, indent: int | None) -> None:
    """Whatever it holds, in either spelling of ``json.dumps``, equal in type too."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)

    assert repr(value) == repr(json.loads(json.dumps(read_document(text).root)))


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ('{"a": 1,\n "a": 2}', (2, 2), "the key 'a' is here a second time; it is already in line 1 already"),
        ('{"a": NaN}', (1, 7), "JSON has no NaN: write a number, null, or a text in quotes"),
        ("[1, -Infinity]", (1, 5), "JSON has no -Infinity: write a number, null, or a text in quotes"),
        ("[1e999]", (1, 2), "the number 1e999 is larger than any that is read"),
        (f"[{'1' * 1001}]", (1, 2), "a number of more than 1000 characters"),
        ('{"a": "\\ud842"}', (1, 7), "a lone surrogate is not a character"),
        ('{"a": "\\udfb7\\ud842"}', (1, 7), "a lone surrogate is not a character"),
        ("[" * 61, (1, 61), "nested deeper than 60 levels"),
        ('{"a": 1}\n{"b": 2}', (2, 1), "the text goes on behind its end"),
        ('{"a": {"b": 1}', (1, 15), "',' is missing here; the file may be cut short"),
        ("{rules: [{then: ]", (1, 17), "did not find expected node content"),
        (
            'a: 1\nb: "\\ud842\\udfb7"',
            (2, 7),
            "YAML has no pairs of surrogates: write the character itself, or the whole file as JSON",
        ),
    ],
)
def test_what_is_not_read_is_named_with_its_place(text: str, place: tuple[int, int], problem: str) -> None:
    """A key twice and NaN are errors in JSON as they are in YAML; of two readings, the one that came further reports."""
    with pytest.raises(Misread) as caught:
        read_document(text)

    assert (problem, place) == (caught.value.problem, caught.value.place)


@pytest.mark.parametrize("text", ["{a: 1, b: NaN}", '{"a": 1, "b": "NaN",}', '"a": 1\n"b": NaN', "{'a': 1, b: NaN}"])
def test_yaml_that_begins_like_json_is_yaml(text: str) -> None:
    """Bare and single-quoted words, a comma at the end, a block whose first key is in quotes."""
    assert {"a": 1, "b": "NaN"} == read_document(text).root


def test_values_of_json_know_their_places() -> None:
    """As those of YAML do, for messages about what they say."""
    root = read_document('{\n  "rules": [1,\n    {"then": 2}]\n}').root

    assert ((2, 3), (2, 12)) == root.places["rules"]
    assert [(2, 13), (3, 5)] == root["rules"].places
    assert ((3, 6), (3, 14)) == root["rules"][1].places["then"]


STATE = {"users": [{"role": "host"}], "sessions": [{"name": "lobby", "members": ["host"], "custom": ODD}]}
"""A state file that a program wrote."""

TEMPLATE = {"Odd": {"constants": {"system": {"version": 1, "maxMembersCount": 2}, "custom": ODD}}}
RULES = {"rules": [{"then": {"respond": {"status": 500, "body": ODD}}}]}


def test_a_rule_file_is_json(tmp_path: Path) -> None:
    """The body of its answer is what the program wrote."""
    with handlesfake.fake(rules=_written(tmp_path, RULES)):
        assert ODD == requests.get(f"{MPSD}/handles/x", timeout=10).json()


def test_a_state_file_is_json_and_what_is_dumped_is_read(tmp_path: Path) -> None:
    """The session holds what the program wrote; dumped as YAML and loaded, it still does."""
    with handlesfake.fake() as mpsd:
        mpsd.load(_written(tmp_path, STATE))
        dumped = mpsd.dump()

        assert ODD == mpsd.session("lobby").custom

    (tmp_path / "dumped.yaml").write_text(dumped, encoding="utf-8")
    with handlesfake.fake() as other:
        other.load(tmp_path / "dumped.yaml")

        assert ODD == other.session("lobby").custom


def test_a_template_file_is_json(tmp_path: Path) -> None:
    """A session of the template has its constants."""
    with handlesfake.fake(templates=_written(tmp_path, TEMPLATE)) as mpsd:
        host = mpsd.user("host")
        lobby = mpsd.session("lobby", template="Odd", members=[host])
        answer = requests.get(f"{MPSD}{lobby.path}", headers=host.headers, timeout=10).json()

    assert ODD == answer["constants"]["custom"]


def test_the_control_interface_takes_json() -> None:
    """State and rules, as a client in any language writes them."""
    with controlled() as remote:
        statuses = [remote.ask("PUT", "/state", STATE).status, remote.ask("POST", "/rules", RULES).status]
        shown = remote.ask("GET", "/state", Accept="application/json").json

    assert [204, 201] == statuses
    assert ODD == shown["sessions"][0]["custom"]


def test_the_control_interface_refuses_what_no_json_is() -> None:
    """A key twice, or NaN, with line and column."""
    with controlled() as remote:
        answers = [remote.ask("PUT", "/state", text) for text in ('{"users": [],\n"users": []}', '{"users": NaN}')]

    assert [
        "the body is neither JSON nor YAML: line 2, column 1: "
        "the key 'users' is here a second time; it is already in line 1 already\n",
        "the body is neither JSON nor YAML: line 1, column 11: "
        "JSON has no NaN: write a number, null, or a text in quotes\n",
    ] == [answer.text for answer in answers]
    assert [422, 422] == [answer.status for answer in answers]


def test_a_cassette_in_json_plays_under_any_name(tmp_path: Path) -> None:
    """As what its text is; one whose name says JSON is nothing else."""
    request = {"method": "GET", "uri": f"{MPSD}/handles/x", "body": None, "headers": {}}
    response = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": json.dumps(ODD)}}
    written = json.dumps({"version": 1, "interactions": [{"request": request, "response": response}]})
    (tmp_path / "lobby.yaml").write_text(written, encoding="utf-8")

    with handlesfake.replay(tmp_path / "lobby.yaml"):
        assert ODD == requests.get(f"{MPSD}/handles/x", timeout=10).json()


def _written(folder: Path, document: Any) -> Path:
    path = folder / "written.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_second_copy_of_yaml_is_an_error_and_no_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where ``pytester`` has made the module be imported again, its parser gives events of the copy before."""
    kinds = ("StreamStart", "StreamEnd", "DocumentStart", "DocumentEnd", "MappingStart", "MappingEnd", "Scalar")
    for name in kinds:
        monkeypatch.setattr(yaml, f"{name}Event", type(f"{name}Event", (), {}))

    with pytest.raises(Misread, match="second copy of the module yaml"):
        read_yaml("a: 1")
