"""A text or bytes as YAML that every loader reads back the same: plain where it can be, quoted where it must."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from typing import Any

import yaml

_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

_PLAIN = re.compile(r"[A-Za-z/](?:[A-Za-z0-9 ./()=;,+*%&?~_-]|:(?=[^\s]))*(?<! )")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""What some version of YAML takes for something else than a text."""

_QUOTED = re.compile(r"[ -&(-~]*")
_LINES = re.compile(r"[!-~\xa1-\ud7ff][\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\U00010000-\U0010ffff]*(?<![\n ])")


def scalar(value: str | bytes | None) -> str:
    """``value`` on one line."""
    if value is None:
        return "null"
    if isinstance(value, bytes):
        return f'!!binary "{base64.b64encode(value).decode()}"'
    if _PLAIN.fullmatch(value):
        return f"'{value}'" if value.lower() in _WORDS else value
    return f"'{value}'" if _QUOTED.fullmatch(value) else _escaped(value)


def block_scalar(value: str | bytes | None, indent: str) -> str:
    """``value`` over several lines when it has them, each behind ``indent``; else on one."""
    if not isinstance(value, str) or "\n" not in value or " \n" in value or not _LINES.fullmatch(value):
        return scalar(value)
    lines = value.replace("\n", "\n" + indent)
    return f"|-\n{indent}{lines}"


@lru_cache(maxsize=1024)
def _escaped(value: str) -> str:
    text: str = yaml.dump(value, Dumper=_Dumper, default_style='"', allow_unicode=True, width=1_000_000_000)
    return text.rstrip("\n")
