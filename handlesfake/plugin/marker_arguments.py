"""The words of the marker and of ``mpsd_config``: which there are, where a test's come from, what they mean."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from handlesfake.errors import SettingsError
from handlesfake.options.cassette_names import check_name, short_enough
from handlesfake.options.options import Options
from handlesfake.plugin.configuration import place
from handlesfake.plugin.settings import moment
from handlesfake.plugin.vcr_marker import recorded_name
from handlesfake.suggestions import nearest
from handlesfake.values.values import fields_of

NO_WORDS = (
    "record",
    "credentials",
    "name",
    "journal_limit",
    "pseudonym_key",
    "cassette_cache",
    "root",
    "run",
    "isolated",
)
"""Fields of Options that no marker and no ``mpsd_config`` may set: who is real is said by ``mpsd_credentials``."""

WORDS = tuple(name for name in fields_of(Options) if name not in NO_WORDS)
"""What the marker and the fixture ``mpsd_config`` may say."""


def marked(item: pytest.Item) -> dict[str, Any]:
    """What the markers ``mpsd`` of ``item`` say; of several, the nearest to the test wins, word by word.

    :raises SettingsError: a marker has positional arguments or an unknown word.
    """
    words: dict[str, Any] = {}
    for mark in item.iter_markers("mpsd"):
        if mark.args:
            raise SettingsError(
                f"{mark.args[0]!r} has no word before it; write for example cassette={mark.args[0]!r}. "
                f"Words: {', '.join(WORDS)}."
            )
        check_words(mark.kwargs)
        words = {**mark.kwargs, **words}
    return words


def check_words(words: Mapping[str, Any]) -> None:
    """Refuse unknown words.

    :raises SettingsError: names the word, the nearest known one and all of them.
    """
    for word in words:
        if word == "record" or (word == "mode" and words[word] == "record"):
            raise SettingsError(
                f"{word}={words[word]!r}: recording is asked for by an option only, so that no test records by "
                "accident. Say cassette='lobby' here, and once:  pytest --mpsd-record=once"
            )
        if word == "isolated":
            raise SettingsError(
                f"isolated={words[word]!r}: the double of the fixture is for every thread and task of the test. "
                "Make one that is isolated where it is to answer: with handlesfake.fake(isolated=True) as mpsd: ..."
            )
        if word not in WORDS:
            raise SettingsError(_unknown("the word", word, WORDS))


def _unknown(what: str, given: str, known: tuple[str, ...]) -> str:
    return f"{what} {given!r} is not known{nearest(given, known)} Known: {', '.join(known)}."


def options_of(item: pytest.Item, ini: Mapping[str, Any], words: Mapping[str, Any]) -> Options:
    """Options for the double of ``item`` from ``words``, whose values are as a developer writes them.

    :raises SettingsError: a value cannot be, or two contradict each other.
    """
    finished = dict(words)
    if words.get("cassette") is not None:
        finished["cassette"] = cassette_path(item, place(item.config, ini, "mpsd_cassette_dir"), words["cassette"])
    if "rules" in words:
        folder = place(item.config, ini, "mpsd_rules_dir")
        finished["rules"] = _rule_files(item.config.rootpath, folder, words["rules"])
    for word in ("templates", "state"):
        if word in words:
            finished[word] = tuple(item.config.rootpath / path for path in _paths(word, words[word]))
    if isinstance(words.get("now"), str):
        finished["now"] = _now(words["now"])
    for word in ("hosts", "services", "record_hosts", "not_secret"):
        if isinstance(words.get(word), str):
            finished[word] = (words[word],)
    return Options.of(name=item.nodeid, root=item.config.rootpath, **finished)


def cassette_path(item: pytest.Item, base: Path, cassette: object) -> Path:
    """Where the cassette of ``item`` lies: ``cassettes/<path of the test module>/<name>.yaml``.

    :param cassette: a name; True for the name of the test; a Path is taken as it is, relative to rootdir.
    :raises SettingsError: it is neither, or a name that leads out of the folder.
    """
    if isinstance(cassette, Path):
        return item.config.rootpath / cassette
    if cassette is True:
        return _named_after(item, base / _module(item))
    if not isinstance(cassette, str) or not cassette:
        raise SettingsError(
            f"cassette={cassette!r}: write a name, cassette='lobby', or cassette=True to name it after the test."
        )
    check_name(cassette)
    name = cassette if cassette.endswith((".yaml", ".yml", ".json")) else f"{cassette}.yaml"
    return base / _module(item) / name


def _named_after(item: pytest.Item, folder: Path) -> Path:
    """The cassette in ``folder`` that is called as ``item`` is, also by pytest-recording, where that has made one."""
    path = folder / f"{short_enough(_file_name(item))}.yaml"
    theirs = folder / f"{recorded_name(item)}.yaml"
    # os.path: a name that is too long is that of no file, and no error
    return theirs if theirs != path and os.path.exists(theirs) and not os.path.exists(path) else path


def _module(item: pytest.Item) -> Path:
    try:
        path = item.path.relative_to(item.config.rootpath).with_suffix("")
    except ValueError:  # a test outside rootdir
        return Path(item.path.stem)
    return Path(*path.parts[1:]) if path.parts[0] == "tests" and len(path.parts) > 1 else path


def _file_name(item: pytest.Item) -> str:
    """The test's name with its classes; some characters are escaped, so that no two tests share a file."""
    name = ".".join(item.nodeid.split("::")[1:]) or item.name
    name = _ESCAPED.sub(lambda found: chr(int(found[1] or found[2] or found[3], 16)), name)
    return re.sub(r'[%<>:"/\\|?*\x00-\x1f]', lambda found: f"%{ord(found[0]):02X}", name)


_ESCAPED = re.compile(r"(?<!\\)(?:\\u(?!d[89a-f])([0-9a-f]{4})|\\U000([0-9a-f]{5})|\\x([a-f][0-9a-f]))")
"""How pytest writes a letter beyond ASCII in the name of a test: file systems have the letter itself."""


def _rule_files(root: Path, base: Path, rules: object) -> tuple[Path, ...]:
    return tuple(
        root / rule if isinstance(rule, Path) else base / (rule if Path(rule).suffix else f"{rule}.yaml")
        for rule in _paths("rules", rules)
    )


def _paths(word: str, said: object) -> Sequence[str | Path]:
    if isinstance(said, (str, Path)):
        return (said,)
    if isinstance(said, (list, tuple)) and all(isinstance(path, (str, Path)) for path in said):
        return said
    example = "['busy']" if word == "rules" else f"['{word}.yaml']"
    raise SettingsError(f"{word}={said!r}: write the names of {word.removesuffix('s')} files, {word}={example}.")


def _now(text: str) -> Any:
    try:
        return moment(text)
    except ValueError as error:
        raise SettingsError(f"now={text!r}: write {error}.") from None
