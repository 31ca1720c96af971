"""Any body of a session write gives a response, and nothing changed by a refusal."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlesfake.mpsd.settings import Settings
from tests.examples import examples
from tests.mpsd.service_harness import GUEST, HOST, JOIN, LOBBY, Town, document

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(allow_nan=False), st.sampled_from(["", "x"])
)
ANYTHING = st.recursive(
    SCALARS,
    lambda part: st.one_of(
        st.lists(part, max_size=2),
        st.dictionaries(st.sampled_from(["system", "custom", "roles", "xuid", "a"]), part, max_size=2),
    ),
    max_leaves=5,
)


def objects(**parts: Any) -> Any:
    """Objects with some of these keys, or, now and then, anything else instead."""
    right = st.fixed_dictionaries({}, optional=parts)
    return st.integers(0, 9).flatmap(lambda number: right if number else ANYTHING)


FLAG = st.one_of(st.booleans(), st.booleans(), ANYTHING)
CUSTOM = objects(a=ANYTHING, b=ANYTHING)


SYSTEM = objects(
    active=FLAG,
    ready=FLAG,
    connection=st.one_of(st.just("c"), ANYTHING),
    subscription=ANYTHING,
    secureDeviceAddress=ANYTHING,
    measurements=ANYTHING,
    serverMeasurements=ANYTHING,
    groups=ANYTHING,
)
MEMBER = objects(
    constants=objects(system=objects(xuid=st.one_of(ANYTHING, st.just(GUEST)), initialize=ANYTHING), custom=CUSTOM),
    properties=objects(system=SYSTEM, custom=CUSTOM),
    roles=st.one_of(ANYTHING, st.just({"lead": "healer"})),
)
SESSION_SYSTEM = objects(
    joinRestriction=st.one_of(ANYTHING, st.sampled_from(["none", "local", "followed"])),
    readRestriction=st.one_of(ANYTHING, st.sampled_from(["none", "local", "followed"])),
    closed=FLAG,
    locked=FLAG,
    keywords=st.one_of(ANYTHING, st.just(["a"])),
    turn=st.one_of(ANYTHING, st.lists(st.integers(0, 2))),
    owners=st.one_of(ANYTHING, st.lists(st.integers(0, 2))),
    host=ANYTHING,
)
CONSTANTS = objects(
    maxMembersCount=ANYTHING,
    visibility=st.one_of(ANYTHING, st.sampled_from(["open", "visible", "private"])),
    capabilities=objects(large=st.booleans(), hasOwners=st.booleans(), userAuthorizationStyle=FLAG),
    inviteProtocol=ANYTHING,
    initiators=ANYTHING,
    ownershipPolicies=ANYTHING,
    memberInitialization=ANYTHING,
    timeouts=ANYTHING,
    managedInitialization=ANYTHING,
    inactiveRemovalTimeout=ANYTHING,
    sessionEmptyTimeout=ANYTHING,
    metrics=ANYTHING,
    version=ANYTHING,
    peerToPeerRequirements=ANYTHING,
    peerToHostRequirements=ANYTHING,
    measurementServerAddresses=ANYTHING,
)
ROLE_TYPES = objects(
    lead=objects(roles=objects(healer=objects(max=st.integers(0, 2), target=ANYTHING)), mutableRoleSettings=ANYTHING)
)
MEMBERS = st.dictionaries(
    st.sampled_from(["me", "reserve_0", "reserve_1", "0", "1", "me_all", f"me_{HOST}", "me_allInSession", "x"]),
    MEMBER,
    max_size=3,
)
BODIES = objects(
    constants=objects(system=CONSTANTS, custom=CUSTOM),
    properties=objects(system=SESSION_SYSTEM, custom=CUSTOM),
    members=MEMBERS,
    servers=ANYTHING,
    roleTypes=ROLE_TYPES,
)
QUERY = f"/serviceconfigs/{LOBBY.scid}/sessions?xuid={HOST}&version=7&inactive=true"
CALLERS = st.sampled_from([(HOST, ""), (GUEST, ""), ("", ""), ("", HOST), ("", f"{HOST},{GUEST}")])


def sent(town: Town, body: Any, caller: tuple[str, str], version: str) -> None:
    """One write, and what holds of every answer to one."""
    xuid, acting = caller
    lines = {"X_Xbl_Contract_Version": version}
    if not xuid:
        lines |= {"X_Xbl_OnBehalfOf_Title": "1234567890", "X_Xbl_OnBehalfOf_Users": acting}
    before = town.directory
    reply = town.send("PUT", LOBBY.path, body, by=xuid or "-", **lines)

    assert reply.response.status in (200, 201, 204, 400, 403, 409, 412)
    if reply.provenance.refusal is not None:
        assert before is town.directory or before.missing < town.directory.missing
    elif reply.response.body:
        found = document(reply)
        assert found["membersInfo"]["count"] == len(town.session().members)
        assert len(town.session().members) == len(town.session().by_xuid)
        assert found["membersInfo"]["active"] == sum(member.active for member in town.session().members.values())
        assert found["membersInfo"]["accepted"] == sum(member.accepted for member in town.session().members.values())


@examples(60)
@given(st.lists(st.tuples(BODIES, CALLERS, st.sampled_from(["104", "105", "107"])), min_size=1, max_size=4))
def test_any_body_gets_an_answer(writes: list[tuple[Any, tuple[str, str], str]]) -> None:
    """Creating with it, and then writing over what there is, as user and as service."""
    town = Town(Settings())
    for body, caller, version in writes:
        sent(town, body, caller, version)
        town.wait(20)
        town.get()

        assert 200 == town.send("GET", QUERY).response.status


@examples(60)
@given(BODIES, CALLERS)
def test_any_body_on_an_existing_session_gets_an_answer(body: Any, caller: tuple[str, str]) -> None:
    """A lobby with two members takes it or refuses it."""
    town = Town(Settings())
    town.put(JOIN)
    town.put(JOIN, by=GUEST)
    sent(town, body, caller, "107")

    assert town.directory.session(LOBBY) is None or town.session().next_index >= 2
