"""Rules of the calls of a test: ``mpsd.refuse("throttled")`` becomes a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from handlesfake.callsite.call_site import calling_line
from handlesfake.files.source import Source
from handlesfake.rules.rule import Action, Rule, When
from handlesfake.users.user import User
from handlesfake.world.seeded_session import SeededSession


class RuleFactory:
    """Makes the rules of one double.

    :param not_a_player: what is wrong with a text for a player, see :class:`~handlesfake.files.source.Source`.
    :param head: what begins a message about the call with that title, ``hold('create_handle')``.
    """

    def __init__(self, not_a_player: Callable[[str], str], head: Callable[[str], str] = "mpsd.{}".format) -> None:
        self._not_a_player = not_a_player
        self._head = head

    def of_words(
        self, call: str, subject: str | None, then: dict[str, Any], times: int | None, when: Mapping[str, Any]
    ) -> Rule:
        """A rule whose ``then`` is in the words of a rule file.

        :param call: the method of the test, and ``subject`` what it is about: ``refuse``, ``"throttled"``.
        :raises RuleError: a word is unknown.
        """
        from handlesfake.rules.reading import read_rule  # lazily: most tests upset nothing

        title = title_of(call, subject, times)
        given = _given(when)
        rule: dict[str, Any] = {"then": then}
        rule |= {"when": given} if given else {}
        rule |= {} if times is None else {"times": times}
        made = read_rule(rule, self._source(title), place=calling_line(3))
        return Rule(made.when, made.then, title, made.times, place=made.place)

    def of_action(
        self, call: str, subject: object, action: Action, times: int | None, when: Mapping[str, Any]
    ) -> Rule:
        """A rule for an action that no rule file can name; the rest as for :meth:`of_words`.

        :raises RuleError: a word is unknown.
        """
        from handlesfake.rules.when.conditions import read_when  # lazily, as above

        title = title_of(call, subject, times)
        source = self._source(title)
        given = _given(when)
        if times is not None:
            source.whole({"times": times}, "times", 1)
        return Rule(read_when(given, source) if given else When(), action, title, times, place=calling_line(3))

    def of_mapping(self, rule: Mapping[str, Any]) -> Rule:
        """The rule that ``rule`` is, in the words of a rule file.

        :raises RuleError: it says something that cannot be.
        """
        from handlesfake.rules.reading import read_rule  # lazily, as above

        return read_rule(_plain(rule), self._source("rule(...)"), place=calling_line(3))

    def _source(self, title: str) -> Source:
        return Source(self._head(title), not_a_player=self._not_a_player)


def of_operation(operation: str | None, when: Mapping[str, Any]) -> dict[str, Any]:
    """The conditions ``when``, and the operation where the test names one."""
    return dict(when) if operation is None else {**when, "operation": operation}


def title_of(call: str, subject: object, times: int | None) -> str:
    """``refuse('throttled', times=2)``: how journal and messages call the rule."""
    parts = [] if subject is None else [repr(subject)]
    parts += [] if times is None else [f"times={times!r}"]
    return f"{call}({', '.join(parts)})"


def _given(when: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = _plain(when)
    session = given.get("session")
    if isinstance(session, dict) and "name" in session:  # a reference; anything else is a condition
        given["session"] = session["name"]
    return given


def _plain(value: Any) -> Any:
    """``value`` with each user as the xuid and each session as its name."""
    if isinstance(value, User):
        return value.xuid
    if isinstance(value, SeededSession):
        return value.name
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value
