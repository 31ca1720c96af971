"""From a rule file to its rules, and those of the files that it includes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from handlesfake.errors import RuleError
from handlesfake.files.placed import Map, Misread, Place, Seq
from handlesfake.files.source import Source
from handlesfake.files.strict_yaml import decode, read_yaml
from handlesfake.files.yaml_builder import DocumentLimits
from handlesfake.json_diff import short_json
from handlesfake.rules.bundled import FOLDER, NAMES, found
from handlesfake.rules.from_responses import read_recorded
from handlesfake.rules.order import check_order
from handlesfake.rules.reading import read_rule
from handlesfake.rules.rule import Rule
from handlesfake.suggestions import nearest

LARGEST_FILE = 1 << 20
"""Bytes of a rule file."""

_LIMITS = DocumentLimits(depth=40, nodes=100_000)
_FILE = ("story", "rules")


def load_rules(*paths: Path | str) -> list[Rule]:
    """The rules in the files at ``paths``, in that order; ``ready/throttled_burst`` ships with the package.

    :raises RuleError: there is no such file, or it holds something else; file, line and column are named.
    """
    rules = [rule for path in map(found, map(Path, paths)) for rule in _Reader((path,)).read(_bytes(path), str(path))]
    check_order(rules)
    return rules


def load_rules_text(raw: bytes, name: str) -> list[Rule]:
    """The rules in ``raw``, the text of a rule file that messages call ``name``; it includes only ready scenarios.

    :raises RuleError: it holds something else.
    """
    rules = _Reader(()).read(raw, name)
    check_order(rules)
    return rules


class _Reader:
    """Reads one file; ``files`` are those that include it, itself the last."""

    def __init__(self, files: tuple[Path, ...]) -> None:
        self._files = files

    def read(self, raw: bytes, name: str) -> list[Rule]:
        """The rules in ``raw``."""
        source = Source(name, is_file=True)
        root = _root(raw, source)
        if "responses" in root and "rules" not in root:
            return read_recorded(root, source)
        if "interactions" in root:
            raise source.wrong("this is a cassette and no rule file: give it as cassette=", root, "interactions")
        source.check_keys(root, _FILE, "a rule file")
        if "story" in root:
            source.text(root, "story")
        listed = root.get("rules")
        if not isinstance(listed, Seq) or not listed:
            needs = "rules must be" if "rules" in root else "a rule file needs rules:"
            raise source.wrong(f"{needs} a list with at least one rule, each with then", root, "rules")
        return [rule for node, at in zip(listed, listed.places, strict=True) for rule in self._item(node, at, source)]

    def _item(self, node: Any, at: Place, source: Source) -> Sequence[Rule]:
        if not (isinstance(node, Map) and "include" in node):
            return [read_rule(node, source, at=at)]
        source.check_keys(node, ("include",), "an include")
        path = self._included(source.text(node, "include"), node, source)
        try:
            raw = _bytes(path)
        except RuleError as error:
            raise source.wrong(str(error), node, "include") from None
        return _Reader((*self._files, path)).read(raw, str(path))

    def _included(self, name: str, node: Map, source: Source) -> Path:
        if not self._files and not name.startswith("ready/"):
            raise source.wrong(
                "only ready scenarios can be included here, such as ready/throttled_burst", node, "include"
            )
        if not name.isprintable():
            raise source.wrong(f"include must be the path of a rule file, and is {short_json(name)}", node, "include")
        folder = self._files[-1].parent if self._files else Path()
        path = found(folder / name)
        if path.resolve() in [file.resolve() for file in self._files]:
            raise source.wrong(f"{name} includes itself", node, "include")
        return path


def _root(raw: bytes, source: Source) -> Map:
    try:
        if len(raw) > LARGEST_FILE:
            raise Misread(f"larger than {LARGEST_FILE} bytes: that is no rule file")
        root = read_yaml(decode(raw), limits=_LIMITS).root
    except Misread as error:
        raise source.wrong(error.problem, error.place) from None
    if not isinstance(root, Map):
        raise source.wrong(_no_rule_file(root), (1, 1))
    return root


def _no_rule_file(root: Any) -> str:
    if root is None:
        return "the file is empty; a rule file begins with rules:"
    hint = "; put rules: above it" if isinstance(root, list) else f", and not {short_json(root)}"
    return f"a rule file is a mapping that begins with rules:{hint}"


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RuleError(_unreadable(path, error)) from None


def _unreadable(path: Path, error: OSError) -> str:
    there = sorted(path.parent.glob("*.y*ml")) if path.parent.is_dir() else []
    ready = [f"{FOLDER}/{name}" for name in NAMES] if path.parent.name == FOLDER else []
    meant = nearest(path.stem, [*(one.stem for one in there), *(NAMES if ready else ())])
    lines = [f"the rule file {path} cannot be read: {error.strerror or error}{meant.removesuffix('.')}"]
    lines += [f"  there are: {', '.join(str(one) for one in there[:10])}"] if there else []
    lines += [f"  ready with the package: {', '.join(ready)}"] if ready else []
    return "\n".join(lines)
