"""The two spellings of a session's constants say the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handlesfake.mpsd.spelling import to_105, to_107

TIMEOUTS = ("reservedRemovalTimeout", "inactiveRemovalTimeout", "readyRemovalTimeout", "sessionEmptyTimeout")
SYSTEMS = st.fixed_dictionaries(
    {"version": st.just(1)},
    optional={
        **{name: st.one_of(st.none(), st.integers(0, 10**6)) for name in TIMEOUTS},
        "memberInitialization": st.fixed_dictionaries(
            {"membersNeededToStart": st.integers(1, 9)},
            optional={"joinTimeout": st.integers(0, 9), "externalEvaluation": st.booleans()},
        ),
        "capabilities": st.dictionaries(st.sampled_from(["large", "team"]), st.booleans()),
    },
)


@given(SYSTEMS)
def test_105_and_back_is_the_same(system: dict[str, object]) -> None:
    """A client of 105 that sends back what it was shown states the constants that are stored."""
    assert {"system": system, "custom": {}} == to_107({"system": to_105(system), "custom": {}})


def test_105_shows_timeouts_last_and_in_captured_order() -> None:
    """Keys in the order of the capture, whatever the order of the template."""
    system = {
        "readyRemovalTimeout": 3,
        "sessionEmptyTimeout": 4,
        "inactiveRemovalTimeout": 2,
        "reservedRemovalTimeout": 1,
    }

    assert [("version", 1), ("timeouts", {"reserved": 1, "inactive": 2, "ready": 3, "sessionEmpty": 4})] == list(
        to_105({**system, "version": 1}).items()
    )


def test_the_switch_of_initialization_is_the_other_way_round() -> None:
    """``autoEvaluate`` says the opposite of ``externalEvaluation``."""
    shown = to_105({"memberInitialization": {"externalEvaluation": True, "membersNeededToStart": 3}})

    assert {"autoEvaluate": False, "membersNeededToStart": 3} == shown["managedInitialization"]


def test_each_spelling_has_its_own_number_of_members_to_start() -> None:
    """One for 107, two for 104 and 105: what one leaves unsaid the other has to hear."""
    shown = to_105({"memberInitialization": {}})
    stored = to_107({"system": {"managedInitialization": {}}})

    assert {"membersNeededToStart": 1} == shown["managedInitialization"]
    assert {"system": {"memberInitialization": {"membersNeededToStart": 2}}} == stored


def test_what_is_no_object_stays_for_others_to_refuse() -> None:
    """A spelling is no check."""
    assert {"system": 7} == to_107({"system": 7})
    assert {"custom": {}} == to_107({"custom": {}})
    assert {"system": {}} == to_107({"system": {"timeouts": 7, "managedInitialization": 7}})
    assert {"timeouts": {}} == to_105({"memberInitialization": 7})
