"""What holds of MPA for any bytes, and for any row of requests: a naive model knows what must come of them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from handlesfake.mpa.operations import OPERATIONS
from handlesfake.mpa.state import LIFETIME
from handlesfake.mpsd.http.message import Headers, Request
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from handlesfake.services.table import MPA
from tests.mpa.asking import GUEST, HOST, STRANGER, TITLE, Asking, activity_of, document
from tests.test_properties import PROFILE, bodies

PLAYERS, TITLES = (HOST, GUEST, STRANGER), (TITLE, "896928775")
HOUR = 3600 * TICKS_PER_SECOND

players, titles = st.sampled_from(PLAYERS), st.sampled_from(TITLES)
numbers = st.integers(1, 6)
targets = st.sampled_from([operation.template for operation in OPERATIONS]).map(
    lambda one: one.replace("{titleId}", TITLE).replace("{xuid}", HOST)
)
mpa_bodies = st.fixed_dictionaries(
    {},
    optional={
        "sequenceNumber": st.sampled_from(["1", 2, "0", "", None, 1.5, True, [], "٣"]),
        "connectionString": st.text(max_size=4) | st.none(),
        "joinRestriction": st.sampled_from(["Public", "Followed", "InviteOnly", "public", 1]),
        "maxPlayers": st.integers() | st.floats() | st.booleans(),
        "platform": st.sampled_from(["iOS", "XboxOne", "", None, {}]),
        "users": st.lists(players | st.text(max_size=2), max_size=3),
        "invitedUsers": st.lists(players, max_size=3) | st.text(max_size=2),
        "recentPlayers": st.lists(st.fixed_dictionaries({"id": players | st.none()}), max_size=3) | st.none(),
        "recentPlayersByXuid": st.lists(st.fixed_dictionaries({"xuid": players}), max_size=2),
        "recentPlayerGroups": st.lists(st.dictionaries(st.text(max_size=3), st.none()), max_size=2),
    },
)


@PROFILE
@given(
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE", "PATCH", ""]),
    target=targets | st.text(max_size=30),
    headers=st.lists(st.tuples(st.sampled_from(["Authorization", "Content-Encoding", "X"]), st.text(max_size=20))),
    raw=bodies,
    strict=st.booleans(),
)
def test_any_bytes_are_answered(
    method: str, target: str, headers: list[tuple[str, str]], raw: bytes, *, strict: bool
) -> None:
    """Any request has an answer, and a refusal changes nothing."""
    asking = Asking(Settings(strict=strict))
    before = asking.directory
    reply = asking.put(Request(method, target, Headers(headers), raw, MPA.hosts[0]))

    assert reply.response.status in (200, 204, 400, 401, 501)
    assert reply.provenance.refusal is None or reply.directory is before


@PROFILE
@given(operation=st.sampled_from(OPERATIONS), body=mpa_bodies, service=st.booleans())
def test_half_valid_bodies_are_answered(operation: Any, body: dict[str, Any], *, service: bool) -> None:
    """The same of bodies whose fields are nearly right, by a player or a service."""
    asking = Asking()
    before = asking.directory
    target = operation.template.replace("{titleId}", TITLE).replace("{xuid}", HOST)
    reply = asking.ask(operation.method, target, body, by="-" if service else HOST)

    assert reply.response.status in (200, 204, 400)
    assert reply.provenance.refusal is None or reply.directory is before


class Machine(RuleBasedStateMachine):
    """MPA beside a dictionary that says what every player shows in every title."""

    def __init__(self) -> None:
        super().__init__()
        self.asking = Asking()
        self.shown: dict[tuple[str, str], tuple[dict[str, Any], int]] = {}
        self.last: dict[tuple[str, str], int] = {}
        self.met: dict[str, dict[str, str]] = {}

    @rule(who=players, title=titles, number=numbers, restriction=st.sampled_from(["Public", "InviteOnly"]))
    def sets(self, who: str, title: str, number: int, restriction: str) -> None:
        """A later number replaces what was shown, an earlier one is refused."""
        body = {"sequenceNumber": str(number), "connectionString": f"{who}{number}", "joinRestriction": restriction}
        reply = self.asking.ask("PUT", activity_of(who, title), body, who)
        is_late = number <= self.last.get((who, title), 0)

        assert (400 if is_late else 204) == reply.response.status
        if not is_late:
            self.shown[who, title], self.last[who, title] = (body, self.asking.now), number

    @rule(who=players, title=titles, number=numbers)
    def deletes(self, who: str, title: str, number: int) -> None:
        """The same of a deletion."""
        reply = self.asking.ask("DELETE", activity_of(who, title), {"sequenceNumber": str(number)}, who)
        is_late = number <= self.last.get((who, title), 0)

        assert (400 if is_late else 204) == reply.response.status
        if not is_late:
            self.shown.pop((who, title), None)
            self.last[who, title] = number

    @rule(who=players, other=players)
    def tries_to_set_for_another(self, who: str, other: str) -> None:
        """No user sets the activity of another."""
        body = {"sequenceNumber": "99", "connectionString": "x", "joinRestriction": "Public"}
        if who != other:
            assert 400 == self.asking.ask("PUT", activity_of(other), body, who).response.status

    @rule(who=players, title=titles, other=players)
    def reads(self, who: str, title: str, other: str) -> None:
        """What is shown is what was set last, unless a day has passed; some see no connection string."""
        reply = self.asking.ask("GET", activity_of(who, title), by=other)
        wanted = self._wanted(who, title, other)

        assert (204 if wanted is None else 200) == reply.response.status
        assert wanted is None or wanted == document(reply)

    @rule(asked=st.lists(players, max_size=4), other=players)
    def queries(self, asked: list[str], other: str) -> None:
        """A query shows of each what single reads show, title by title."""
        reply = self.asking.ask("POST", f"/titles/{TITLE}/activities/query", {"users": asked}, other)
        found = {one["userId"]: one["activities"] for one in document(reply)["userActivities"]}
        wanted = {who: [one for title in TITLES if (one := self._wanted(who, title, other))] for who in asked}
        by_title = {who: sorted(shown, key=lambda one: one["titleId"]) for who, shown in found.items()}

        assert {who: sorted(shown, key=lambda one: one["titleId"]) for who, shown in wanted.items()} == by_title

    @rule(
        who=players, others=st.lists(players, min_size=1, max_size=3), kind=st.sampled_from(["Teammate", "Opponent"])
    )
    def meets(self, who: str, others: list[str], kind: str) -> None:
        """The caller's list has each user that the client names, with the last encounter; no other list changes."""
        body = {"recentPlayers": [{"id": one, "encounterType": kind} for one in others]}
        self.asking.ask("POST", f"/titles/{TITLE}/recentplayers", body, who)
        self.met.setdefault(who, {}).update(dict.fromkeys(others, kind))
        known = self.asking.known.recent_players

        assert self.met == {
            xuid: {one.xuid: one.encounter_type for one in met.values()} for xuid, met in known.items()
        }

    @rule(hours=st.integers(1, 25))
    def waits(self, hours: int) -> None:
        """Time passes."""
        self.asking.now += hours * HOUR

    def _wanted(self, who: str, title: str, other: str) -> dict[str, Any] | None:
        body, at = self.shown.get((who, title), ({}, 0))
        if not body or self.asking.now - at >= LIFETIME:
            return None
        wanted = {**body, "titleId": int(title)}
        if who != other and body["joinRestriction"] == "InviteOnly":
            del wanted["connectionString"]
        return wanted


def test_any_row_of_requests_is_answered_as_the_model_says() -> None:
    """Activities, their order, their end, who sees what, and recent players."""
    run_state_machine_as_test(Machine, settings=PROFILE)  # type: ignore[no-untyped-call]  # of hypothesis
