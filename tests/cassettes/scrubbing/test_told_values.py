"""Names beside values in the ways of validators, shells, tables, databases: each holds a secret, and a birthday."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cassettes.scrubbing.both_ways import answer, both_ways

VALUES = {"adminPassword": "quiet-heron-meadow", "birthDate": "1991-04-17"}


def as_json(name: str, value: str) -> dict[str, Any]:
    """How libraries report one value, by the words for it."""
    return {
        "express-validator": {
            "errors": [{"param": name, "msg": "Invalid value", "value": value, "location": "body"}]
        },
        "pydantic": {"detail": [{"loc": ["body", name], "msg": "bad", "input": value}]},
        "FluentValidation": {"errors": [{"propertyName": name, "attemptedValue": value}]},
        "Spring": {"errors": [{"field": name, "rejectedValue": value, "code": "Size"}]},
        "JSON Schema": {"instancePath": f"/user/{name}", "keyword": "pattern", "data": value},
        "claims": {"claims": [{"claimType": f"http://schemas.example.invalid/{name}", "claimValue": value}]},
        "claims of ASP.NET": {"user_claims": [{"typ": name, "val": value}]},
        "attributes": {"attrs": [{"n": name, "v": value}]},
        "a setting": {"setting": name, "current": value, "default": ""},
        "a history": {"changes": [{"field": name, "oldValue": value, "newValue": "x"}]},
        "a history by name": {"changes": {name: {"old": value, "new": "x"}}},
        "PostgreSQL": {"message": f"Key ({name})=({value}) already exists."},
        "a message": {"message": f"Invalid {name}: {value}."},
        "arguments": {"argv": ["app", f"--{name}", value, "-v"]},
        "names and values in turn": {"rawHeaders": ["Host", "x.invalid", name, value]},
    }


def as_text(name: str, value: str) -> dict[str, str]:
    """The same where it is not JSON."""
    return {
        "a table with remarks": f"# export of today\n# by nobody\nid,{name},x\n4,{value},y\n",
        "a table of Markdown": f"| id | {name} |\n|---|---|\n| 4 | {value} |\n",
        "a list of Markdown": f"* **{name}**: `{value}`\n* x\n",
        "an attribute of a page": f'<div id="app" data-{name}="{value}"></div>',
        "a table of a page": (
            f"<table><tr><th>id</th><th>{name}</th></tr><tr><td>4</td><td>{value}</td></tr>"
            f"<tr><td></td><td>x</td></tr></table>"
        ),
        "an element that is wrapped": f"<a><{name}><value>{value}</value></{name}></a>",
    }


WAYS = [*as_json("", ""), *as_text("", "")]


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("way", WAYS)
def test_a_value_is_known_by_the_name_beside_it(way: str, name: str, tmp_path: Path) -> None:
    """However both are laid out; a scan finds it, and accepts what is written."""
    value = VALUES[name]
    told = as_json(name, value).get(way)
    came = answer(json.dumps(told)) if told else answer(as_text(name, value)[way], "text/plain")
    found = both_ways(tmp_path, response=came)

    assert (False, True, True, True) == (value in found.written, *found[1:4])


@pytest.mark.parametrize("way", WAYS)
def test_an_ordinary_value_in_the_same_place_stays(way: str, tmp_path: Path) -> None:
    """Byte for byte; a scan is silent."""
    told = as_json("mapName", "quiet-heron-meadow").get(way)
    text = json.dumps(told) if told else as_text("mapName", "quiet-heron-meadow")[way]
    came = answer(text, "application/json" if told else "text/plain")
    found = both_ways(tmp_path, response=came)

    assert (came.body, True, False, True) == (found.body, *found[1:4])


ORDINARY = (
    {"type": "login", "data": "ok"},
    {"type": "chat", "data": {"seen": True}},
    {"type": "location", "input": "harbour"},
    {"argv": ["app", "--password", "--verbose"]},
    {"words": ["quiet", "password", "meadow"]},
    {"words": ["password", 4, True]},
)


@pytest.mark.parametrize("document", ORDINARY, ids=json.dumps)
def test_a_word_that_is_no_name_of_what_stands_beside_it(document: Any, tmp_path: Path) -> None:
    """Types of events, options without a value, words in a list."""
    came = answer(json.dumps(document))

    assert came.body == both_ways(tmp_path, response=came).body


def test_a_password_of_netrc_is_known_by_its_place(tmp_path: Path) -> None:
    """There is no mark between name and value."""
    came = answer("machine x.invalid login y password quiet-heron-meadow\n", "text/plain")
    found = both_ways(tmp_path, response=came)

    assert (False, True, True, True) == ("quiet-heron" in found.written, *found[1:4])
