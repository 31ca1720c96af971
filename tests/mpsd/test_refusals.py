"""How the service says no."""

from __future__ import annotations

import pytest

from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.refusals.catalogue import REFUSALS, refuse
from handlesfake.mpsd.refusals.kind import RefusalKind


@pytest.mark.parametrize("kind", REFUSALS.values(), ids=str)
def test_each_kind_is_whole(kind: RefusalKind) -> None:
    """Every refusal has a name in snake case, a status that says no, one sentence or none, and a source."""
    assert kind.name.replace("_", "").isalpha()
    assert 400 <= kind.status < 600
    assert kind.source
    assert kind.sentence == "" or kind.sentence[-1] in ".}"
    assert "\n" not in kind.sentence


def test_a_refusal_fills_its_facts_in() -> None:
    """The sentence names what it is about; facts that it does not need are kept beside it."""
    refusal = refuse("missing_field", field="type", caller="host")

    assert "The field type is missing." == refusal.sentence == str(refusal)
    assert {"field": "type", "caller": "host"} == refusal.facts
    assert (400, Evidence.DOCUMENTED) == (refusal.status, refusal.evidence)
    assert (None, None) == (refusal.document, refusal.etag)


def test_a_refusal_without_its_facts_is_no_refusal() -> None:
    """A sentence with a hole is an error where it is raised, not an answer."""
    with pytest.raises(KeyError, match="field"):
        refuse("missing_field")


def test_a_status_of_a_choice_is_assumed() -> None:
    """What a choice puts instead of the default has no evidence."""
    assert Evidence.ASSUMED is refuse("no_privilege", 401).evidence
    assert Evidence.INFERRED is refuse("no_privilege", 403).evidence
    assert Evidence.INFERRED is refuse("no_privilege").evidence


def test_the_facts_of_a_kind_are_those_of_its_sentence() -> None:
    """Rules are told which words they may fill in."""
    assert ("method", "allow") == REFUSALS["method_not_allowed"].facts
    assert () == REFUSALS["unauthenticated"].facts
