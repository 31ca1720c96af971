"""From interactions to the text of a cassette: vcrpy's format, laid out for people who review it.

Written by hand, because to let a YAML library lay out a thousand interactions takes it a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.format.bodies import AS_SENT, LAYOUT, is_as_sent, request_text, response_text
from handlesfake.cassettes.format.object_bodies import object_text
from handlesfake.cassettes.format.reading import HEAD
from handlesfake.cassettes.format.scalars import block_scalar, scalar
from handlesfake.mpsd.http.message import Headers
from handlesfake.values.values import field, frozen

UNREAD = " (cannot be read)"
"""The mark after the place of something unreadable, among the places of what was withheld."""

_NOBODY: Mapping[str, str] = MappingProxyType({})


@frozen
class Head:
    """What a cassette says of itself."""

    roles: Mapping[str, str] = field(default_factory=lambda: _NOBODY)
    """Role to its made-up xuid."""

    incomplete: Sequence[str] = ()
    """The places of what was withheld: such a cassette is not replayed."""

    tests: Sequence[str] = ()
    """The tests that have recorded it."""

    keys: Sequence[str] = ()
    """The fingerprints of the keys whose pseudonyms it holds: who has one needs no other."""


def dump_cassette(interactions: Iterable[Interaction], roles: Mapping[str, str]) -> str:
    """The text of a cassette; its last line, ``...``, shows that it is whole."""
    return cassette_text(Head(roles), map(rendered, interactions))


def cassette_text(head: Head, texts: Iterable[str]) -> str:
    """The text of a cassette that holds the interactions with these ``texts``."""
    lines = ["version: 1\n", f"{HEAD}:\n"]
    lines.append("  roles:" + ("\n" if head.roles else " {}\n"))
    lines += [f"    {scalar(role)}: '{xuid}'\n" for role, xuid in head.roles.items()]
    if head.incomplete:
        lines.append("  incomplete:\n")
        lines += [f"  - {scalar(place)}\n" for place in head.incomplete]
    if head.tests:
        lines.append("  tests:\n")
        lines += [f"  - {scalar(test)}\n" for test in head.tests]
    if head.keys:
        lines.append("  keys:\n")
        lines += [f"  - '{one}'\n" for one in head.keys]
    return "".join([*lines, "interactions:\n", *texts, "...\n"])


def rendered(interaction: Interaction) -> str:
    """The text of one interaction."""
    request, response = interaction.request, interaction.response
    body = _sent(interaction)
    mark = f"      {LAYOUT}: {AS_SENT}\n" if is_as_sent(response.body) else ""
    return (
        f"- request:\n    method: {scalar(request.method)}\n    uri: {scalar(f'{interaction.scheme}://{request.host}{request.target}')}\n"
        f"    body: {body}\n    headers:{_lines(request.headers)}"
        f"  response:\n    status:\n      code: {response.status}\n      message: {scalar(response.phrase)}\n"
        f"    headers:{_lines(response.headers)}"
        f"    body:\n      string: {block_scalar(response_text(response.body), '        ')}\n{mark}"
    )


def _sent(interaction: Interaction) -> str:
    """The body of the request; an object, as vcrpy has it of aiohttp, where it has two spellings."""
    body = interaction.request.body
    if interaction.also is not None:
        return object_text(body)
    return block_scalar(request_text(body), "      ") if body else "null"


def _lines(headers: Headers) -> str:
    if not headers:
        return " {}\n"
    lines: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    for name, value in headers:
        lines.setdefault(spelled.setdefault(name.lower(), name), []).append(f"      - {_scalar(value)}\n")
    return "\n" + "".join([f"      {_scalar(name)}:\n{''.join(values)}" for name, values in lines.items()])


_scalar = lru_cache(maxsize=1024)(scalar)
"""Names and values of headers come again and again."""
