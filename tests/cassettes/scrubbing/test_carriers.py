"""A name says what its value is in whatever carries it: one table of names, one walker."""

from __future__ import annotations

import base64
import json
from urllib.parse import urlencode

import pytest

from handlesfake.cassettes.people.pseudonyms import Pseudonyms
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.mpsd.http.message import Headers, Request, Response

MADE_UP = Pseudonyms(b"a key that only tests have")
TAG, MAIL = MADE_UP.of("gamertag", "Velvet Otter 41"), MADE_UP.of("mail address", "otter@mail.example")


def written(text: str, kind: str = "text/plain", target: str = "/thing") -> str:
    """``text``, an answer of this type, as it may be written."""
    request = Request("GET", target, Headers())
    response = Response(200, Headers([("Content-Type", kind)]), text.encode())
    return Scrubber(MADE_UP).exchange(request, response, "").response.body.decode()


def based(text: str) -> str:
    """``text`` in base64."""
    return base64.b64encode(text.encode()).decode()


SECRETS = {
    "NDJSON": ('{"a":1}\n{"password":"tulip 7"}\n', '{"a":1}\n{"password":"removed"}\n'),
    "event stream": ('event: x\ndata: {"password":"tulip 7"}\n\n', 'event: x\ndata: {"password":"removed"}\n\n'),
    "named event": ('event: password\ndata: {"data":"tulip 7"}\n\n', 'event: password\ndata: {"data":"removed"}\n\n'),
    "script": ('<script>a = {"password": "tulip 7"};</script>', '<script>a = {"password": "removed"};</script>'),
    "element": ("<a><Password>tulip 7</Password></a>", "<a><Password>removed</Password></a>"),
    "attribute": ('<a password="tulip 7" b="c"/>', '<a password="removed" b="c"/>'),
    "input": ('<input name="password" value="tulip 7">', '<input name="password" value="removed">'),
    "property list": (
        "<dict><key>password</key><string>tulip 7</string></dict>",
        "<dict><key>password</key><string>removed</string></dict>",
    ),
    "line": ("seat: 3\npassword: tulip 7\n", "seat: 3\npassword: removed\n"),
    "setting": ("arena.password = tulip-7\n", "arena.password = removed\n"),
    "escaped setting": (
        "arena.otp = \\u0037\\u0033\\u0039\\u0031\\u0035\\u0034\n",
        "arena.otp = removed\n",
    ),
    "export": ('$ export API_KEY="tulip 7"\n', '$ export API_KEY="removed"\n'),
    "cut JSON": ('{"a": {"password": "tulip 7', '{"a": {"password": "removed'),
    "command line": ("run --password tulip7 --seat 3", "run --password removed --seat 3"),
    "curl": ("$ curl -sS -u otter:tulip7 https://a.example/", "$ curl -sS -u removed https://a.example/"),
    "curl, quoted": ('$ curl --user "otter:tulip7" -v', '$ curl --user "removed" -v'),
    "printed record": ("{'password': 'tulip 7', 'seat': 3}", "{'password': 'removed', 'seat': 3}"),
    "table": ("row,password,state\n1,tulip 7,on\n", "row,password,state\n1,removed,on\n"),
    "LDIF": (f"password:: {based('tulip 7')}\nseat: 3", "password:: removed\nseat: 3"),
    "error": ("Cannot resolve 'tulip 7' (Parameter 'password')", "Cannot resolve 'removed' (Parameter 'password')"),
    "input with an id before its name": (
        '<input value="tulip 7" id="i0327" name="password"/>',
        '<input value="removed" id="i0327" name="password"/>',
    ),
    "list of YAML": (
        "env:\n  - name: DB_PASS\n    value: 'tulip 7'\n  - name: SEAT\n    value: 3\n",
        "env:\n  - name: DB_PASS\n    value: 'removed'\n  - name: SEAT\n    value: 3\n",
    ),
    "statement of SQL": (
        "INSERT INTO users (seat, password, at) VALUES (3, 'tulip 7', now()), (4, 'it''s fern', now())",
        "INSERT INTO users (seat, password, at) VALUES (3, 'removed', now()), (4, 'removed', now())",
    ),
    "settings in Markdown": (
        "| setting | value |\n|---|---|\n| seat | 3 |\n| password | tulip 7 |\n",
        "| setting | value |\n|---|---|\n| seat | 3 |\n| password | removed |\n",
    ),
    "refusal": ("Value tulip-7 is not valid for password", "Value removed is not valid for password"),
    "log": ("queue: password is tulip-7, waiting", "queue: password is removed, waiting"),
    "fragment": ("see https://a.example/x#password=tulip%207&a=b", "see https://a.example/x#password=removed&a=b"),
}


