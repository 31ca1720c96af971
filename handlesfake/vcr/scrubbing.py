"""VcrScrubber: the eyes of a recording on what vcrpy has recorded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from handlesfake.cassettes.cassette import REMOVED, label_in
from handlesfake.cassettes.format.compression import unpacked
from handlesfake.cassettes.next_steps import to_read
from handlesfake.cassettes.people.identities import Identity
from handlesfake.cassettes.people.pseudonyms import is_pseudonym
from handlesfake.cassettes.scrubbing.findings import Findings
from handlesfake.cassettes.scrubbing.replacements import WITHHELD, pseudonym_of
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.values.values import replace
from handlesfake.vcr.disguise import LazyPseudonyms
from handlesfake.vcr.messages import Sent

_JSON = Headers([("Content-Type", "application/json")])
_USER = "user name"
"""The kind of the pseudonyms of callers without a role."""


class VcrScrubber:
    """Scrubs requests and exchanges, and knows in each what the others have shown.

    :param made_up: role to its made-up xuid.
    """

    def __init__(
        self,
        identities: Mapping[str, Identity],
        made_up: Mapping[str, str],
        disguise: LazyPseudonyms,
        not_secret: Iterable[str],
    ) -> None:
        self.roles = dict(made_up)
        self._disguise = disguise
        names = {one.xuid: made_up[role] for role, one in identities.items() if one.xuid != made_up[role]}
        self._strict = Scrubber(disguise, names, not_secret)
        # what is in a cassette already is not secret any more, and would be lost
        self._lenient = Scrubber(disguise, allowed=None)
        self._lenient.learned = self._strict.learned
        self._labels = {one.user_hash: role for role, one in identities.items() if one.user_hash}
        for one in identities.values():
            self._strict.knows_token(one.authorization)
        for user_hash, role in self._labels.items():
            if user_hash != role:
                self._strict.name(user_hash, role)

    def keys(self, text: str) -> list[str]:
        """The fingerprint of the key, where ``text`` holds one of its people."""
        return [self._disguise.fingerprint] if any(one in text for one in self._disguise.made) else []

    def may_be_in(self, text: str) -> bool:
        """Whether something in ``text`` is known that was not when it was scrubbed."""
        return self._strict.learned.may_be_in(text)

    def request(self, sent: Sent) -> Sent:
        """``sent`` as it may be written."""
        scrubbed, _ = self._strict.request(sent.request, self.label(sent.request), sent.request.host)
        return sent.after(replace(scrubbed, body=WITHHELD.encode()) if sent.unread else scrubbed)

    def exchange(self, sent: Sent, response: Response, *, is_old: bool = False) -> tuple[Sent, Response, Findings]:
        """Both as they may be written, and what was found in them.

        :param is_old: both were in a cassette already: what would be withheld stays.
        """
        scrubber = self._lenient if is_old else self._strict
        headers, body = unpacked(response.headers, response.body)
        plain = replace(response, headers=headers, body=body)
        scrubbed = scrubber.exchange(sent.request, plain, self.label(sent.request), sent.request.host)
        asked, came, found = scrubbed.request, scrubbed.response, scrubbed.found
        if is_old and found.unread:
            asked, came = replace(asked, body=sent.request.body), replace(came, body=body)
        if sent.unread:
            found.unread["body"] = sent.unread
        return sent.after(asked), came, found

    def label(self, request: Request) -> str:
        """What a cassette calls the sender: the role, else a pseudonym; empty where it does not say."""
        user_hash = label_in(request)
        said = request.headers.first("Authorization") or ""
        if user_hash in ("", "-") or said.endswith(f";{REMOVED}") or is_pseudonym(_USER, user_hash):
            return user_hash
        label = self._labels.get(user_hash)
        if label is None:
            label = self._labels[user_hash] = self._disguise.of(_USER, user_hash)
            self._strict.name(user_hash, label)
        return label

    def pseudonym(self, kind: str, value: str) -> str:
        """The replacement of ``value``, or what it would be if ``value`` were a person."""
        return pseudonym_of(kind, value, self._disguise)

    def metadata(self, document: dict[str, Any]) -> tuple[dict[str, Any], Findings]:
        """The metadata of vcrpy, which a program has put into the cassette, as they may be written."""
        body = json.dumps(document, default=str).encode()
        scrubbed, found = self._strict.request(Request("POST", "/", _JSON, body), "")
        return json.loads(scrubbed.body), found


def why_left_out(sent: Sent, found: Findings) -> str:
    """What to say of an exchange that may not be written; empty where it may."""
    reasons = [f"{place} looks like a secret ({why})" for place, why in sorted(found.withheld.items())]
    reasons += [f"{place} cannot be read ({why})" for place, why in sorted(found.unread.items())]
    if not reasons:
        return ""
    lines = [f"{sent.request.method} {sent.uri} is not in the cassette: {reasons[0]}"]
    lines += [f"  and {reason}" for reason in reasons[1:]]
    if found.withheld:
        places = ", ".join(f'"{place}"' for place in sorted(found.withheld))
        lines.append("  if that is not a secret, say so, and record again:")
        lines.append(f"      handlesfake.vcr.Hooks(not_secret=[{places}])")
    if found.unread:
        lines += to_read(any("cod" in why for why in found.unread.values()))
    return "\n".join(lines)
