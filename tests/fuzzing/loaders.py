"""Every loader of files and settings, with valid files to begin with; each raises its own error, and nothing else."""

from __future__ import annotations

import atexit
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import handlesfake
from handlesfake.cassettes.format import loading as cassettes
from handlesfake.errors import CassetteError, RuleError, SettingsError
from handlesfake.options.options import Options
from handlesfake.plugin.settings import SETTINGS
from handlesfake.rules import loading as rules
from handlesfake.templates import loading as templates
from tests.cassettes.format.test_fuzzing import AS_JSON, WHOLE
from tests.fuzzing.mutation import Choices, as_json, as_yaml, mutated_text, mutated_tree, words_of
from tests.seeding.test_states import PARTY

SCENARIOS = sorted((Path(rules.__file__).parent / "scenarios").glob("*.yaml"))
RULES = """\
story: A party with all that a rule can say.
rules:
- include: ready/throttled_burst
- name: first
  when: {operation: [create_handle], type: invite, caller: host, invitee: [guest], nth: 2..3, state: {a: [start, b]}}
  then: {refuse: throttled, retry_after: 2, state: {a: b}}
  times: 2
- when:
    operation: create_handle
    invitedXuid: {one_of: ['9000000000000001', '9000000000000002']}
    sessionRef.name: lobby
    fields: {a.b: {at_least: 1, at_most: 2.5}}
  then: {respond: {status: 201, headers: {X-A: [b, c]}, body: {id: h1}}, at: after}
  probability: 0.5
  seed: 7
- when:
    method: GET
    path: {like: /handles/*}
    query: {like: a=b*}
    headers: {If-Match: {absent: true}}
    fields: {x: {matches: '^a+$'}, y: {equals: {z: [1]}}}
  then: {delay: 0.5}
- {then: {fault: truncated_body}, times: 1}
- when: {operation: query_handles, caller: {like: '*'}}
  then: {change: {status: 200, set: {results.0.id: x}, add: {a: 1}, remove: [results.0.type], headers: {set: {X-B: c}, remove: [Date]}}}
- {when: {operation: create_handle, type: [activity, invite]}, then: {lose_answer: close}}
- {when: {operation: get_session}, then: {respond: {status: 200, body: text}}}
"""
RECORDED = """\
responses:
- response:
    method: POST
    url: https://sessiondirectory.xboxlive.com/handles
    body: '{"id": "h1"}'
    status: 201
    headers: {Date: Tue, X-A: b}
    content_type: application/json
    auto_calculate_content_length: false
- response: {method: GET, url: 'https://sessiondirectory.xboxlive.com/handles/h1', body: x, status: 404}
"""
TEMPLATES = """\
GameLobby:
  scid: 7e570100-1111-4222-8333-444455556666
  title_id: '896928775'
  evidence: CAP
  source: a capture
  constants:
    system:
      version: 1
      maxMembersCount: 8
      visibility: open
      inviteProtocol: game
      reservedRemovalTimeout: 30000
      inactiveRemovalTimeout: 0
      capabilities: {connectivity: true, gameplay: true, large: false}
      memberInitialization: {joinTimeout: 20000, membersNeededToStart: 2, externalEvaluation: false}
      metrics: {latency: true}
      peerToPeerRequirements: {latencyMaximum: 250, bandwidthMinimum: 10000}
      measurementServerAddresses: {west: {secureDeviceAddress: AAAA}}
    custom: {mode: night, list: [1, 2]}
Old:
  constants: {system: {version: 1, timeouts: {ready: 10, empty: 0}, managedInitialization: {joinTimeout: 5}}}
titles: {'896928775': {name: Minecraft, pfn: Made.Up_1}}
"""
WORDS = {
    "cassette": "lobby.yaml",
    "mode": "replay",
    "record": "once",
    "record_hosts": ["login.live.com"],
    "not_secret": ["body.a"],
    "pseudonym_key": "key",
    "volatile_fields": ["properties.custom.nonces.*"],
    "repeats": "last",
    "shift_times": True,
    "old": "fail",
    "rules": ["a.yaml"],
    "templates": "t.yaml",
    "strict": True,
    "dialect": "documented",
    "throttling": True,
    "choices": {"invite_to_self": 400},
    "credentials": {"host": {"xuid": "9000000000000001", "authorization": "XBL3.0 x=1;made-up"}},
    "unrouted": "fail",
    "hosts": ["mpsd.test:8080"],
    "scid": "7e570100-1111-4222-8333-444455556666",
    "template_name": "A",
    "title_id": "896928775",
    "now": "2026-01-06T10:00:00Z",
    "clock": "system",
    "isolated": True,
    "name": "x",
    "journal_limit": 3,
}
INI = {
    "mpsd_strict": True,
    "mpsd_dialect": "documented",
    "mpsd_title_id": "896928775",
    "mpsd_hosts": "mpsd.test:8080",
    "mpsd_max_age": "90d",
    "mpsd_now": "2026-01-06T10:00:00Z",
    "mpsd_repeats": "last",
    "mpsd_unused": "fail",
    "mpsd_volatile_fields": "a.* **.b",
}


