"""The key of pseudonyms: never in a repository, never beside a cassette."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from handlesfake.errors import SettingsError
from handlesfake.files.placing import place_new

VARIABLE = "MPSD_PSEUDONYM_KEY"
"""The environment variable that holds the key itself; it wins over the file."""

SHORTEST_KEY = 16
MARK = "handlesfake-pseudonym-key:"
"""The beginning of a key file, so that ``handlesfake scan`` finds one where it must not be."""


def default_file() -> Path:
    """The default place of the key: with the user's settings, which are in no repository."""
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "handlesfake" / "pseudonym.key"


def known_key(file: Path | None = None) -> bytes | None:
    """The key, or None when there is none yet.

    :param file: the setting ``mpsd_pseudonym_key``.
    :raises SettingsError: it is too short, or the file cannot be read.
    """
    given = os.environ.get(VARIABLE, "")
    where = f"the environment variable {VARIABLE}"
    if not given:
        path = file or default_file()
        where = str(path)
        try:
            given = path.read_text(encoding="utf-8").strip().removeprefix(MARK).strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError, RuntimeError) as error:
            raise SettingsError(f"{where}: the key of the pseudonyms cannot be read: {error}") from None
    if len(given) < SHORTEST_KEY:
        raise SettingsError(
            f"{where} holds {len(given)} characters; the key of the pseudonyms needs {SHORTEST_KEY} at least"
        )
    return given.encode()


def fingerprint(key: bytes) -> str:
    """Eight digits that distinguish keys but do not reveal them; a cassette has those of its key."""
    return hmac.digest(key, b"handlesfake cassette", "sha256").hex()[:8]


def has_key_of(keys: Sequence[str], file: Path | None = None) -> bool:
    """Whether the key that is here is the only one of a recording with the fingerprints ``keys``."""
    mine = known_key(file)
    return mine is not None and tuple(keys) == (fingerprint(mine),)


def key(file: Path | None = None) -> bytes:
    """The key; the first recording on a machine makes one, readable by its user only.

    :raises SettingsError: it cannot be read or made.
    """
    found = known_key(file)
    return found if found is not None else _made(file or default_file())


def _made(path: Path) -> bytes:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(f"{MARK} {secrets.token_hex(32)}\n")
        place_new(draft, path)  # never over one that another worker has made meanwhile
    except OSError as error:
        raise SettingsError(
            f"{path}: the key of the pseudonyms cannot be made: {error.strerror or error}\n"
            f"  name another file by mpsd_pseudonym_key, or put {SHORTEST_KEY} characters or more into {VARIABLE}"
        ) from None
    return key(path)
