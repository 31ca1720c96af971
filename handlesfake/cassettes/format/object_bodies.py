"""Request bodies that vcrpy wrote as the objects that aiohttp was given, ``json=`` or ``data=``."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

from handlesfake.files.placed import Map, Seq
from handlesfake.files.strict_yaml import PlainScalar, as_json_scalar

_NOT_IN_YAML = re.compile(r"[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_FORM = "application/x-www-form-urlencoded"


def is_object(value: Any) -> bool:
    """Whether ``value``, the value of ``body``, is such an object: a mapping, or a list of something."""
    return isinstance(value, Map) or (isinstance(value, (Seq, list)) and bool(value))


def bytes_sent(value: Any, content_type: str) -> tuple[bytes, bytes | None]:
    """What the client sent for ``value``, and what else it may have sent where the header does not decide.

    aiohttp adds the header after vcrpy has looked, so that it is missing as a rule.

    :raises ValueError: no client sends that.
    """
    document = typed(value)
    as_form = _form(document)
    kind = content_type.partition(";")[0].strip().lower()
    if kind == _FORM and as_form is not None:
        return as_form, None
    as_json = json.dumps(document, ensure_ascii=False).encode()
    return as_json, (None if kind else as_form)


def object_text(body: bytes) -> str:
    """The JSON ``body`` as an object of YAML on one line, which reads back as it was given to the client."""
    text = json.dumps(json.loads(body), ensure_ascii=False)
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def typed(value: Any) -> Any:
    """``value``, as a cassette has it, with the numbers and words of JSON."""
    if isinstance(value, dict):
        return {name: typed(one) for name, one in value.items()}
    if isinstance(value, list):
        return [typed(one) for one in value]
    if isinstance(value, bytes):
        return value.decode()
    return as_json_scalar(value) if isinstance(value, PlainScalar) else value


def _form(document: Any) -> bytes | None:
    """``document`` as a form; None where it can be none."""
    pairs = list(document.items()) if isinstance(document, dict) else document
    if not all(isinstance(pair, (list, tuple)) and len(pair) == 2 and isinstance(pair[0], str) for pair in pairs):
        return None
    values = [one for _, value in pairs for one in (value if isinstance(value, list) else [value])]
    if any(value is None or isinstance(value, (bool, dict, list)) for value in values):
        return None
    return urlencode([(name, value) for name, value in pairs], doseq=True).encode()
