"""The modules that tell editors and type checkers the words of calls: made from the tables that the calls read."""

from __future__ import annotations

import ast
import keyword
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from docs.making.source import class_of
from handlesfake.exchange.faults import NAMES as FAULTS
from handlesfake.exchange.field_values import HANDLE_TYPES
from handlesfake.exchange.request_fields import known_fields
from handlesfake.mpsd.choices import SETS, Choices
from handlesfake.mpsd.choices_beside import ChoicesBeside
from handlesfake.options.options import Options
from handlesfake.plugin.marker_arguments import WORDS
from handlesfake.rules.question import TEXTS
from handlesfake.rules.then.consequences import HOW
from handlesfake.rules.then.failing import AT
from handlesfake.rules.when import conditions
from handlesfake.rules.when.matcher_parser import DEMANDS
from handlesfake.services.table import operation_names, refusals
from handlesfake.world import user_words

_NOTE = "# Written by `python -m docs.generate`, from the tables that the calls themselves read."


def literals() -> str:
    """The module of the names that calls take, as ``Literal``s."""
    names = (
        ("OperationName", operation_names(), "What a request asks of MPSD: for assertions, rules and faults."),
        ("RefusalName", sorted(refusals()), "How the service says no: for ``mpsd.refuse``, and ``entry.refusal``."),
        ("FaultName", sorted(FAULTS), "How the network fails: for ``mpsd.fault``."),
        ("HandleType", HANDLE_TYPES, "The ``type`` of a handle."),
        ("FaultMoment", AT, "When a fault or a refusal comes: before the service has acted, or after."),
        ("ChoiceSet", SETS, "Choices that go together, by the name of the set: for ``choices=``."),
        ("LostHow", HOW, "How the connection of a lost answer ends."),
    )
    listed = "\n".join(_literal(*one) for one in names)
    return (
        f'"""The names that calls take, for editors and type checkers."""\n\n{_NOTE}\n\n'
        f"from __future__ import annotations\n\nfrom typing import Literal\n\n{listed}"
    )


def _literal(name: str, words: Iterable[str], text: str) -> str:
    known = [f'"{word}"' for word in words]
    listed = known[0] if len(known) == 1 else "".join(f"\n    {word}," for word in known) + "\n"
    return f'{name} = Literal[{listed}]\n"""{text}"""\n'


# ---- keywords

_OF_A_FILE = "Sequence[Path | str] | Path | str"
_OPTIONS: Mapping[str, str] = {
    "cassette": "Path | str | None",
    "choices": "Choices | ChoiceWords | ChoiceSet | Sequence[ChoiceWords | ChoiceSet]",
    "pseudonym_key": "Path | str | None",
    "cassette_cache": "Path | str | None",
    "dialect": "Dialect",
}
"""What a call takes instead of the value of the field of Options."""

_ONLY_DOUBLES = ("pseudonym_key", "cassette_cache", "name", "journal_limit", "isolated")
_ONLY_FAKE = ("mode", "cassette", "record", "credentials")
_USERS = "Iterable[User | str]"
_USER: Mapping[str, str] = {
    **dict.fromkeys(user_words.WORDS, "str"),
    **dict.fromkeys(user_words.RELATIONS, _USERS),
    "multiplayer": "bool",
}
_TEXT, _PERSON = "str | Sequence[str] | ConditionWords", "User | str | Sequence[User | str] | ConditionWords"
_WHEN: Mapping[str, str] = {
    **dict.fromkeys(TEXTS, _TEXT),
    "type": "HandleType | Sequence[HandleType] | ConditionWords",
    "caller": _PERSON,
    "session": "SeededSession | Mapping[str, str] | str | Sequence[SeededSession | str] | ConditionWords",
    "invitee": _PERSON,
    "headers": f"Mapping[str, {_TEXT}]",
    "state": "Mapping[str, str | Sequence[str]]",
    "nth": "int | str",
    "fields": "Mapping[str, Any]",
}
_TAKEN = ("operation", "name", "times", "at", "seconds", "retry_after", "act", "how")
"""The parameters that only the calls have."""

