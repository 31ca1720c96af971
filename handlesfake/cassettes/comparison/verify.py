"""Verify: recorded requests, put to the fake, and where its answers differ from the recorded ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from handlesfake.cassettes.cassette import Cassette, Interaction
from handlesfake.cassettes.comparison.key_order import reordered
from handlesfake.cassettes.comparison.normalisers import MADE_UP, NORMALISERS, compared_fields, sifted
from handlesfake.cassettes.comparison.recorded_ids import recorded_ids
from handlesfake.cassettes.replay.time_shift import http_ticks
from handlesfake.fake_service.ids import Ids
from handlesfake.json_diff import Difference, differences, table
from handlesfake.mpsd.context import NewId
from handlesfake.mpsd.http.message import Response
from handlesfake.mpsd.learning.absorb import absorb_people
from handlesfake.mpsd.operations import UNROUTED
from handlesfake.mpsd.service import Reply
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import KnownUser
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from handlesfake.services.table import host_of, service_of
from handlesfake.values.values import field, frozen, mutable, replace

_TITLE = re.compile(rb'"(?:titleId|activeTitleId)"\s*:\s*"?(\d{1,10})"?')
_START = 17_678_000_000_000_000  # some day in 2026, for recordings without any Date


@frozen
class ComparedExchange:
    """One recorded exchange beside what the fake makes of it."""

    interaction: Interaction
    unlike: tuple[Difference, ...] = ()
    normalised: tuple[str, ...] = ()
    """The names of the normalisers that found a difference that does not count, once for each."""

    first_sight: bool = False
    """It shows something from before the recording: it is learned, and not compared."""

    reordered: tuple[str, ...] = ()
    """The paths of the objects whose keys the fake writes in another order."""


class Verifier:
    """A fake that lives through a recording: it answers each request, and then is told what really happened."""

    def __init__(self, cassette: Cassette, settings: Settings | None = None) -> None:
        title_id = next(
            (found[1].decode() for one in cassette.interactions if (found := _TITLE.search(one.response.body))), None
        )
        given = settings or Settings()
        self._settings = replace(given, title_id=title_id) if title_id else given
        self._directory = Directory()
        self._ids = Ids(cassette.path.name)
        self._now = _START
        self._seen: set[Any] = set()
        """The ids that the recording has shown so far."""

        self._made: set[str] = set()
        """The ids that the fake has made up so far."""

        for role, xuid in cassette.roles.items():
            self._directory = self._directory.with_user(KnownUser(xuid, role, self._settings.title_id, role))

    def check(self, interaction: Interaction) -> ComparedExchange:
        """What the fake makes of ``interaction``; afterwards it knows what that shows."""
        recorded = interaction.response
        # what tokens say no recording holds: it is taken from the answer, before the fake is asked
        self._directory = absorb_people(self._directory, interaction.request, recorded)
        self._now = http_ticks(recorded.headers.first("Date") or "") or self._now + TICKS_PER_SECOND
        before = self._directory
        ids = recorded_ids(self._ids, recorded, lambda new_id: self._answer(interaction, new_id).response)

        def new_id() -> str:
            made = ids()
            self._made.update((made, f'"{made.replace("-", "")}"'))  # as an ETag, too
            return made

        reply = self._answer(interaction, new_id)
        verdict = self._verdict(interaction, reply)
        self._seen.update(_ids_in(recorded))
        agrees = (reply.response.status < 300) == (recorded.status < 300) and not verdict.first_sight
        users, hashes = reply.directory.users, reply.directory.hashes
        known = _less_created(reply) if agrees else replace(before, users=users, hashes=hashes)
        caller = reply.provenance.caller
        xuid = caller.user.xuid if caller is not None and caller.user is not None else ""
        absorb = service_of(interaction.request).learning().absorb
        self._directory = absorb(known, interaction.request, recorded, xuid=xuid, now=self._now)
        return verdict

    def _answer(self, interaction: Interaction, new_id: NewId) -> Reply:
        answer = service_of(interaction.request).answer()
        return answer(self._directory, interaction.request, self._now, new_id, self._settings)

    def _verdict(self, interaction: Interaction, reply: Reply) -> ComparedExchange:
        if self._is_first_sight(interaction, self._directory):
            return ComparedExchange(interaction, first_sight=True)
        recorded, made = compared_fields(interaction.response), compared_fields(reply.response)
        kept, taken = sifted(
            differences(recorded, made), lambda one: one.sent in self._made and one.wanted not in self._seen
        )
        order = tuple(reordered(recorded.get("body"), made.get("body")))
        return ComparedExchange(interaction, tuple(kept), tuple(taken), reordered=order)

    def _is_first_sight(self, interaction: Interaction, before: Directory) -> bool:
        """Whether the recorded answer rests on what the recording has not shown so far."""
        request, response = interaction.request, interaction.response
        learning = service_of(request).learning()
        after = learning.absorb(before, request, response, now=self._now)
        return learning.is_first_sight(before, after, request, response)


def verify(cassette: Cassette, settings: Settings | None = None) -> Iterator[ComparedExchange]:
    """Each exchange of ``cassette`` with a service of the table beside what the fake makes of it."""
    verifier = Verifier(cassette, settings)
    for interaction in cassette.interactions:
        is_of_the_table = interaction.request.host == host_of(interaction.request.host)
        if is_of_the_table and interaction.call.operation != UNROUTED:
            yield verifier.check(interaction)


def _less_created(reply: Reply) -> Directory:
    """What the fake knows now, less the handle that it made: the recorded one takes its place."""
    created = reply.provenance.created
    made = reply.directory.handles.get(str(created["id"]).lower()) if created else None
    return reply.directory.without_handle(made) if made is not None else reply.directory


def _ids_in(recorded: Response) -> Iterator[Any]:
    """The ids that the service has made up."""
    fields = compared_fields(recorded)
    yield fields["headers"].get("ETag")
    body = fields.get("body")
    results = body.get("results") if isinstance(body, dict) else None
    for one in [body, *(results if isinstance(results, list) else ())]:
        if isinstance(one, dict):
            yield from (one[name] for name in MADE_UP if isinstance(one.get(name), str))


# ---- as text


def _any_place(path: str) -> str:
    """``path`` with a star for each index."""
    return re.sub(r"\.\d+(?=\.|$)", ".*", path)


@mutable
class Account:
    """What a verification has found, over any number of recordings."""

    exchanges: int = 0
    differ: int = 0
    first_sight: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    normalised: Counter[str] = field(default_factory=Counter)
    reordered: Counter[str] = field(default_factory=Counter)

    @property
    def compared(self) -> int:
        """How many exchanges could be compared."""
        return self.exchanges - self.first_sight

    def add(self, verdict: ComparedExchange) -> list[str]:
        """Count ``verdict``; the lines that tell where it differs."""
        self.exchanges += 1
        self.first_sight += verdict.first_sight
        self.normalised.update(verdict.normalised)
        self.fields.update(_any_place(one.path) for one in verdict.unlike)
        self.reordered.update(map(_any_place, verdict.reordered))
        if not verdict.unlike:
            return []
        self.differ += 1
        one = verdict.interaction
        by = f" by {one.caller}" if one.caller else ""
        head = f"  #{one.number} {one.call.operation} {one.call.type[:20]}".rstrip() + by
        return [head, *table(verdict.unlike, words=("recorded", "fake"))]

    def lines(self) -> Iterable[str]:
        """The counts: what agrees, what was not compared, what was normalised and why, what differs by field."""
        if self.compared:
            agree = self.compared - self.differ
            yield f"{agree} of {self.compared} exchanges agree in status, headers and body"
        elif not self.exchanges:
            yield "nothing to compare: no exchange with MPSD was recorded"
        else:
            yield "nothing to compare: every exchange shows what was there before the recording"
        if self.first_sight and self.compared:
            yield f"{self.first_sight} not compared: they show what was there before the recording"
        for normaliser in NORMALISERS:
            if count := self.normalised[normaliser.name]:
                yield f"{count} {normaliser.name} normalised: {normaliser.reason}"
        if self.reordered:
            told = ", ".join(f"{path} {count}" for path, count in self.reordered.most_common(20))
            yield f"keys in another order, which JSON gives no meaning: {told}"
        if self.fields:
            told = ", ".join(f"{path} {count}" for path, count in self.fields.most_common(20))
            yield f"differences by field: {told}"
