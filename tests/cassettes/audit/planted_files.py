"""Files of many tools that hold the same secrets and people, each laid out as the tool does it.

Every value is made up. The layouts follow the tools' documentation and runs of vcrpy 9.4.2, vcrpy 5.1 and cassetter
0.16.1. benchmarks/scanning.py counts what a scan finds in them. A file holds all values, or one, so that a scan
cannot find one for the other.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import yaml

XUID = str((9 << 48) + 70_707)
VALUES: Mapping[str, str] = MappingProxyType(
    {
        "Authorization": "planted-token-of-anna",
        "Cookie": "planted-cookie-one",
        "X-Api-Key": "planted-api-key-two",
        "Ocp-Apim-Subscription-Key": "planted-subscription-three",
        "Set-Cookie": "planted-cookie-four",
        "password in the address": "planted-password-five",
        "access_token in the query": "planted-query-six",
        "X-Amz-Signature in the query": "planted-signature-seven",
        "refresh_token in the form": "planted-refresh-eight",
        "jwt": "planted-jwt-nine",
        "session_id": "planted-4fA9xQ7rT2mZ-ten",
        "gamertag": "Planted Anna 11",
        "xid": XUID,
        "api_token in the status message": "planted-phrase-twelve",
        "api_token in the metadata": "planted-metadata-thirteen",
        "api_token in a comment": "planted-comment-fourteen",
    }
)
"""Where it stands, to what is searched for."""


class Planted:
    """The parts of the files.

    :param only: the place of the only value that they hold; all else is marked as removed. None for all values.
    """

    def __init__(self, only: str | None = None) -> None:
        says = {place: value if only in (None, place) else "REDACTED" for place, value in VALUES.items()}
        host = f"anna:{says['password in the address']}@signin.example"
        self.host = host
        self.asked = {
            "Authorization": [f"XBL3.0 x=1;{says['Authorization']}"],
            "Cookie": [f"MSPAuth={says['Cookie']}"],
            "X-Api-Key": [says["X-Api-Key"]],
            "Ocp-Apim-Subscription-Key": [says["Ocp-Apim-Subscription-Key"]],
        }
        self.answered = {"Content-Type": ["application/json"], "Set-Cookie": [f"sid={says['Set-Cookie']}; Path=/"]}
        self.query = {
            "access_token": says["access_token in the query"],
            "X-Amz-Signature": says["X-Amz-Signature in the query"],
        }
        self.form = {"grant_type": "refresh_token", "refresh_token": says["refresh_token in the form"]}
        self.answer = {name: says[name] for name in ("jwt", "session_id", "gamertag", "xid")}
        self.url = f"https://{host}/oauth20_token.srf?{urlencode(self.query)}"
        self.status = f"OK api_token={says['api_token in the status message']}"
        self.metadata = {"recorded_by": {"api_token": says["api_token in the metadata"]}}
        self.comment = f"# to try it again: api_token={says['api_token in a comment']}\n"


def _yaml(of: Planted, document: Any) -> str:
    return of.comment + yaml.safe_dump(document, sort_keys=False, width=100_000)


def _json(document: Any) -> str:
    return json.dumps(document, indent=1) + "\n"


def _vcrpy(of: Planted, body: Any = None, **response: Any) -> dict[str, Any]:
    asked = {"method": "POST", "uri": of.url, "headers": of.asked, "body": body or urlencode(of.form)}
    answered = response or {
        "status": {"code": 200, "message": of.status},
        "headers": of.answered,
        "body": {"string": json.dumps(of.answer)},
    }
    return {"version": 1, "metadata": of.metadata, "interactions": [{"request": asked, "response": answered}]}


def _go_vcr(of: Planted, version: int) -> dict[str, Any]:
    asked = {
        "host": "signin.example",
        "body": "",
        "form": {name: [value] for name, value in of.form.items()},
        "headers": of.asked,
        "url": of.url,
        "method": "POST",
    }
    answered = {
        "body": json.dumps(of.answer),
        "headers": of.answered,
        "status": of.status,
        "code": 200,
        "duration": "1ms",
    }
    return {
        "version": version,
        "metadata": of.metadata,
        "interactions": [{"id": 0, "request": asked, "response": answered}],
    }


def _cassetter(of: Planted) -> dict[str, Any]:
    asked = {
        "method": "POST",
        "uri": of.url,
        "headers": {name.lower(): values for name, values in of.asked.items()},
        "body": {"type": "text", "content": urlencode(of.form)},
    }
    answered = {
        "status": 200,
        "reason": of.status,
        "headers": {name.lower(): values for name, values in of.answered.items()},
        "body": {"type": "json", "content": of.answer},
    }
    return {"version": 1, "metadata": of.metadata, "interactions": [{"request": asked, "response": answered}]}


def _betamax(of: Planted, *, packed: bool) -> dict[str, Any]:
    plain = json.dumps(of.answer)
    body = {"base64_string": base64.b64encode(plain.encode()).decode()} if packed else {"string": plain}
    asked = {
        "body": {"encoding": "utf-8", "string": urlencode(of.form)},
        "headers": of.asked,
        "method": "POST",
        "uri": of.url,
    }
    answered = {
        "body": {"encoding": "utf-8", **body},
        "headers": of.answered,
        "status": {"code": 200, "message": of.status},
        "url": "https://signin.example",
    }
    return {
        "http_interactions": [{"request": asked, "response": answered, "recorded_at": "2026-01-06T12:00:00"}],
        "recorded_with": "betamax/0.9.0",
        "metadata": of.metadata,
    }


def _named(values: Mapping[str, Any], name: str = "name") -> list[dict[str, str]]:
    return [{name: key, "value": value if isinstance(value, str) else value[0]} for key, value in values.items()]


def _har(of: Planted) -> dict[str, Any]:
    form = {"mimeType": "application/x-www-form-urlencoded", "text": urlencode(of.form), "params": _named(of.form)}
    asked = {
        "method": "POST",
        "url": of.url,
        "headers": _named(of.asked),
        "queryString": _named(of.query),
        "postData": form,
    }
    content = {"mimeType": "application/json", "text": json.dumps(of.answer)}
    answered = {"status": 200, "statusText": of.status, "headers": _named(of.answered), "content": content}
    entry = {"request": asked, "response": answered, "_metadata": of.metadata}
    return {"log": {"version": "1.2", "creator": {"name": "browser"}, "entries": [entry]}}


def _wiremock(of: Planted) -> dict[str, Any]:
    asked = {
        "method": "POST",
        "url": of.url,
        "headers": {name: {"equalTo": values[0]} for name, values in of.asked.items()},
        "bodyPatterns": [{"equalTo": urlencode(of.form)}],
    }
    answered = {
        "status": 200,
        "statusMessage": of.status,
        "headers": {name: values[0] for name, values in of.answered.items()},
        "jsonBody": of.answer,
    }
    return {"mappings": [{"request": asked, "response": answered, "metadata": of.metadata}]}


def _hoverfly(of: Planted) -> dict[str, Any]:
    def exact(value: str) -> list[dict[str, str]]:
        return [{"matcher": "exact", "value": value}]

    asked = {
        "destination": exact(of.host),
        "headers": {name: exact(values[0]) for name, values in of.asked.items()},
        "query": {name: exact(value) for name, value in of.query.items()},
        "body": exact(urlencode(of.form)),
    }
    answered = {
        "status": 200,
        "body": base64.b64encode(json.dumps(of.answer).encode()).decode(),
        "encodedBody": True,
        "headers": {"X-Phrase": [of.status], **of.answered},
        "transitionsState": of.metadata,
    }
    pairs = [{"request": asked, "response": answered}]
    return {"data": {"pairs": pairs, "globalActions": {}}, "meta": {"schemaVersion": "v5"}}


def _nock(of: Planted) -> list[dict[str, Any]]:
    flat = [text for name, values in of.answered.items() for text in (name, values[0])]
    return [
        {
            "scope": f"https://{of.host}:443",
            "method": "POST",
            "path": f"/oauth20_token.srf?{urlencode(of.query)}",
            "body": urlencode(of.form),
            "reqheaders": {name: values[0] for name, values in of.asked.items()},
            "response": of.answer,
            "rawHeaders": flat,
            "statusMessage": of.status,
            "metadata": of.metadata,
        }
    ]


def _pairs(of: Planted) -> dict[str, Any]:
    document = _vcrpy(of)
    (interaction,) = document["interactions"]
    interaction["request"]["headers"] = [[name, values[0]] for name, values in of.asked.items()]
    interaction["response"]["headers"] = [[name, values[0]] for name, values in of.answered.items()]
    return document


def _httpx(of: Planted) -> dict[str, Any]:
    return _vcrpy(
        of,
        content=json.dumps(of.answer),
        headers=of.answered,
        http_version="HTTP/1.1",
        status_code=200,
        reason=of.status,
    )


def _raw(of: Planted) -> str:
    asked = "".join(f"{name}: {values[0]}\n" for name, values in of.asked.items())
    answered = "".join(f"{name}: {values[0]}\n" for name, values in of.answered.items())
    return (
        f"POST {of.url} HTTP/1.1\n{asked}\n{urlencode(of.form)}\n\nHTTP/1.1 200 {of.status}\n{answered}\n{json.dumps(of.answer)}\n"
        f"metadata: {json.dumps(of.metadata)}\n{of.comment}"
    )


def _env(of: Planted) -> str:
    lines = [f"XBL_AUTHORIZATION={of.asked['Authorization'][0]}", f"COOKIE={of.asked['Cookie'][0]}"]
    lines += [
        f"{name.upper().replace('-', '_')}={of.asked[name][0]}" for name in ("X-Api-Key", "Ocp-Apim-Subscription-Key")
    ]
    lines += [
        f"{name}={value}"
        for name, value in {**of.query, **of.form, **of.answer, **of.metadata["recorded_by"]}.items()
    ]
    lines += [
        f"DATABASE_URL=postgres://{of.host}/db",
        f"SET_COOKIE={of.answered['Set-Cookie'][0]}",
        f"PHRASE='{of.status}'",
    ]
    return "\n".join(lines) + f"\n{of.comment}"


def _toml(of: Planted) -> str:
    def table(name: str, values: Mapping[str, Any]) -> str:
        lines = [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in values.items()]
        return "\n".join([f"[{name}]", *lines, ""])

    return (
        "[[interactions]]\n"
        + table("interactions.request", {"uri": of.url, "body_content": urlencode(of.form)})
        + table("interactions.request.headers", of.asked)
        + table("interactions.response", {"reason": of.status, "body_content": json.dumps(of.answer)})
        + table("interactions.response.headers", of.answered)
        + table("metadata", of.metadata["recorded_by"])
        + of.comment
    )


FILES: Mapping[str, Callable[[Planted], str]] = MappingProxyType(
    {
        "vcrpy.yaml": lambda of: _yaml(of, _vcrpy(of)),
        "vcrpy.json": lambda of: _json(_vcrpy(of)),
        "vcrpy-aiohttp.yaml": lambda of: _yaml(of, _vcrpy(of, of.form)),
        "vcrpy-aiohttp.json": lambda of: _json(_vcrpy(of, of.form)),
        "vcrpy-httpx-5.1.yaml": lambda of: _yaml(of, _httpx(of)),
        "vcrpy-pairs.yaml": lambda of: _yaml(of, _pairs(of)),
        "go-vcr-1.yaml": lambda of: _yaml(of, _go_vcr(of, 1)),
        "go-vcr-2.yaml": lambda of: _yaml(of, _go_vcr(of, 2)),
        "cassetter.yaml": lambda of: _yaml(of, _cassetter(of)),
        "cassetter.toml": _toml,
        "betamax.json": lambda of: _json(_betamax(of, packed=False)),
        "betamax-base64.json": lambda of: _json(_betamax(of, packed=True)),
        "ruby-vcr.yml": lambda of: _yaml(of, _betamax(of, packed=False)),
        "ruby-vcr-base64.yml": lambda of: _yaml(of, _betamax(of, packed=True)),
        "browser.har": lambda of: _json(_har(of)),
        "wiremock.json": lambda of: _json(_wiremock(of)),
        "hoverfly.json": lambda of: _json(_hoverfly(of)),
        "nock.json": lambda of: _json(_nock(of)),
        "secrets.env": _env,
        "exchange.txt": _raw,
    }
)
"""Name of the file to its text."""


def lines_of(value: str, text: str) -> set[int]:
    """The lines of ``text`` on which ``value`` stands, in base64, too."""
    return {number for number, line in enumerate(text.split("\n"), 1) if value in _unpacked(line)}


def _unpacked(line: str) -> str:
    packed = _BASE64.search(line)
    return line + (base64.b64decode(packed[0]).decode("latin-1") if packed else "")


_BASE64 = re.compile(r"\beyJ[A-Za-z0-9+/]{40,}={0,2}")
