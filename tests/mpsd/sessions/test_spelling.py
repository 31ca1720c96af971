"""The two spellings of a session's constants say the same."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlesfake.mpsd.sessions.constants import require_same
from handlesfake.mpsd.sessions.spelling import to_contract_105, to_contract_107

TIMEOUTS = ("reservedRemovalTimeout", "inactiveRemovalTimeout", "readyRemovalTimeout", "sessionEmptyTimeout")
UNSAID = {
    "joinTimeout": 10_000,
    "measurementTimeout": 30_000,
    "externalEvaluation": False,
    "membersNeededToStart": 1,
}
"""What 107 need not say and 105 would read otherwise."""

SYSTEMS = st.fixed_dictionaries(
    {"version": st.just(1)},
    optional={
        **{name: st.one_of(st.none(), st.integers(0, 10**6)) for name in TIMEOUTS},
        "memberInitialization": st.fixed_dictionaries(
            {},
            optional={
                "membersNeededToStart": st.integers(1, 9),
                "joinTimeout": st.integers(0, 9),
                "evaluationTimeout": st.integers(0, 9),
                "externalEvaluation": st.booleans(),
            },
        ),
        "capabilities": st.dictionaries(st.sampled_from(["large", "team"]), st.booleans()),
    },
)


@given(SYSTEMS)
def test_105_and_back_is_the_same(system: dict[str, object]) -> None:
    """A client of 105 that sends back what it was shown states the constants that are stored, no more and no less."""
    stored: dict[str, Any] = {"system": system, "custom": {}}
    told = to_contract_107({"system": to_contract_105(system), "custom": {}})

    require_same(stored, told)
    if "memberInitialization" in system:
        system = {**system, "memberInitialization": UNSAID | stored["system"]["memberInitialization"]}
    assert {"system": system, "custom": {}} == told


def test_105_shows_timeouts_last_and_in_captured_order() -> None:
    """Keys in the order of the capture, whatever the order of the template."""
    system = {
        "readyRemovalTimeout": 3,
        "sessionEmptyTimeout": 4,
        "inactiveRemovalTimeout": 2,
        "reservedRemovalTimeout": 1,
    }

    assert [("version", 1), ("timeouts", {"reserved": 1, "inactive": 2, "ready": 3, "sessionEmpty": 4})] == list(
        to_contract_105({**system, "version": 1}).items()
    )


def test_the_switch_of_initialization_is_the_other_way_round() -> None:
    """``autoEvaluate`` says the opposite of ``externalEvaluation``."""
    shown = to_contract_105({"memberInitialization": {"externalEvaluation": True, "membersNeededToStart": 3}})

    assert (False, 3) == tuple(
        shown["managedInitialization"][key] for key in ("autoEvaluate", "membersNeededToStart")
    )


def test_each_spelling_has_its_own_defaults() -> None:
    """What one leaves unsaid the other has to hear: contract 8.2, and the list of changes for the evaluation."""
    shown = to_contract_105({"memberInitialization": {}})
    stored = to_contract_107({"system": {"managedInitialization": {}}})

    assert {
        "joinTimeout": 10_000,
        "measurementTimeout": 30_000,
        "membersNeededToStart": 1,
        "autoEvaluate": True,
    } == shown["managedInitialization"]
    assert {
        "joinTimeout": 5_000,
        "measurementTimeout": 5_000,
        "externalEvaluation": True,
        "membersNeededToStart": 2,
    } == stored["system"]["memberInitialization"]


def test_what_is_no_object_stays_for_others_to_refuse() -> None:
    """A spelling is not a check."""
    assert {"system": 7} == to_contract_107({"system": 7})
    assert {"custom": {}} == to_contract_107({"custom": {}})
    assert {"system": {}} == to_contract_107({"system": {"timeouts": 7, "managedInitialization": 7}})
    assert {"timeouts": {}} == to_contract_105({"memberInitialization": 7})
