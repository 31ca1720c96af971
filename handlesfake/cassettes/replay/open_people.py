"""OpenPeople: a recorded request whose people are left open, so that others can replace them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from urllib.parse import unquote, unquote_plus

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.people.pseudonyms import KINDS, is_made_up_xuid, is_pseudonym
from handlesfake.cassettes.volatile_fields import VolatileFields
from handlesfake.exchange.outcome import Call
from handlesfake.values.values import frozen, replace

_C, _S, _A = "(?::|%3A)", "(?:/|%2F)", r"(?: |\+|%20)"
"""A colon, a slash and a space, also as forms and addresses have them."""

_LOOKS = (
    r"(?:(?<![0-9A-Za-z])|(?<=%[0-9A-F][0-9A-F]))"
    r"(?:Player\d{9}(?:(?:#|%23)0\d*)?|player[0-9a-f]{8}(?:(?:@|%40)mail\.invalid)?|\+?999\d{10}|\d{16,20}"
    r"|(?i:machine-[0-9a-f]{8}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|198\.1[89]\.\d{1,3}\.\d{1,3}"
    rf"|2001{_C}db8{_C}6861{_C}6e64{_C}(?:[0-9a-f]|{_C}){{1,19}}"
    rf"|(?i:02((?:{_C}|-)?)00\1?5e(?:\1[0-9a-f]{{2}}){{3}})|9999(?:(?:-|{_A})?\d){{8,15}}|ZZ99(?:{_A}?\d){{4,30}}"
    rf"|S-1-\d+-\d+-9999-9999-9999-\d{{1,10}}|network-[0-9a-f]{{8}}|https{_C}{_S}{_S}images\.invalid{_S}[0-9a-f]{{8}}"
    rf"|1900-\d\d-\d\d(?:T0\d(?:0|{_C}|\.)*Z?)?|1900{_S}\d\d{_S}\d\d|\d\d(?:[-.]|{_S})\d\d(?:[-.]|{_S})1900|1900\d{{4}}"
    r"|0\.00\d{4}(?:,|%2C)0\.00\d{4}"
    rf"|said{_A}[0-9a-f]{{8}}|Nowhere{_A}\d{{5}}|aGFuZGxlc2Zha2Ug[A-Za-z0-9+/]{{32}})(?![0-9A-Za-z])"
)
"""What pseudonyms look like: a text, for only a miss asks for it, and to compile it takes a millisecond."""

_ANYBODY = r"((?:[^\"\\&/?\n]|\\.|&(?:#\w+|\w+);){1,200}?)"
_ANYBODY_BELOW = r"((?:[^\"\\&\n]|\\.|&(?:#\w+|\w+);){1,200}?)"
"""In a body, where a slash parts nothing."""

_ANYTHING = r"(?:[^\"\\&/?\n]|\\.){1,200}?"


@frozen(slots=False)
class OpenPeople:
    """A recorded request with its people left open."""

    number: int
    asked: tuple[str, str]
    pattern: re.Pattern[str]
    people: tuple[tuple[str, str], ...]
    """Kind and pseudonym of each, in the order of the groups of the pattern."""

    def sent(self, found: re.Match[str], place: int, target: int) -> str:
        """The person in ``found`` that replaces the person number ``place``, counted from 1.

        :param target: the length of the target, behind which the body begins.
        """
        if found.start(place) < target:
            return unquote(found[place])
        return _plain(found[place], found.string[target + 1 :].lstrip()[:1])

    def rewritten(self, call: Call, found: re.Match[str]) -> Call:
        """``call`` with the pseudonyms in the places of the people."""
        text, parts, done = found.string, [], 0
        for place, (_, made_up) in enumerate(self.people, 1):
            parts += [text[done : found.start(place)], made_up]
            done = found.end(place)
        path, _, body = "".join([*parts, text[done:]]).partition("\n")
        request = call.request
        headers = request.headers.without("Content-Encoding")
        return Call(replace(request, target=path, headers=headers, body=body.encode()), call.now)


def open_people(interaction: Interaction, roles: frozenset[str], holes: VolatileFields) -> OpenPeople:
    """``interaction`` with its people left open, except for ``roles``."""
    text = "\n".join(written(interaction.call))
    volatile = {hole.value for hole in holes.shape(interaction.call).holes}
    parts, people, done, target = [], [], 0, text.index("\n")
    for start, stop, kind in _found(text, roles, volatile):
        if start < done:
            continue
        parts += [
            re.escape(text[done:start]),
            (_ANYBODY if start < target else _ANYBODY_BELOW) if kind else _ANYTHING,
        ]
        people += [(kind, text[start:stop])] if kind else []
        done = stop
    pattern = re.compile("".join([*parts, re.escape(text[done:])]))
    return OpenPeople(interaction.number, asked(interaction.call), pattern, tuple(people))


def _found(text: str, roles: frozenset[str], volatile: set[str]) -> Iterator[tuple[int, int, str]]:
    """The places of pseudonyms in ``text``, with their kinds, and of what is new in each run, without a kind."""
    found = [(one.start(), one.end(), _kind(one[0])) for one in re.finditer(_LOOKS, text) if one[0] not in roles]
    people = [one for one in found if one[2]]
    new = [(one.start(), one.end(), "") for value in volatile for one in re.finditer(re.escape(value), text)]
    yield from sorted([*new, *people])


def _kind(text: str) -> str:
    """The kind of the pseudonym ``text``; empty where it was not made by a key."""
    plain = unquote_plus(text)
    kind = next((kind for kind in KINDS if is_pseudonym(kind, text) or is_pseudonym(kind, plain)), "")
    return "" if kind == "xuid" and not is_made_up_xuid(text) else kind


def asked(call: Call) -> tuple[str, str]:
    """Method and operation: requests that differ in them are never the same."""
    return call.request.method, call.operation if call.route.operation else ""


def written(call: Call) -> tuple[str, str]:
    """Target and body as they are compared: keys in order, no spaces."""
    document = call.document
    if document is not None:
        body = json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    else:
        body = call.request.body.decode("utf-8", "replace")
    return call.request.target, body


def _plain(text: str, begin: str) -> str:
    """``text`` without the escapes of the body it is from, which begins with ``begin``: JSON, XML or a form."""
    if begin == "<":
        return html.unescape(text)
    if begin not in ("{", "["):
        return unquote_plus(text)
    try:
        found = json.loads(f'"{text}"')
    except ValueError:
        return text
    return found if isinstance(found, str) else text
