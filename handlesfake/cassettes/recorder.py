"""Recorder: the innermost stage of a recording, which has each request made for real and remembers what came back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from handlesfake.cassettes.bodies import unpacked
from handlesfake.cassettes.cassette import Interaction, answer_with, label_in
from handlesfake.cassettes.file import Draft
from handlesfake.cassettes.identities import Identity, pseudonyms
from handlesfake.cassettes.scrubbing import SHORTEST, Scrubber, secrets_in
from handlesfake.cassettes.writing import dump
from handlesfake.mpsd.identity import Caller
from handlesfake.mpsd.message import Request, Response
from handlesfake.outcome import Answer, Call, Forward, Outcome, Proceed

SERVICE = "-"
"""What stands for a title's own service, in a token and in a cassette."""


class Recorder:
    """Records real traffic into the cassette at ``path``: the whole file at the end, or nothing.

    Rules lie outside of it, so that what they made or changed is never written as truth.

    :param who: who sends a request, as the test knows it.
    :param identities: who the roles are.
    """

    def __init__(
        self, path: Path, who: Callable[[Request], Caller | None], identities: Mapping[str, Identity]
    ) -> None:
        self.path = path
        self._who = who
        self._identities = identities
        self._by_hash = {one.user_hash: role for role, one in identities.items() if one.user_hash}
        self._heard: list[Interaction] = []
        self._labels: list[str] = []
        self._secrets: set[str] = set()
        self._draft: Draft | None = None

    def start(self) -> None:
        """Make sure that the cassette can be written.

        :raises CassetteError: it cannot.
        """
        self._draft = Draft(self.path)

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:  # noqa: ARG002 - the real service lies further in
        """Have the request made for real."""
        return Forward(lambda response: self._hear(call, response))

    def _hear(self, call: Call, response: Response) -> Answer:
        request = call.request
        caller = self._who(request)
        self._secrets |= secrets_in(request.headers) | secrets_in(response.headers)
        headers, body = unpacked(request.headers, request.body)
        sent = replace(request, headers=headers, body=body)
        headers, body = unpacked(response.headers, response.body)
        came = replace(response, headers=headers, body=body)
        self._labels.append(self._label(request, caller))
        self._heard.append(Interaction(len(self._heard) + 1, sent, came))
        return replace(answer_with(response, call, "real service"), caller=caller)

    def _label(self, request: Request, caller: Caller | None) -> str:
        """What the cassette calls the caller: the role, else ``user-1`` ... in order of appearance."""
        user_hash = label_in(request)
        if user_hash in ("", SERVICE):
            return user_hash
        user = caller.user if caller is not None else None
        if user_hash not in self._by_hash:
            count = sum(label.startswith("user-") for label in self._by_hash.values())
            self._by_hash[user_hash] = user.role if user is not None and user.role else f"user-{count + 1}"
        return self._by_hash[user_hash]

    def stop(self, *, failed: bool = False) -> None:
        """Write the cassette; when nothing was recorded, nothing is written.

        :param failed: what was recorded is not to be trusted: it is kept beside the cassette, as ``.rejected``.
        :raises CassetteError: it cannot be written.
        """
        draft, self._draft = self._draft, None
        if draft is None:
            return
        if not self._heard:
            draft.discard()
            return
        draft.keep(self._text(), self.path.with_name(f"{self.path.name}.rejected") if failed else None)

    def _text(self) -> str:
        roles = pseudonyms(self._identities)
        # a user hash first: one that is a xuid at the same time is more often meant as that
        names = {user_hash: label for user_hash, label in self._by_hash.items() if len(user_hash) >= SHORTEST}
        names |= {one.xuid: roles[role] for role, one in self._identities.items()}
        scrubber = Scrubber(self._secrets, names)
        scrubbed = [scrubber.scrubbed(one, label) for one, label in zip(self._heard, self._labels, strict=True)]
        return dump(scrubbed, roles)
