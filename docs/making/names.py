"""The tables of ``reference.md``: every name that a test can write, read from the code that takes it."""

from __future__ import annotations

import argparse
import ast
import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

import handlesfake
from docs.making.markdown import code, codes, plain, sentence, table
from docs.making.source import attributes, members, public, signature
from handlesfake import cli, errors
from handlesfake.assertions import assumed
from handlesfake.assertions.api import Claims
from handlesfake.double.faults_api import FaultsApi
from handlesfake.double.party import Party
from handlesfake.double.rules_api import RulesApi
from handlesfake.double.seeding_api import SeedingApi
from handlesfake.exchange import entry, field_values, journal
from handlesfake.exchange.request_fields import known_fields
from handlesfake.mpsd.assumption import Assumption
from handlesfake.mpsd.evidence import Evidence
from handlesfake.options.options import Options
from handlesfake.plugin import fixtures as plugin_fixtures
from handlesfake.plugin.marker_arguments import WORDS
from handlesfake.plugin.settings import FLAGS, SETTINGS
from handlesfake.rules import reading
from handlesfake.rules.then import changing, consequences, responding
from handlesfake.rules.when import conditions, matcher_parser
from handlesfake.services import table as services
from handlesfake.templates import shelf
from handlesfake.templates.shelf import READY
from handlesfake.timing.clock import Clock
from handlesfake.traffic import records
from handlesfake.users.title_service import TitleService
from handlesfake.users.user import User
from handlesfake.vcr import Hooks
from handlesfake.world import user_words
from handlesfake.world.seeded_session import SeededSession

_OBJECTS = (
    User,
    TitleService,
    SeededSession,
    Party,
    records.Invite,
    records.Activity,
    journal.Journal,
    entry.Entry,
    Assumption,
    Clock,
)
FOR_THE_PACKAGE = ("ticks", "wire")
"""Public in the code, and nothing that a test would write."""


def fixtures() -> str:
    """Every fixture, with its scope."""
    return table(["fixture", "scope", "gives"], _fixtures())


def _fixtures() -> Iterator[tuple[str, str, str]]:
    for node in ast.parse(inspect.getsource(plugin_fixtures)).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        marks = [mark for mark in map(ast.unparse, node.decorator_list) if mark.startswith("pytest.fixture")]
        if marks:
            scope = "session" if "session" in marks[0] else "test"
            first = (ast.get_docstring(node) or "").splitlines()[0]
            yield code(node.name), scope, plain(first).rstrip(".:").removesuffix("; override it")


def words() -> str:
    """The words of the marker."""
    said, default = attributes(Options), Options()
    ini = {setting.name.removeprefix("mpsd_"): setting for setting in SETTINGS}
    flags = {flag.removeprefix("--mpsd-"): flag for flag in FLAGS}
    rows = [
        (
            code(word),
            code(_shown(getattr(default, word))),
            codes([*([ini[word].name] if word in ini else []), *([flags[word]] if word in flags else [])]),
            ini[word].help if word in ini else said[word],
        )
        for word in WORDS
    ]
    return table(["word", "default", "ini setting, option", "what it is"], rows)


def _shown(value: object) -> str:
    return f"{type(value).__name__}()" if type(value).__module__.startswith("handlesfake") else repr(value)


def flags() -> str:
    """The options that pytest takes."""
    rows = [
        (code(f"{flag}={more['metavar']}" if "metavar" in more else flag), more["help"])
        for flag, more in FLAGS.items()
    ]
    return table(["pytest option", "what it does"], rows)


def settings() -> str:
    """The ini settings that are not words of the marker."""
    rows = [(code(setting.name), setting.help) for setting in SETTINGS if not setting.is_word]
    return table(["ini setting", "what it is"], rows)


def commands() -> str:
    """The commands of the command line, with their options."""
    (found,) = (one for one in cli._parser()._actions if isinstance(one, argparse._SubParsersAction))  # noqa: SLF001 - argparse has no other way to look
    helps = {one.dest: one.help for one in found._choices_actions}  # noqa: SLF001 - as above
    rows = [
        (code(f"handlesfake {name}"), helps.get(name), codes(_options_of(parser)))
        for name, parser in found.choices.items()
    ]
    return table(["command", "what it does", "options"], rows)


