"""The table of ``clients.md``: which clients of others have been run, and what each has seen."""

from __future__ import annotations

from docs.making.markdown import table
from tests.real_clients.table import real_clients, sign_ins, words
from tests.traffic.twins.play import every_twin


def seen() -> str:
    """What was seen by client; what a client has not seen has a number, and its sentence is below."""
    reasons: dict[str, int] = {}
    columns: dict[str, dict[str, str]] = {f"{one.name} {_short(one.version)}": one.has_not for one in real_clients()}
    columns |= {f"{twin.client}, twin": twin.has_not for twin in every_twin()}
    rows = [[name, *(_cell(has_not.get(word), reasons) for word in words())] for name, has_not in columns.items()]
    notes = "\n".join(f"[{number}] {reason[0].upper()}{reason[1:]}." for reason, number in reasons.items())
    return table(["client", *words()], rows) + f"\n\n{notes}"


def twins() -> str:
    """Where the calls of each twin were read, and why the client itself is not run."""
    rows = [(twin.client, twin.document["why_a_twin"], twin.document["source"]) for twin in every_twin()]
    return table(["twin of", "why it is one", "read in"], rows)


def programs() -> str:
    """Where each client that was run is from."""
    return table(["client", "at", "from"], [(one.name, one.version, one.source) for one in real_clients()])


def signed_in() -> str:
    """What each way of signing in has asked, and been answered."""
    rows = [
        (f"{one.client} {_short(one.version)}", one.source, one.flow, ", ".join(f"`{asked}`" for asked in one.asks))
        for one in sign_ins()
    ]
    return table(["client", "from", "flow", "asks"], rows)


def _short(version: str) -> str:
    return version[:7] if len(version) == _COMMIT else version


_COMMIT = 40
"""Digits of a commit."""


def _cell(reason: str | None, reasons: dict[str, int]) -> str:
    return "yes" if reason is None else f"[{reasons.setdefault(reason, len(reasons) + 1)}]"
