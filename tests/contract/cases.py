"""The conformance cases as values: read from YAML, strictly.

What a file may say is documented in ``README.md`` beside this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import yaml

from handlesfake.mpsd.evidence import Evidence

FOLDER = Path(__file__).parent
ABSENT = "absent"
"""Instead of the value of a header: it must not be there."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class Expect:
    """What the answer must be, and what the service must know afterwards."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    """The JSON document, whole, with its keys in this order."""

    includes: Any = None
    """A part of the JSON document; the order of keys does not matter."""

    sentence: list[str] | None = None
    """Words that the text must hold."""

    empty: bool = False
    lacks: list[str] = field(default_factory=list)
    """Keys that the JSON document must not have."""

    change_numbers: dict[str, int] = field(default_factory=dict)
    """Session name to ``changeNumber`` afterwards."""

    activities: dict[str, list[str]] = field(default_factory=dict)
    """User to the ids of the activities that are theirs afterwards."""

    delivered: bool | None = None
    notes: list[str] | None = None
    """Words that the notes on the answer must hold; an empty list: there are no notes."""

    assumed: list[str] | None = None
    """What was assumed for the answer: ``caller``, ``session``, ``member``."""


@dataclass(frozen=True)
class Before:
    """What happens before a step is sent."""

    expire: str | None = None
    renew: str | None = None
    advance: str | None = None
    name_user: str | None = None
    drop: str | None = None
    """Whose connection breaks, and the service notices."""

    lose: str | None = None
    """Whose connection breaks, which the service notices in its time."""


@dataclass(frozen=True)
class Step:
    """One request and what must come of it."""

    send: str
    expect: Expect
    evidence: Evidence
    source: str
    effect: Evidence | None = None
    """What the effect on the service rests on, where that is weaker than the answer."""

    by: Any = None
    """A user's name, ``nobody``, or ``{service: [names]}``."""

    before: Before = Before()
    headers: dict[str, str | None] = field(default_factory=dict)
    body: Any = None
    text: str | None = None
    octets: str | None = None
    gzip: bool = False


@dataclass(frozen=True)
class Session:
    """A session that exists before the first step."""

    name: str
    members: dict[str, str] = field(default_factory=dict)
    scid: str | None = None
    template: str | None = None
    constants: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class World:
    """What is there before the first step."""

    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    service: bool = False
    sessions: list[Session] = field(default_factory=list)


@dataclass(frozen=True)
class Case:
    """One behaviour of the service."""

    name: str
    file: str
    steps: list[Step]
    world: World = World()
    service: str = "mpsd"
    """Which service it is about, by the name in the table."""

    dialect: str = "observed"
    strict: bool = False
    throttling: bool = False
    choices: dict[str, Any] = field(default_factory=dict)
    templates: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """``activity: a second activity replaces the first``."""
        return f"{self.file}: {self.name}"


class CaseError(Exception):
    """A file of cases is wrong."""


_Safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same in C, where PyYAML has it: 20 times faster."""


class _Loader(_Safe):  # type: ignore[misc, valid-type]  # whichever there is
    """YAML without double keys and without dates: what looks like a time is text."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse a key that stands twice."""
        keys = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise CaseError(f"{node.start_mark}: {', '.join(sorted(twice))} stands twice")
        return super().construct_mapping(node, deep=deep)


def load_cases(folder: Path = FOLDER) -> Iterator[Case]:
    """All cases of all files, in order.

    :raises CaseError: a key is unknown or missing, or a name stands twice.
    """
    seen: set[str] = set()
    for path in sorted(folder.rglob("*.yaml")):
        for case in read_file(path):
            if case.id in seen:
                raise CaseError(f"{path.name}: the name {case.name!r} stands twice")
            seen.add(case.id)
            yield case


def read_file(path: Path) -> list[Case]:
    """The cases of one file."""
    document = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    unknown = set(document) - {"about", "shared", "cases"}
    if unknown or not document.get("about"):
        raise CaseError(f"{path.name}: unknown {sorted(unknown)}, or no word what it is about")
    return [_case(path.stem, raw) for raw in document["cases"]]


def _case(file: str, raw: dict[str, Any]) -> Case:
    where = f"{file}: {raw.get('name')}"
    raw = dict(raw)
    raw["steps"] = [_step(where, step) for step in raw.get("steps", [])]
    if not raw["steps"]:
        raise CaseError(f"{where}: no steps")
    if "world" in raw:
        world = dict(raw["world"])
        world["sessions"] = [_made(Session, session, where) for session in world.get("sessions", [])]
        raw["world"] = _made(World, world, where)
    return _made(Case, {**raw, "file": file}, where)


def _step(where: str, raw: dict[str, Any]) -> Step:
    raw = dict(raw)
    for required in ("send", "expect", "evidence", "source"):
        if not raw.get(required):
            raise CaseError(f"{where}: a step without {required}")
    raw["evidence"] = Evidence(raw["evidence"])
    if "effect" in raw:
        raw["effect"] = Evidence(raw["effect"])
    raw["expect"] = _made(Expect, raw["expect"], where)
    raw["before"] = _made(Before, raw.get("before", {}), where)
    return _made(Step, raw, where)


def _made(kind: type[_T], raw: dict[str, Any], where: str) -> _T:
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]  # only dataclasses are passed
    unknown = set(raw) - set(known)
    if unknown:
        raise CaseError(f"{where}: {kind.__name__} has no {', '.join(sorted(unknown))}; known: {', '.join(known)}")
    lacking = [
        name
        for name, each in known.items()
        if name not in raw and each.default is MISSING and each.default_factory is MISSING
    ]
    if lacking:
        raise CaseError(f"{where}: {kind.__name__} lacks {', '.join(lacking)}")
    return kind(**raw)
