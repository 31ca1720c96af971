"""From a rule file to its rules."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from handlesfake.errors import RuleError
from handlesfake.placed import Map, Misread, Seq
from handlesfake.rules.reading import read_rule
from handlesfake.rules.rule import Rule
from handlesfake.rules.source import Source
from handlesfake.strict_yaml import decode, read
from handlesfake.yaml_builder import Limits

LARGEST_FILE = 1 << 20
"""Bytes of a rule file."""

_LIMITS = Limits(depth=40, nodes=100_000)


def load(path: Path | str) -> list[Rule]:
    """The rules in the file at ``path``, in its order.

    :raises RuleError: there is no such file, or it holds something else; file, line and column are named.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise RuleError(_unreadable(path, error)) from None
    return loads(raw, str(path))


def loads(raw: bytes, name: str) -> list[Rule]:
    """The rules in ``raw``, the text of a rule file that messages call ``name``.

    :raises RuleError: it holds something else.
    """
    try:
        if len(raw) > LARGEST_FILE:
            raise Misread(f"larger than {LARGEST_FILE} bytes: that is no rule file")
        root = read(decode(raw), limits=_LIMITS).root
    except Misread as error:
        place = f", line {error.place[0]}, column {error.place[1]}" if error.place else ""
        raise RuleError(f"{name}{place}: {error.problem}") from None
    source = Source(name, is_file=True)
    listed = _listed(root, source)
    rules = [read_rule(node, source, at=place) for node, place in zip(listed, listed.places, strict=True)]
    _check_names(rules)
    return rules


def _listed(root: Any, source: Source) -> Seq:
    if not isinstance(root, Map):
        raise source.wrong("a rule file is a mapping that begins with rules:, and this is none", root)
    source.check_keys(root, ("rules",), "a rule file")
    rules = root.get("rules")
    if not isinstance(rules, Seq) or not rules:
        raise source.wrong("rules must be a list with at least one rule, each with when and then", root, "rules")
    return rules


def _check_names(rules: Sequence[Rule]) -> None:
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.name and rule.name in seen:
            raise RuleError(f"{rule.place}: another rule is called {rule.name!r} already, at {seen[rule.name].place}")
        seen[rule.name] = rule


def _unreadable(path: Path, error: OSError) -> str:
    lines = [f"the rule file {path} cannot be read: {error.strerror or error}"]
    near = sorted(path.parent.glob("*.y*ml")) if path.parent.is_dir() else []
    if near:
        lines.append(f"  there are: {', '.join(str(one) for one in near[:10])}")
    return "\n".join(lines)
