"""Assets: the files of a page, and the policy that lets a browser run them and nothing else."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files

SHARED = __package__
"""Where ``tokens.css``, ``dom.js`` and ``theme.js`` are."""


def text_of(name: str, package: str = SHARED) -> str:
    """The text of a file that ships with ``package``."""
    return (files(package) / name).read_text(encoding="utf-8")


def script_of(texts: Sequence[str]) -> str:
    """Scripts that know each other, in that order, as one that leaves no name behind."""
    return '"use strict";\n(() => {\n' + "\n".join(texts) + "\n})();\n"


def policy(style: str, script: str, connect: str = "'none'") -> str:
    """A Content-Security-Policy for a page with one style and one script inside it.

    :param connect: the servers that the script may ask.
    """
    return (
        f"default-src 'none'; style-src '{_hashed(style)}'; script-src '{_hashed(script)}'; connect-src {connect}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hashed(text: str) -> str:
    """How a policy names an inline script or style."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
