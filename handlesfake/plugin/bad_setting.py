"""What is said of a setting that cannot be: where it stands, what was found there, and what was wanted."""

from __future__ import annotations

import json
import shlex
import warnings
from datetime import date, time
from typing import Any

import pytest

from handlesfake.plugin.settings import Setting


def message(config: pytest.Config, setting: Setting, wanted: str) -> str:
    """The message: in a file of TOML with the line to write, where a value of the wrong kind tells what is meant."""
    said, of_command = _said(config, setting.name)
    place = "-o" if of_command else config.inipath.name if config.inipath else "the settings"
    lines = [f"{setting.name} in {place}: wanted {wanted}, and found {_shown(said)}."]
    in_toml = place.endswith(".toml") and not of_command
    meant = _meant(setting, said) if in_toml else None
    if meant is not None:
        lines.append(f"  write {setting.name} = {meant}")
    return "\n".join([*lines, f"  {setting.name}: {setting.help}"])


def _said(config: pytest.Config, name: str) -> tuple[Any, bool]:
    """The value of ``name``, as it is written, and whether it is from the command line."""
    for said in reversed(config.getoption("override_ini", None) or ()):
        if said.startswith(f"{name}="):
            return said.partition("=")[2], True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pytest 9 deprecates it, and has nothing else that tells a wrong value
        return getattr(config, "inicfg", {}).get(name), False


def _shown(said: Any) -> str:
    text = said.isoformat() if isinstance(said, (date, time)) else repr(said)
    text = text.lower() if isinstance(said, bool) else text
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _meant(setting: Setting, said: Any) -> str | None:
    """The right value in TOML for what ``said`` says in the wrong kind; None where that is not plain."""
    if isinstance(said, bool):
        return None
    if isinstance(said, (date, time)):
        said = said.isoformat()
    try:
        if setting.kind == "args" and isinstance(said, str):
            return json.dumps(list(setting.read(shlex.split(said))))
        if setting.kind == "string" and isinstance(said, (str, int)):
            return json.dumps(str(said)) if setting.read(str(said)) else None
    except ValueError:
        return None
    return said.lower() if isinstance(said, str) and said.lower() in ("true", "false") else None


_LONGEST = 60