@dataclass(frozen=True)
class Loader:
    """A loader."""

    bases: tuple[bytes, ...]
    """Good files, as text."""

    load: Callable[[bytes], object]
    error: type[Exception]
    """The only one that it may raise."""

    trees: tuple[str, ...] = ()
    """The same as JSON."""

    words: tuple[str, ...] = ()
    render: Callable[[Any], bytes] = as_yaml
    is_file: bool = True
    """It reads texts; else trees, which tests write in Python."""

    @property
    def good(self) -> Iterator[bytes]:
        """What must load."""
        yield from self.bases if self.is_file else ()
        yield from (self.render(json.loads(tree)) for tree in self.trees)

    def mutant(self, drawn: bytes) -> bytes:
        """What ``drawn`` makes of one of the bases: of its tree, or of its text."""
        choices = Choices(drawn)
        by_text, base = choices.of(3) == 0, choices.of(len(self.bases))
        if by_text and self.is_file:
            return mutated_text(self.bases[base], choices)
        return self.render(mutated_tree(self.trees[base], self.words, choices))


class _Tags(yaml.SafeLoader):
    """Reads what vcrpy writes, as the tests have it."""


_Tags.add_constructor("tag:yaml.org,2002:python/unicode", lambda loader, node: loader.construct_scalar(node))
_Tags.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))


def _loader(
    bases: Mapping[str, bytes],
    load: Callable[[bytes], object],
    error: type[Exception],
    render: Callable[[Any], bytes] = as_yaml,
    *,
    is_file: bool = True,
) -> Loader:
    trees = [yaml.load(text, _Tags) for text in bases.values()]
    as_texts = tuple(json.dumps(tree, default=lambda raw: raw.decode("latin-1")) for tree in trees)
    return Loader(tuple(bases.values()), load, error, as_texts, words_of(trees), render, is_file)


_FOLDER = tempfile.TemporaryDirectory(prefix="handlesfake-fuzzing-")  # a fuzzer runs outside pytest, too
atexit.register(_FOLDER.cleanup)


def _file(raw: bytes) -> Path:
    path = Path(_FOLDER.name) / "file.yaml"
    path.write_bytes(raw)
    return path


def _state(raw: bytes) -> object:
    """What is arranged can be dumped, and that can be loaded again."""
    double = handlesfake.Double()
    double.load(_file(raw))
    dumped = double.dump()
    handlesfake.Double().load(_file(dumped.encode()))
    return dumped


def _state_in_python(raw: bytes) -> object:
    """The same words as a mapping, with what a test may have in it: tuples, sets, bytes, numbers that JSON has not."""
    state = json.loads(raw)
    if not isinstance(state, dict):
        raise SettingsError("no mapping")
    handlesfake.Double().load(_as_python(state))
    return state


_PYTHON = {
    "*": b"x",
    ".": {1, 2},
    "..": float("nan"),
    "a.b": float("inf"),
    "0": object(),
    "-1": (1, ("x",)),
    "%": {1: 2},
}


def _as_python(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_python(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_as_python(one) for one in value]
    return _PYTHON.get(value, value) if isinstance(value, str) else value


def _ended(tree: Any) -> bytes:
    """As our own cassettes are, which show that they are whole."""
    return as_yaml(tree) + b"...\n"


def _options(raw: bytes) -> object:
    words = json.loads(raw)
    if not isinstance(words, dict):
        raise SettingsError("no mapping")
    return Options.of(
        **{word: value for word, value in _as_python(words).items() if word not in ("self", "base", "cls")}
    )


def _ini(raw: bytes) -> object:
    """As the plugin reads them: what it refuses by these is a UsageError with the setting's name."""
    found = json.loads(raw)
    known = {setting.name: setting for setting in SETTINGS}
    for name, value in found.items() if isinstance(found, dict) else ():
        if name in known:
            kind = known[name].kind
            text = value if isinstance(value, str) else json.dumps(value)
            given: Any = {"bool": value, "args": text.split()}.get(kind, text)
            try:
                known[name].read(given)
            except (ValueError, TypeError) as error:
                raise SettingsError(str(error)) from None
    return found


LOADERS = {
    "rules": _loader(
        {"rules": RULES.encode(), **{path.stem: path.read_bytes() for path in SCENARIOS}},
        lambda raw: rules.load_rules_text(raw, "r.yaml"),
        RuleError,
    ),
    "rules in JSON": _loader(
        {"rules": RULES.encode()}, lambda raw: rules.load_rules_text(raw, "r.json"), RuleError, as_json, is_file=False
    ),
    "recorded responses": _loader(
        {"responses": RECORDED.encode()}, lambda raw: rules.load_rules_text(raw, "r.yaml"), RuleError
    ),
    "templates": _loader(
        {"templates": TEMPLATES.encode()}, lambda raw: templates.load_templates(_file(raw)), SettingsError
    ),
    "states": _loader({"party": PARTY.encode()}, _state, SettingsError),
    "states in JSON": _loader({"party": PARTY.encode()}, _state, SettingsError, as_json, is_file=False),
    "states in Python": _loader({"party": PARTY.encode()}, _state_in_python, SettingsError, as_json, is_file=False),
    "cassettes": _loader(
        {"whole": WHOLE}, lambda raw: cassettes.load_cassette_text(raw, Path("a.yaml")), CassetteError, _ended
    ),
    "cassettes in JSON": _loader(
        {"whole": AS_JSON}, lambda raw: cassettes.load_cassette_text(raw, Path("a.json")), CassetteError, as_json
    ),
    "options": _loader({"words": as_json(WORDS)}, _options, SettingsError, as_json, is_file=False),
    "ini settings": _loader({"ini": as_json(INI)}, _ini, SettingsError, as_json, is_file=False),
}
"""By name."""