@pytest.mark.parametrize("carrier", SECRETS)
def test_a_secret_goes_from_each_carrier(carrier: str) -> None:
    """By its name; what is beside it stays."""
    before, after = SECRETS[carrier]

    assert after == written(before, "text/html" if "<" in before else "text/plain")


def test_a_part_of_a_multipart_body_has_its_name() -> None:
    """Its lines stay as they are."""
    part = '--edge\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    before = part.format("seat", "3") + part.format("gamertag", "Velvet Otter 41") + "--edge--\r\n"
    after = part.format("seat", "3") + part.format("gamertag", TAG) + "--edge--\r\n"

    assert after == written(before, "multipart/form-data; boundary=edge")


PEOPLE = {
    "named event": (
        'event: gamertag\ndata: {"data":"Velvet Otter 41"}\n\n',
        f'event: gamertag\ndata: {{"data":"{TAG}"}}\n\n',
    ),
    "line": ("gamertag: Velvet Otter 41\n", f"gamertag: {TAG}\n"),
    "log": ("queue: nickname is Velvet Otter 41, waiting", f"queue: nickname is {TAG}, waiting"),
    "settings of a log": ("seat=3 gamertag=Velvet Otter 41 retry=2", f"seat=3 gamertag={TAG} retry=2"),
    "element": ("<gamertag>Velvet Otter 41</gamertag>", f"<gamertag>{TAG}</gamertag>"),
    "digits of JSON": (
        json.dumps({"data": b'{"gamertag":"Velvet Otter 41"}'.hex()}),
        json.dumps({"data": f'{{"gamertag":"{TAG}"}}'.encode().hex()}),
    ),
    "query that holds JSON": (
        "at https://a.example/?q=%7B%22email%22%3A%22otter%40mail.example%22%7D",
        f"at https://a.example/?q=%7B%22email%22:%22{MAIL.replace('@', '@')}%22%7D",
    ),
}


@pytest.mark.parametrize("carrier", PEOPLE)
def test_a_person_is_known_in_each_carrier(carrier: str) -> None:
    """By the same names."""
    before, after = PEOPLE[carrier]

    assert after == written(before, "application/json" if before.startswith("{") else "text/plain")