def _options_of(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:  # noqa: SLF001 - as above
        if action.dest != "help":
            yield " ".join([*action.option_strings[-1:], *([] if action.nargs == 0 else [_value(action)])])


def _value(action: argparse.Action) -> str:
    if action.choices:
        return "|".join(map(str, action.choices))
    return str(action.metavar or action.dest.upper())


def operations() -> str:
    """The words for operations, where they lead, and what requests can be asked for."""
    rows = []
    for name in services.operation_names():
        found = services.operations_called(name)
        address = "<br>".join(code(f"{one.method} {one.template}") for one in found)
        rows.append((code(name), address, codes(known_fields(name)), found[0].evidence.words))
    return table(["operation", "request", "fields", "that it exists is"], rows)


def refusals() -> str:
    """The names of refusals by status and evidence."""
    groups: dict[tuple[int, Evidence], list[str]] = {}
    for kind in services.refusals().values():
        groups.setdefault((kind.status, kind.evidence), []).append(kind.name)
    ordered = sorted(groups.items(), key=lambda group: (group[0][0], group[0][1].rank))
    rows = [(status, level.words, codes(sorted(names))) for (status, level), names in ordered]
    return table(["status", "evidence", "refusals"], rows)


def vocabulary() -> str:
    """The words that calls and files take beside their parameters."""
    rows = [
        ("`mpsd.user(...)`, of a player", codes(user_words.WORDS)),
        ("`when`, of a rule and of `mpsd.refuse(...)`", codes(conditions.WORDS)),
        ("a condition, instead of a value", codes(matcher_parser.DEMANDS)),
        ("`type`, of a handle", codes(field_values.HANDLE_TYPES)),
        ("a rule", codes(reading.RULE)),
        ("`then`, of a rule", codes(consequences.DOINGS)),
        ("beside that, in `then`", codes(consequences.BESIDE)),
        ("`respond`, of a rule", codes(responding.RESPOND)),
        ("`change`, of a rule", codes(changing.CHANGE)),
        ("`how`, of `mpsd.lose_answer(...)`", codes(consequences.HOW)),
        ("`except_`, of `mpsd.assert_no_assumptions(...)`", codes(assumed.QUESTIONS)),
    ]
    return table(["where", "words"], rows)


def seeding() -> str:
    """What arranges."""
    return _methods(SeedingApi, public(SeedingApi))


def upsetting() -> str:
    """What upsets."""
    return _methods(handlesfake.Double, groups_of_the_double()["Upset"])


def looking() -> str:
    """What there is to look at."""
    return table(["name", "what it is"], members(handlesfake.Double, groups_of_the_double()["Look"]))


def groups_of_the_double() -> dict[str, list[str]]:
    """What a test calls the double for, and the names for it; what is for nothing else is there to look at."""
    double = public(handlesfake.Double)
    claims = [name for name in double if name.startswith("assert_") or name == "settle"]
    before = {
        "Start and stop": ["start", "stop"],
        "Arrange": public(SeedingApi),
        "Upset": [*public(FaultsApi), *public(RulesApi)],
    }
    placed = {*claims, *(name for names in before.values() for name in names)}
    return {**before, "Look": [name for name in double if name not in placed], "Claim": claims}


def claims() -> str:
    """The assertions with their words."""
    shown = groups_of_the_double()["Claim"]
    awaited = set(public(Claims))
    rows = [
        (call, "yes" if name in awaited else "", text.removeprefix("Claim that "))
        for name, (call, text) in zip(shown, members(handlesfake.Double, shown), strict=True)
    ]
    return table(["assertion", "on `mpsd.soon` too", "claims"], rows)


def objects() -> str:
    """The attributes of the objects that a test gets."""
    rows = [(code(kind.__name__), _where(kind), ", ".join(_names(kind))) for kind in _OBJECTS]
    return table(["object", "what it is", "names"], rows)


def entry_attributes() -> str:
    """What each attribute of an entry of the journal means."""
    texts = attributes(entry.Entry)
    rows = []
    for name in public(entry.Entry):
        found = inspect.getattr_static(entry.Entry, name)
        rows.append((code(name), texts.get(name) or sentence(found.__doc__)))
    return table(["attribute", "what it is"], rows)


def _where(kind: type) -> str:
    return sentence(kind.__doc__).split(": ")[0]


def _names(kind: type) -> Iterator[str]:
    for name in public(kind):
        if name not in FOR_THE_PACKAGE:
            yield code(f"{name}()" if inspect.isfunction(getattr(kind, name, None)) else name)


def functions() -> str:
    """The names of the package itself."""
    rows = []
    for name in handlesfake.__all__:
        found = getattr(handlesfake, name)
        if inspect.isfunction(found) and name != "mark":  # the one that needs pytest
            rows.append((code(f"handlesfake.{name}{signature(found)}"), sentence(found.__doc__)))
    return table(["without pytest", "gives"], rows)


def hooks() -> str:
    """What vcrpy is given."""
    made = code(f"hooks = handlesfake.vcr.Hooks{signature(Hooks)}"), sentence(Hooks.__doc__)
    return table(["with vcrpy", "what it is"], [made, *members(Hooks, public(Hooks), "hooks")])


def exceptions() -> str:
    """What is raised when the developer is wrong, and the warning."""
    found = [one for one in vars(errors).values() if inspect.isclass(one) and one.__module__ == errors.__name__]
    rows = [
        (code(one.__name__), codes(base.__name__ for base in one.__bases__), sentence(one.__doc__)) for one in found
    ]
    return table(["exception", "is a", "when"], rows)


def templates() -> str:
    """The templates that need no file."""
    rows = []
    for name, file in READY.items():
        said = yaml.safe_load(Path(shelf.__file__).with_name(file).read_text(encoding="utf-8"))[name]
        members = said["constants"]["system"]["maxMembersCount"]
        rows.append((code(name), members, Evidence(said["evidence"]).words, said["source"]))
    return table(["template", "members", "evidence", "source"], rows)


def _methods(kind: type, names: Iterable[str]) -> str:
    return table(["call", "what it does"], members(kind, names))
