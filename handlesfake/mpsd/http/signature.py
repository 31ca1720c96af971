"""The header ``Signature``: its shape, and no more (contract 12.2)."""

from __future__ import annotations


def is_signature(text: str) -> bool:
    """Whether ``text`` is base64 of 76 bytes."""
    from base64 import b64decode  # few requests are signed

    try:
        return len(b64decode(text, validate=True)) == 76
    except ValueError:
        return False