_DEMANDS: Mapping[str, str] = {
    "equals": "Any",
    "one_of": "Sequence[Any]",
    "like": "str | Sequence[str]",
    "matches": "str",
    "absent": "bool",
    "at_least": "float",
    "at_most": "float",
}


def keywords() -> str:
    """The module of the keywords that calls take, as ``TypedDict``s."""
    said = _fields(Options)
    words = [word for word in WORDS if word not in _ONLY_FAKE]
    option = {word: _OPTIONS.get(word, said[word]) for word in said}
    choices = _fields(Choices) | _fields(ChoicesBeside)
    marker = {"mode": said["mode"], "cassette": "Path | str | bool | None"}
    fields = dict.fromkeys(sorted({field for name in operation_names() for field in known_fields(name)}), "Any")
    when = {word: kind for word, kind in {**fields, **_when()}.items() if word not in _TAKEN}
    parts = (
        ("ChoiceWords", "", choices, "Open questions of the service, answered by a test: ``choices=``."),
        ("SharedWords", "", {word: option[word] for word in words}, "What every double may be told."),
        ("MarkerWords", "SharedWords", marker, "Those of the marker ``mpsd`` and of the fixture ``mpsd_config``."),
        ("DoubleWords", "SharedWords", {word: option[word] for word in _ONLY_DOUBLES}, "Of ``replay``, ``record``."),
        ("FakeWords", "DoubleWords", {word: option[word] for word in _ONLY_FAKE}, "Those of ``fake()``."),
        ("UserWords", "", {word: _USER[word] for word in user_words.WORDS}, "What ``mpsd.user()`` says of a player."),
        ("ConditionWords", "", {word: _DEMANDS[word] for word in DEMANDS}, "A condition, instead of a value."),
        ("WhenWords", "", when, "What a request must be like; other fields of requests are under ``fields``."),
    )  # fmt: skip
    return _HEAD + "".join(f"\n\n{_typed_dict(*part)}" for part in parts)


def _when() -> dict[str, str]:
    return {word: _WHEN[word] for word in conditions.WORDS if word not in _TAKEN}


def _typed_dict(name: str, base: str, words: Mapping[str, str], text: str) -> str:
    """A TypedDict; one of the two forms, as a word of the wire may be one of Python's."""
    if all(word.isidentifier() and not _is_reserved(word) for word in words):
        listed = "".join(f"    {word}: {kind}\n" for word, kind in words.items())
        return f"class {name}({base or 'TypedDict'}, total=False):\n{_docstring(text, 4)}\n\n{listed}"
    listed = "".join(f'        "{word}": "{kind}",\n' for word, kind in words.items())
    made = f'TypedDict(\n    "{name}",\n    {{\n{listed}    }},\n    total=False,\n)'
    return f"{name} = {made}\n{_docstring(text, 0)}\n"


def _docstring(text: str, indent: int) -> str:
    return textwrap.indent(f'"""{text}"""', " " * indent)


def _is_reserved(word: str) -> bool:
    return keyword.iskeyword(word)


def _fields(kind: type) -> dict[str, Any]:
    """Each field of a dataclass with its annotation, as the source writes it."""
    lines = [node for node in ast.walk(class_of(kind)) if isinstance(node, ast.AnnAssign)]
    return {ast.unparse(line.target): ast.unparse(line.annotation).replace("'", '"') for line in lines}


_HEAD = f'''"""The keywords that calls take, for editors and type checkers; nothing imports it as it runs."""

{_NOTE}

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypedDict

from handlesfake.literals import ChoiceSet, HandleType
from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.settings import Dialect
from handlesfake.options.options import Mode, Policy
from handlesfake.users.user import User
from handlesfake.world.seeded_session import SeededSession
'''
