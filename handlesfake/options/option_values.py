"""OptionValues: what each option may be, and the one form in which the rest of handlesfake meets it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from handlesfake.errors import SettingsError
from handlesfake.json_diff import short_json
from handlesfake.mpsd.http.body import is_title_id
from handlesfake.options.cassette_names import check_path
from handlesfake.options.chosen import chosen
from handlesfake.services.table import OTHERS
from handlesfake.suggestions import nearest

Read = Callable[[str, Any], Any]
"""``(name of the option, what was said) -> its value``."""

_A_TIME = "a time with its offset, such as 2026-01-06T10:00:00Z"


def read_option(name: str, said: Any) -> Any:
    """The value of the option ``name`` from ``said``: a single text is one value, not a series of characters.

    :raises SettingsError: it cannot be; the message says what to write.
    """
    return _READ[name](name, said)


def no_such(what: str, given: Any, known: Sequence[str]) -> str:
    """The message for an unknown word: the nearest, and all."""
    return f"{what} {given!r} is not known{nearest(given, known)} Known: {', '.join(map(str, known))}."


def _cannot(name: str, said: Any, wanted: str) -> SettingsError:
    return SettingsError(f"{name}={short_json(said)}: write {wanted}.")


def _or_none(reader: Read) -> Read:
    return lambda name, said: None if said is None else reader(name, said)


def _one_of(*words: str) -> Read:
    def one(name: str, said: Any) -> str:
        if said not in words or not isinstance(said, str):
            raise SettingsError(no_such(name, said, words))
        return said

    return one


def _yes_or_no(name: str, said: Any) -> bool:
    if not isinstance(said, bool):
        raise _cannot(name, said, f"{name}=True or {name}=False")
    return said


def _text(name: str, said: Any) -> str:
    if not isinstance(said, str):
        raise _cannot(name, said, "a text" if said is None else f"a text, {name}={str(said)!r}")
    return said


def _filled_text(name: str, said: Any) -> str:
    text = _text(name, said)
    if not text:
        raise _cannot(name, said, "a text that is not empty, or leave it out")
    return text


def _title_id(name: str, said: Any) -> str:
    text = _text(name, said)
    if not is_title_id(text):
        raise _cannot(name, said, "a decimal number below 4294967296 as text, title_id='896928775'")
    return text


def _path(name: str, said: Any) -> Path:
    if not isinstance(said, (str, os.PathLike)):
        raise _cannot(name, said, "the path of a file")
    if not str(said) or "\0" in str(said):
        raise _cannot(name, said, "the path of a file, which is not empty and holds no NUL")
    return Path(said)


def _cassette(name: str, said: Any) -> Path:
    path = _path(name, said)
    check_path(path)
    return path


def _several(one: Read, example: str) -> Read:
    """A reader of several; a single one needs no list around it."""

    def read_several(name: str, said: Any) -> tuple[Any, ...]:
        if isinstance(said, (str, os.PathLike)):
            return (one(name, said),)
        if not isinstance(said, Iterable) or isinstance(said, (Mapping, bytes)):
            raise _cannot(name, said, f"one or several, {name}={example}")
        return tuple(one(name, part) for part in said)

    return read_several


def _at_least_one(several: Read, example: str) -> Read:
    def read_filled(name: str, said: Any) -> tuple[Any, ...]:
        found: tuple[Any, ...] = several(name, said)
        if not found:
            raise _cannot(name, said, f"at least one, {name}={example}, or leave it out")
        return found

    return read_filled


def _host(name: str, said: Any) -> str:
    text = _text(name, said)
    if "/" in text or text.split() != [text]:
        raise _cannot(name, said, "a host without scheme and path, 'mpsd.test' or 'mpsd.test:8080'")
    return text.lower()


def _moment(name: str, said: Any) -> datetime:
    found = said
    if isinstance(said, str):
        try:
            found = datetime.fromisoformat(said.replace("Z", "+00:00"))
        except ValueError:
            raise _cannot(name, said, _A_TIME) from None
    if not isinstance(found, datetime) or found.tzinfo is None:
        raise _cannot(name, said, f"{_A_TIME}, or an aware datetime")
    return found


def _age(name: str, said: Any) -> timedelta:
    if not isinstance(said, timedelta):
        raise _cannot(name, said, "a timedelta, timedelta(days=90)")
    return said


def _limit(name: str, said: Any) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or said < 1:
        raise _cannot(name, said, "how many entries are kept, a whole number from 1 on, or None for all")
    return said


def _credentials(name: str, said: Any) -> Mapping[str, Any]:
    if not isinstance(said, Mapping):  # never printed: it may hold a token
        raise SettingsError(f'{name} of type {type(said).__name__}: write {{"host": {{"xuid": ...}}}}.')
    return said


def _service(name: str, said: Any) -> str:
    if not isinstance(said, str) or said not in OTHERS:
        several = isinstance(said, str) and "," in said
        how = f" Write several as a list, {name}={[*OTHERS]}; in the ini file with blanks between them."
        raise SettingsError(no_such(name, said, tuple(OTHERS)) + (how if several else ""))
    return said


_FILES = _several(_path, "['one.yaml', 'two.yaml']")
_HOSTS = _several(_host, "('mpsd.test', 'mpsd.test:8080')")
_PLACES = _several(_text, "['properties.custom.nonce']")
_READ: dict[str, Read] = {
    "mode": _or_none(_one_of("fake", "replay", "hybrid", "record", "verify", "real")),
    "cassette": _or_none(_cassette),
    "record": _one_of("none", "once", "new_episodes", "all", "rewrite"),
    "credentials": _or_none(_credentials),
    "record_hosts": _HOSTS,
    "not_secret": _PLACES,
    "pseudonym_key": _or_none(_path),
    "cassette_cache": _or_none(_path),
    "root": _or_none(_path),
    "run": _text,
    "volatile_fields": _PLACES,
    "repeats": _one_of("reads", "last", "error"),
    "shift_times": _yes_or_no,
    "max_age": _or_none(_age),
    "old": _one_of("warn", "fail"),
    "rules": _FILES,
    "templates": _FILES,
    "state": _FILES,
    "strict": _yes_or_no,
    "dialect": _one_of("observed", "documented"),
    "throttling": _yes_or_no,
    "choices": lambda _, said: chosen(said),
    "unrouted": _one_of("warn", "fail"),
    "hosts": _at_least_one(_HOSTS, "'mpsd.test'"),
    "services": _several(_service, str([*OTHERS][:1])),
    "isolated": _yes_or_no,
    "scid": _filled_text,
    "template_name": _filled_text,
    "title_id": _title_id,
    "now": _or_none(_moment),
    "clock": _one_of("virtual", "system"),
    "name": _text,
    "journal_limit": _or_none(_limit),
}
