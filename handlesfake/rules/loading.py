"""From a rule file to its rules, and those of the files that it includes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from handlesfake.errors import RuleError
from handlesfake.files.bounded import read_bounded, read_regular
from handlesfake.files.document import read_document
from handlesfake.files.looked_in import looked_in
from handlesfake.files.placed import Map, Misread, Place, Seq
from handlesfake.files.source import Source
from handlesfake.files.strict_yaml import decode
from handlesfake.files.yaml_builder import BINARY, DocumentLimits
from handlesfake.json_diff import short_json
from handlesfake.rules.bundled import FOLDER, HERE, NAMES, found
from handlesfake.rules.from_responses import read_recorded
from handlesfake.rules.order import check_order
from handlesfake.rules.reading import read_rule
from handlesfake.rules.rule import Rule
from handlesfake.suggestions import nearest

LARGEST_FILE = 1 << 20
"""Bytes of a rule file."""

_LIMITS = DocumentLimits(depth=40, nodes=100_000)
_FILE = ("story", "rules")
_RULES = re.compile(rb"\b(?:rules|responses|interactions)[\"']?\s*:")
"""Whether a text may be a rule file, or what is taken for one."""


def load_rules(*paths: Path | str, root: Path | None = None) -> list[Rule]:
    """The rules in the files at ``paths``, in that order; ``ready/throttled_burst`` ships with the package.

    :param root: for files below it, the folder that includes must not lead out of. For any other file, and without a
        root, it is the folder of that file.
    :raises RuleError: there is no such file, or it holds something else; file, line and column are named.
    """
    rules = []
    for path in map(found, map(Path, paths)):
        bounds = root if root is not None and _is_below(path, root) else path.parent
        rules += _Reader((path,), bounds).read(_bytes(path), str(path))
    check_order(rules)
    return rules


def load_rules_text(raw: bytes, name: str, not_a_player: Callable[[str], str] | None = None) -> list[Rule]:
    """The rules in ``raw``, the text of a rule file that messages call ``name``.

    It may come from anywhere: it includes only the ready scenarios of the package, by their names.

    :param not_a_player: what is wrong with a text that names a player, where the users are known.
    :raises RuleError: it holds something else.
    """
    rules = _Reader(not_a_player=not_a_player).read(raw, name)
    check_order(rules)
    return rules


class _Reader:
    """Reads one file.

    :param files: those that include it, itself the last; none for a text that is not a file.
    :param bounds: the folder that no include may lead out of.
    """

    def __init__(
        self,
        files: tuple[Path, ...] = (),
        bounds: Path = HERE,
        not_a_player: Callable[[str], str] | None = None,
    ) -> None:
        self._files = files
        self._bounds = bounds
        self._not_a_player = not_a_player

    def read(self, raw: bytes, name: str) -> list[Rule]:
        """The rules in ``raw``."""
        source = Source(name, is_file=True, not_a_player=self._not_a_player)
        if len(self._files) > 1 and not _RULES.search(raw):
            # it may be any file: no word of it is shown
            raise source.wrong("this is not a rule file: a rule file begins with rules:", (1, 1))
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
            raw = read_regular(path, LARGEST_FILE)
        except OSError as error:
            raise source.wrong(_unreadable(path, error), node, "include") from None
        return _Reader((*self._files, path), self._bounds, self._not_a_player).read(raw, str(path))

    def _included(self, name: str, node: Map, source: Source) -> Path:
        if not self._files:
            return _bundled(name, node, source)
        if not name.isprintable():
            raise source.wrong(f"include must be the path of a rule file, and is {short_json(name)}", node, "include")
        path = found(self._files[-1].parent / name)
        if not (_is_below(path, self._bounds) or _is_below(path, HERE)):
            raise source.wrong(
                f"include {short_json(name)} leads out of {self._bounds}: nothing outside of that folder is read.\n"
                "  move the file into it, or let the test name both files: rules=[...]",
                node,
                "include",
            )
        if path.resolve() in [file.resolve() for file in self._files]:
            raise source.wrong(f"{name} includes itself", node, "include")
        return path


def _bundled(name: str, node: Map, source: Source) -> Path:
    """The file of the ready scenario called ``name``: not a path, and nothing of the working directory."""
    folder, _, bare = name.removesuffix(".yaml").partition("/")
    if folder == FOLDER and bare in NAMES:
        return HERE / f"{bare}.yaml"
    near = nearest(bare, NAMES) if folder == FOLDER else "."
    raise source.wrong(
        f"only ready scenarios can be included here, and {short_json(name)} is not one{near}\n"
        f"  there are: {', '.join(f'{FOLDER}/{one}' for one in NAMES)}",
        node,
        "include",
    )


def _is_below(path: Path, folder: Path) -> bool:
    """Whether ``path`` is in ``folder``, links followed."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a name that is too long, a circle of links
        return False


def _root(raw: bytes, source: Source) -> Map:
    try:
        if len(raw) > LARGEST_FILE:
            raise Misread(f"larger than {LARGEST_FILE} bytes: that is not a rule file")
        root = read_document(decode(raw), tags=BINARY, limits=_LIMITS).root
    except Misread as error:
        raise source.wrong(error.problem, error.place) from None
    if not isinstance(root, Map):
        raise source.wrong(_no_rule_file(root), (1, 1))
    _refuse_bytes(root, source)
    return root


def _refuse_bytes(node: Map | Seq, source: Source) -> None:
    """Refuse ``!!binary`` wherever no body stands: nothing in JSON is ever equal to it."""
    places = [place for _, place in node.places.values()] if isinstance(node, Map) else node.places
    keys = list(node) if isinstance(node, Map) else [""] * len(node)
    values = node.values() if isinstance(node, Map) else node
    for key, value, place in zip(keys, values, places, strict=True):
        if isinstance(value, (Map, Seq)):
            _refuse_bytes(value, source)
        elif isinstance(value, bytes) and key != "body":
            raise source.wrong("only a body can be !!binary; write a text", place)


def _no_rule_file(root: Any) -> str:
    if root is None:
        return "the file is empty; a rule file begins with rules:"
    hint = "; put rules: above it" if isinstance(root, list) else ", and this is not"
    return f"a rule file is a mapping that begins with rules:{hint}"


def _bytes(path: Path) -> bytes:
    try:
        return read_bounded(path, LARGEST_FILE)
    except OSError as error:
        raise RuleError(_unreadable(path, error)) from None


def _unreadable(path: Path, error: OSError) -> str:
    there = sorted(path.parent.glob("*.y*ml")) if path.parent.is_dir() else []
    ready = [f"{FOLDER}/{name}" for name in NAMES] if path.parent.name == FOLDER else []
    meant = nearest(path.stem, [*(one.stem for one in there), *(NAMES if ready else ())])
    lines = [f"the rule file {path} cannot be read: {error.strerror or error}{meant.removesuffix('.')}"]
    lines += looked_in(path)
    lines += [f"  there are: {', '.join(str(one) for one in there[:10])}"] if there else []
    lines += [f"  ready with the package: {', '.join(ready)}"] if ready else []
    return "\n".join(lines)
