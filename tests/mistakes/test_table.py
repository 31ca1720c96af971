"""Each public call against the seven likeliest mistakes: a message of ours, a call that works, or why neither can be.

A row of the table has the call, and its result. That is the kind of an error with its whole text, or ``then``, which
must be true afterwards. It can also be a sentence that says why there is no such mistake. The texts name long lists
of known words, see :mod:`tests.mistakes.trying`.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import handlesfake
from tests.mistakes.trying import done, status_of_activity, tried, world

MISTAKES = (
    "wrong_type",
    "near_word",
    "empty",
    "negative",
    "list_for_star",
    "role_for_xuid",
    "after_the_start",
)
TABLE: dict[str, dict[str, Any]] = {
    name: row
    for path in sorted(Path(__file__).parent.glob("*.yaml"))
    for name, row in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}
_ONLY_BLOCKING = ("mpsd.activity_of", "mpsd.assert_no_assumptions")
"""What looks or claims without waiting, and so has no twin in ``mpsd.soon``."""

_FOR_THE_PACKAGE = {
    "mpsd.clock": {"restore", "tick"},
    "mpsd.soon": {"never_awaited", "to_await"},
    "mpsd.journal": {"count", "index"},  # of every sequence
}


def cases() -> Iterator[Any]:
    """Every row of the table that is a call."""
    for name, row in TABLE.items():
        for kind in (*MISTAKES, "more"):
            found = row.get(kind, [])
            for number, case in enumerate(found if isinstance(found, list) else [found]):
                if not isinstance(case, str):
                    yield pytest.param(case, id=f"{name}-{kind}-{number}")


def is_awaitable(case: dict[str, str]) -> bool:
    """Whether it is a wrong claim that ``mpsd.soon`` has, too; what only fails would wait first."""
    call = case["call"]
    is_claim = call.startswith(("mpsd.assert_", "mpsd.settle(")) and not call.startswith(_ONLY_BLOCKING)
    return is_claim and not {"then", "AssertionError"}.intersection(case)


@pytest.mark.parametrize("case", list(cases()))
def test_a_mistake_is_told(case: dict[str, str]) -> None:
    """The error is of the kind and has the text of the table; a call without a mistake has the effect that it names."""
    case = dict(case)
    call = case.pop("call")
    if "then" in case:
        with world() as names:
            done(call, names)

            assert eval(case["then"], names)
    else:
        assert tuple(case.items()) == (tried(call),)


@pytest.mark.parametrize("case", [case for case in cases() if is_awaitable(case.values[0])])
def test_a_mistake_is_told_before_it_is_awaited(case: dict[str, str]) -> None:
    """The same claim of ``mpsd.soon`` is the same error, of the same text, at once: no ``await`` is needed to see it."""
    (kind, text), *_ = [(kind, text) for kind, text in case.items() if kind != "call"]

    assert (kind, text) == tried(case["call"].replace("mpsd.", "mpsd.soon.", 1))


def test_every_claim_can_be_awaited() -> None:
    """``mpsd.soon`` has each claim of the table and nothing else that is called."""
    with world() as names:
        soon = set(callables("mpsd.soon", names["mpsd"].soon))
    claims = {
        name for name in TABLE if name.startswith(("mpsd.assert_", "mpsd.settle")) and name not in _ONLY_BLOCKING
    }

    assert {name.replace("mpsd.", "mpsd.soon.") for name in claims} == soon


def test_every_call_stands_in_the_table() -> None:
    """A new public call has to say what comes of each mistake."""
    assert sorted(public_calls()) == sorted(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_every_mistake_stands_in_the_table(name: str) -> None:
    """Each of the seven is tried, or cannot be made for the reason that is given."""
    assert list(MISTAKES) == [kind for kind in TABLE[name] if kind != "more"]


def public_calls() -> Iterator[str]:
    """What a test can call, as it writes it."""
    yield from (f"handlesfake.{name}" for name in ("fake", "replay", "record", "serve", "mark", "Double", "Choices"))
    with world() as names:
        mpsd = names["mpsd"]
        things = {
            "mpsd": mpsd,
            "host": names["host"],
            "service": mpsd.service(),
            "lobby": names["lobby"],
            "held": names["held"],
            "mpsd.clock": mpsd.clock,
            "mpsd.journal": mpsd.journal,
        }
        for name, thing in things.items():
            yield from callables(name, thing)


def callables(name: str, thing: object) -> Iterator[str]:
    """What can be called of a ``thing`` that a test writes as ``name``."""
    for word in dir(thing):
        skipped = word[0] == "_" or word in _FOR_THE_PACKAGE.get(name, ())
        if not skipped and inspect.isroutine(inspect.getattr_static(thing, word)):
            yield f"{name}.{word}"


CONDITIONS = (
    "mpsd.refuse('throttled', {})",
    "mpsd.lose_answer({})",
    "mpsd.fault('reset', {})",
    "mpsd.slow(1, {})",
    "mpsd.hold({})",
    "mpsd.before('create_handle', print, {})",
    "mpsd.after('create_handle', print, {})",
)


@pytest.mark.parametrize("call", CONDITIONS)
@pytest.mark.parametrize(
    "said", ["caller='hots'", "invitee='hots'", "caller=['guest', 'hots']", "caller={'one_of': ['hots']}"]
)
def test_a_misspelt_role_of_a_condition_is_told_at_once(call: str, said: str) -> None:
    """What waits for a missing player would wait in silence: a hold without end, and a rule until the end of the test."""
    word = said.partition("=")[0]
    kind, text = tried(call.format(said))

    assert "RuleError" == kind
    assert text.endswith(
        f": {word} 'hots' is not a role and not a xuid; did you mean 'host'?\n"
        "  roles: host, guest; mpsd.user('hots') makes one"
    )


@pytest.mark.parametrize("call", CONDITIONS)
@pytest.mark.parametrize(
    "said", ["caller='host'", "caller=host", "invitee='3210'", "invitee=[guest, 'host']", "caller={'like': 'ho*'}"]
)
def test_who_may_be_meant_is_no_mistake(call: str, said: str) -> None:
    """Users, roles and xuids are, and so is a form that a role has or will have."""
    assert ("silent", "") == tried(call.format(said))


def test_a_misspelt_role_of_a_rule_is_told_at_once() -> None:
    """In the words of a rule file, too."""
    rule = "{'when': {'caller': 'hots'}, 'then': {'refuse': 'throttled'}}"

    assert (
        "RuleError",
        "mpsd.rule(...): caller 'hots' is not a role and not a xuid; did you mean 'host'?\n"
        "  roles: host, guest; mpsd.user('hots') makes one",
    ) == tried(f"mpsd.rule({rule})")


def test_a_rule_of_a_file_may_name_a_role_that_is_made_later(tmp_path: Path) -> None:
    """A file is read before the test makes its users: it acts on the role from then on."""
    rules = tmp_path / "busy.yaml"
    rules.write_text("rules:\n- when: {caller: host}\n  then: {refuse: throttled}\n", encoding="utf-8")
    with handlesfake.fake(rules=rules) as mpsd:
        host = mpsd.user("host")
        mpsd.session("lobby-1", members=[host])

        assert 429 == status_of_activity(mpsd, host)
