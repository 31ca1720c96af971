"""Rules are found by an index, and decide as if each were asked in its turn."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

import handlesfake
from handlesfake.double.double import core_of
from handlesfake.exchange.outcome import Call, ConnectionEnd, Fault, Outcome
from handlesfake.files.source import Source
from handlesfake.mpsd.http.message import Headers, Request
from handlesfake.rules.question import Question, Scene
from handlesfake.rules.reading import read_rule
from handlesfake.rules.rule import Rule
from handlesfake.rules.stage import START, Rules

CONDITIONS: list[dict[str, Any]] = [
    {"operation": "create_handle"},
    {"operation": ["create_handle", "get_session"]},
    {"type": "invite"},
    {"type": {"absent": True}},
    {"invitedXuid": "3210"},
    {"invitedXuid": ["3210", "3211"]},
    {"invitedXuid": {"like": "32*"}},
    {"invitedXuid": {"matches": "(3)21[01]"}},
    {"invitedXuid": {"matches": "(?i)a|3210"}},
    {"invitedXuid": {"matches": "(?i)A"}},
    {"invitedXuid": {"matches": r"32(1)\1"}},
    {"session": {"like": "lobby-?"}},
    {"session": {"like": "LOBBY-*"}},
    {"session": "Lobby-1"},
    {"version": 1},
    {"version": {"at_least": 1, "at_most": 2}},
    {"version": {"at_least": 2}},
    {"version": {"absent": True}},
    {"fields": {"a.b": {"absent": False}}},
    {"fields": {"a": {"equals": {"b": 1}}}},
    {"fields": {"a.b": True}},
    {"fields": {"a.b": {"one_of": [1, None]}}},
    {"headers": {"X-A": "1"}},
    {"headers": {"x-a": {"like": "*1"}}},
    {"headers": {"X-A": {"absent": True}}},
    {"method": ["POST", "PUT"]},
    {"path": {"like": "/handles*"}},
    {"caller": "guest"},
    {"nth": 2},
    {"nth": "2.."},
    {"state": {"day": "bad"}},
    {"state": {"day": ["start", "worse"]}},
]
THENS: list[dict[str, Any]] = [
    {"refuse": "throttled"},
    {"refuse": "throttled", "state": {"day": "bad"}},
    {"state": {"day": "worse"}},
]
BODIES = [
    {},
    {"type": "invite", "invitedXuid": "3210", "version": 1, "sessionRef": {"name": "Lobby-1"}},
    {"type": "activity", "version": 2, "a": {"b": 1}},
    {"type": "invite", "invitedXuid": "3211", "version": True, "a": {"b": None}, "sessionRef": {"name": "lobby-22"}},
    {"invitedXuid": "a", "version": "1", "a": {"b": True}},
]
REQUESTS = [
    Request("POST", "/handles", Headers(headers), json.dumps(body).encode())
    for body in BODIES
    for headers in ([], [("x-A", "1")], [("X-A", "21")])
] + [Request("GET", "/serviceconfigs/s/sessionTemplates/t/sessions/Lobby-1"), Request("DELETE", "/nowhere")]


class Naive:
    """Asks each rule in its turn; shares nothing with the index."""

    def __init__(self, rules: list[Rule], scene: Scene) -> None:
        self.rules, self.scene, self.states = rules, scene, dict[str, str]()
        self.met, self.acted = [0] * len(rules), [0] * len(rules)

    def decide(self, call: Call) -> str | None:
        """The title of the rule that decides."""
        for place, rule in enumerate(self.rules):
            if self.fits(place, rule, call):
                self.met[place] += 1
                first, last = rule.when.nth or (1, None)
                if first <= self.met[place] <= (last or self.met[place]):
                    self.acted[place] += 1
                    self.states.update(rule.becomes)
                    return rule.title
        return None

    def fits(self, place: int, rule: Rule, call: Call) -> bool:
        """Whether the request is as the rule wants it, and the rule may act."""
        return (
            (rule.times is None or self.acted[place] < rule.times)
            and (not rule.when.operations or call.operation in rule.when.operations)
            and all(self.states.get(one, START) in wanted for one, wanted in rule.when.states)
            and rule.when.fits(Question(call, self.scene))
        )


def nobody(call: Call) -> Outcome:
    """The service, of which nothing is wanted here."""
    return Fault(ConnectionEnd.CLOSE, "nobody")


@pytest.fixture(scope="module")
def scene() -> Scene:
    """A double without users."""
    return core_of(handlesfake.fake()).rules.scene


SPOKEN = some.lists(some.sampled_from(CONDITIONS), max_size=3)
TIMES = some.sampled_from([None, None, 1, 2])


@given(
    spoken=some.lists(some.tuples(SPOKEN, some.sampled_from(THENS), TIMES), min_size=1, max_size=12),
    requests=some.lists(some.sampled_from(REQUESTS), min_size=1, max_size=12),
)
def test_the_rule_decides_that_would_if_each_were_asked(
    spoken: list[Any], requests: list[Request], scene: Scene
) -> None:
    """Whatever rules and requests there are: the same rule decides on each, or none."""
    rules = [
        read_rule(
            {
                "name": str(place),
                "when": {word: value for condition in conditions for word, value in condition.items()},
                "then": then,
                **({} if times is None else {"times": times}),
            },
            Source("r"),
            place="here",
        )
        for place, (conditions, then, times) in enumerate(spoken)
        if _can_be(conditions)
    ]
    naive, indexed = Naive(rules, scene), Rules(scene, rules)
    decided = [naive.decide(Call(request, 0)) for request in requests]

    found = [_decided(indexed, Call(request, 0)) for request in requests]
    assert decided == found
    assert naive.acted == [acted for _, _, acted in indexed.counts()]


def _can_be(conditions: list[dict[str, Any]]) -> bool:
    """Whether the loader takes them together: some contradict each other."""
    words = {word: value for condition in conditions for word, value in condition.items()}
    try:
        read_rule({"when": words, "then": {"refuse": "throttled"}}, Source("r"), place="here")
    except handlesfake.RuleError:
        return False
    return True


def _decided(rules: Rules, call: Call) -> str | None:
    """The title of the rule that decides: the one that has acted one time more than before."""
    before = [acted for _, _, acted in rules.counts()]
    rules(call, nobody)
    new = [rule.title for (rule, _, acted), earlier in zip(rules.counts(), before, strict=True) if acted != earlier]
    return new[0] if new else None


@pytest.mark.parametrize(
    ("other", "pattern", "value"),
    [
        (r"x(2)", r"32(1)\1", "3211"),
        (r"(?P<a>x)", r"(?P<a>y)", "y"),
        (r"(?i)a", r"(?i)b", "B"),
        (r"(?x)a  # a comment", r"(?x)b", "b"),
        (r"a|b", r"c|d", "d"),
        (r"a", r"b.?", "bc"),
    ],
)
def test_patterns_mean_what_they_mean_alone(other: str, pattern: str, value: str, scene: Scene) -> None:
    """Groups, flags and comments of one reach no other, and all of a value is asked for."""
    asked = ({"invitedXuid": {"matches": text}} for text in (other, pattern))
    rules = [read_rule({"name": str(n), "when": when, "then": THENS[0]}, Source("r")) for n, when in enumerate(asked)]
    body = json.dumps({"type": "invite", "invitedXuid": value}).encode()

    assert "rule '1'" == _decided(Rules(scene, rules), Call(Request("POST", "/handles", body=body), 0))
