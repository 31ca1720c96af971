"""From interactions to the text of a cassette: vcrpy's format, laid out for people who review it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from handlesfake.cassettes.bodies import request_text, response_text
from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.loading import HEAD
from handlesfake.mpsd.message import MPSD_HOST, Headers

_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_Base):  # type: ignore[misc]  # one of two classes, as PyYAML was built
    """Writes what the loaders of vcrpy and ours read: plain mappings, lists, texts and ``!!binary``."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's own name
        """Write everything out."""
        return True


def _text(dumper: Any, data: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)


_Dumper.add_representer(str, _text)


def dump(interactions: Iterable[Interaction], roles: Mapping[str, str]) -> str:
    """The text of a cassette; its last line, ``...``, shows that it is whole."""
    document = {
        "version": 1,
        "metadata": {HEAD: {"roles": dict(roles)}},
        "interactions": [{"request": _request(one), "response": _response(one)} for one in interactions],
    }
    text: str = yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000, explicit_end=True
    )
    return text


def _request(interaction: Interaction) -> dict[str, Any]:
    request = interaction.request
    return {
        "method": request.method,
        "uri": f"https://{MPSD_HOST}{request.target}",
        "body": request_text(request.body) if request.body else None,
        "headers": _lines(request.headers),
    }


def _response(interaction: Interaction) -> dict[str, Any]:
    response = interaction.response
    return {
        "status": {"code": response.status, "message": response.phrase},
        "headers": _lines(response.headers),
        "body": {"string": response_text(response.body)},
    }


def _lines(headers: Headers) -> dict[str, list[str]]:
    lines: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    for name, value in headers:
        lines.setdefault(spelled.setdefault(name.lower(), name), []).append(value)
    return lines