JSONS = {
    "columns": (
        {"columns": [{"name": "seat"}, {"name": "password"}], "rows": [[3, "tulip"]]},
        {"columns": [{"name": "seat"}, {"name": "password"}], "rows": [[3, "removed"]]},
    ),
    "parallel lists": (
        {"keys": ["seat", "password"], "values": ["3", "tulip"]},
        {"keys": ["seat", "password"], "values": ["3", "removed"]},
    ),
    "pairs": ([["seat", "3"], ["password", "tulip"]], [["seat", "3"], ["password", "removed"]]),
    "patch": ([{"op": "add", "path": "/a/password", "value": "tulip"}], [{"op": "add", "path": "/a/password", "value": "removed"}]),
    "span": (
        {"attributes": [{"key": "password", "value": {"stringValue": "tulip"}}]},
        {"attributes": [{"key": "password", "value": {"stringValue": "removed"}}]},
    ),
    "PlayFab record": ({"nickname": {"Value": "tulip"}}, {"nickname": {"Value": MADE_UP.of("gamertag", "tulip")}}),
    "App Configuration": (
        {"key": "Arena:nickname", "value": "tulip"},
        {"key": "Arena:nickname", "value": MADE_UP.of("gamertag", "tulip")},
    ),
    "span with a prefix": (
        {"key": "arena.nickname", "value": {"stringValue": "tulip"}},
        {"key": "arena.nickname", "value": {"stringValue": MADE_UP.of("gamertag", "tulip")}},
    ),
    "term of Elasticsearch": (
        {"term": {"password.keyword": {"value": "tulip", "boost": 1}}},
        {"term": {"password.keyword": {"value": "removed", "boost": 1}}},
    ),
    "filter": ({"where": {"nickname": {"eq": "tulip"}}}, {"where": {"nickname": {"eq": MADE_UP.of("gamertag", "tulip")}}}),
    "label of a form": ({"key": "Arena:nickname", "value": "Nickname"}, {"key": "Arena:nickname", "value": "Nickname"}),
    "state of two letters": ({"u": "tulip", "n": "password"}, {"u": "removed", "n": "password"}),
    "a count": ({"total_tokens": 211, "maxTokens": "4096"}, {"total_tokens": 211, "maxTokens": "4096"}),
    "no limit of a count": ({"max_output_tokens": "inf"}, {"max_output_tokens": "inf"}),
}  # fmt: skip


@pytest.mark.parametrize("shape", JSONS)
def test_json_names_values_in_other_ways(shape: str) -> None:
    """A name may be beside its value, in the head of a table, in a path; a count is not a secret."""
    before, after = JSONS[shape]

    assert after == json.loads(written(json.dumps(before), "application/json"))


def test_an_answer_that_is_one_value_is_called_as_the_path_says() -> None:
    """A store of keys and values."""
    assert ("removed", "tulip") == (written("tulip", target="/kv/password"), written("tulip", target="/kv/flower"))


@pytest.mark.parametrize("name", ["MessageAttributes.entry.1.{}.StringValue", "Attribute.1.{}", "a[1][{}]"])
def test_a_form_numbers_names_and_values(name: str) -> None:
    """As AWS has it: the value of another number has another name."""
    called = name.format("Name").removesuffix(".StringValue")
    form = {"Action": "Publish", called: "password", name.format("Value"): "tulip 7", "Attribute.2.Value": "fern"}

    assert urlencode({**form, name.format("Value"): "removed"}) == written(
        urlencode(form), "application/x-www-form-urlencoded"
    )


INNOCENT = (
    "| name | value |\n|---|---|\n| region | weu |\n",
    "INSERT INTO maps (seat, region) VALUES (3, 'weu')",
    "env:\n  - name: REGION\n    value: weu\n",
    "Invalid token: expired",
    "The token is Expired",
    "password is SHA256-hashed",
    "Value of the field is not valid for password",
    "Value null is not valid for password",
    "nickname is Taken, try another",
    "The session is Open, and the ticket is 30 seconds old",
    "<dict><key>mapName</key><string>dust</string></dict>",
    "Field 'password' is required",
    "a = b ? 'c' : 'd'",
    "<input name='total_tokens' value='1500'>",
    "<meta content='1500' name='total_tokens'>",
    "<add key='total_tokens' value='1500'/>",
    "<string name='total_tokens'>1500</string>",
    "name,seat\nlobby,3\n",
    "https://a.example/keys?page=2",
    "state aG91cnM9MDk6MzA6MTU= kept",
)


@pytest.mark.parametrize("text", INNOCENT)
def test_what_only_speaks_of_secrets_stays(text: str) -> None:
    """Nothing is removed where nothing is given."""
    assert text == written(text, "text/html" if "<" in text else "text/plain")
