"""The initialization of members, whatever a session requires and whichever members come, measure, decide and go."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.settings import Settings
from tests.examples import examples
from tests.mpsd.service_harness import FAR, GUEST, HOST, LOBBY, Town, document

FAILURES = {"timeout", "latency", "bandwidthdown", "bandwidthup", "network", "group", "episode"}
STAGES = {"joining", "measuring", "evaluating", "failed"}
NUMBERS = st.integers(0, 300)
SETTINGS = st.fixed_dictionaries(
    {"membersNeededToStart": st.integers(0, 2)},
    optional={
        "joinTimeout": st.sampled_from([0, 5000, None]),
        "measurementTimeout": st.sampled_from([0, 5000]),
        "evaluationTimeout": st.sampled_from([0, 5000]),
        "externalEvaluation": st.booleans(),
    },
)
CONSTANTS = st.fixed_dictionaries(
    {"version": st.just(1), "capabilities": st.just({"connectivity": True}), "memberInitialization": SETTINGS},
    optional={
        "metrics": st.fixed_dictionaries({"latency": st.booleans()}),
        "peerToPeerRequirements": st.fixed_dictionaries({}, optional={"latencyMaximum": NUMBERS}),
        "peerToHostRequirements": st.fixed_dictionaries({}, optional={"bandwidthUpMinimum": NUMBERS}),
        "measurementServerAddresses": st.just({"west": {}}),
        "inactiveRemovalTimeout": st.sampled_from([0, 60_000]),
    },
)
MEASURED = st.dictionaries(
    st.sampled_from(["a" * 32, "b" * 32, "c" * 32]),
    st.one_of(st.none(), st.fixed_dictionaries({}, optional={"latency": NUMBERS, "bandwidthUp": NUMBERS})),
    max_size=3,
)
MEMBER = st.fixed_dictionaries(
    {},
    optional={
        "active": st.booleans(),
        "secureDeviceAddress": st.just("QUFBQQ=="),
        "measurements": MEASURED,
        "serverMeasurements": st.just({}),
        "initializationGroup": st.lists(st.integers(-1, 4), max_size=2),
    },
)
WRITES = st.one_of(
    st.just(None),
    st.fixed_dictionaries(
        {"me": MEMBER, "initialize": st.booleans()},
        optional={"decision": st.booleans(), "reserves": st.sampled_from([GUEST, FAR]), "host": st.just("a" * 32)},
    ),
)
EVENING = st.lists(st.tuples(st.sampled_from([HOST, GUEST, FAR]), WRITES, st.sampled_from([0, 2, 7])), max_size=12)


def body(said: dict[str, Any] | None) -> dict[str, Any]:
    """The session write that says it; None leaves."""
    if said is None:
        return {"members": {"me": None}}
    me = {"constants": {"system": {"initialize": said["initialize"]}}, "properties": {"system": said["me"]}}
    members: dict[str, Any] = {"me": me}
    if "reserves" in said:
        members["reserve_0"] = {"constants": {"system": {"xuid": said["reserves"], "initialize": True}}}
    system = {"initializationSucceeded": said.get("decision"), "host": said.get("host")}
    properties = {"system": {name: value for name, value in system.items() if value is not None}}
    return {"members": members, "properties": properties}


@examples(60)
@given(CONSTANTS, EVENING, st.sampled_from(["thresholds", "none"]))
def test_a_stage_is_one_that_there_is_and_comes_to_its_end(
    constants: dict[str, Any], evening: list[Any], qos: Any
) -> None:
    """Whatever happens shows a known stage and known failures; and left alone, no stage lasts that has a timeout."""
    choices = Choices(qos_evaluation=qos)
    town = Town(Settings(templates={"FakeLobby": {"system": constants, "custom": {}}}, choices=choices))
    join = {"constants": {"system": {"initialize": True}}, "properties": {"system": {"active": True}}}
    town.put({"members": {"me": join}})
    for xuid, said, seconds in evening:
        before = town.directory
        reply = town.put(body(said), by=xuid)
        town.wait(seconds)

        assert reply.response.status in (200, 201, 204, 400, 403, 409)
        assert (
            reply.provenance.refusal is None
            or town.directory.sessions == before.sessions
            or before.due is not town.directory.due
        )
        if reply.response.status in (200, 201):
            check(document(reply))
    for _ in range(8):
        town.wait(60)
        last = town.get()
    if LOBBY.key in town.directory.sessions:
        stage = document(last).get("initializing", {}).get("stage")

        assert stage in (None, "failed") or (
            stage == "joining" and constants["memberInitialization"]["joinTimeout"] is None
        )


def check(shown: dict[str, Any]) -> None:
    """What holds of every session that is shown."""
    run = shown.get("initializing")
    episodes = {
        member["initializationEpisode"] for member in shown["members"].values() if "initializationEpisode" in member
    }
    failures = {member.get("initializationFailure") for member in shown["members"].values()} - {None}

    assert run is None or run["stage"] in STAGES
    assert failures <= FAILURES
    assert not episodes or (run is not None and run["stage"] != "failed" and min(episodes) >= run["episode"])
    assert "hostCandidates" not in shown or "host" not in shown["properties"]["system"]
