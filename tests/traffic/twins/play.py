"""Play a twin against a server: its calls and its frames in order, on one server under TLS."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from handlesfake.double.double import Double
from handlesfake.server.run.fixture import Server
from tests.patience import PATIENCE
from tests.server.rta import Rta
from tests.traffic.over_tls import Wire, wire_to
from tests.traffic.replay import XUIDS, filled, headers_of, part_of, problems_of, token_of

FOLDER = Path(__file__).parent
FRIENDS = {
    "users": [{"role": role, "xuid": xuid} for role, xuid in XUIDS.items()],
    "friends": [["host", "guest"], ["host", "second"], ["guest", "second"]],
}
"""The state in which each twin begins."""

_BARRIER = "no resource"
"""An address at which nothing is: asked for, it is refused (code 1), behind all that was pushed before."""

_BROKEN = 1006
"""What a client sees that gets no close frame (contract 19.1): one client comes back after this end only."""

Step = dict[str, Any]


@dataclass(frozen=True)
class Twin:
    """What one client does, and where that was read."""

    client: str
    document: dict[str, Any]

    @property
    def sees(self) -> list[str]:
        """What the client comes to, by the words of the table."""
        return [step["sees"] for step in self.document["steps"] if "sees" in step]

    @property
    def has_not(self) -> dict[str, str]:
        """What it does not come to, with the reason."""
        found: dict[str, str] = self.document["has_not"]
        return found


def every_twin() -> list[Twin]:
    """All files of this folder."""
    documents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
    return [Twin(document["client"], document) for document in documents]


@dataclass
class Stage:
    """A server, and the connections that the actors of a twin have to it."""

    mpsd: Double
    server: Server
    wire: Wire
    stack: ExitStack
    sockets: dict[str, Rta] = field(default_factory=dict)


@contextmanager
def stage(mpsd: Double, server: Server) -> Iterator[Stage]:
    """A stage with nothing on it but the friends."""
    mpsd.load(FRIENDS)
    with ExitStack() as stack, wire_to(server) as wire:
        yield Stage(mpsd, server, wire, stack)


def play(twin: Twin, on: Stage) -> Iterator[str]:
    """What does not come as the client needs it; nothing when all is well."""
    known = {name: value for name, value in twin.document.items() if isinstance(value, str)}
    known |= {f"{role}_xuid": xuid for role, xuid in XUIDS.items()}
    for number, step in enumerate(twin.document["steps"], 1):
        do = next(name for name in STEPS if name in step)
        try:
            problems = [f"step {number}, {do}: {problem}" for problem in STEPS[do](on, twin, step, known)]
        except TimeoutError:
            problems = [f"step {number}, {do}: nothing came to {step}"]
        yield from problems
        if problems:  # what comes after follows from this
            return


def _opens(on: Stage, twin: Twin, step: Step, known: dict[str, str]) -> Iterator[str]:
    """Connect to the push channel as the client does: by its token, or by a nonce."""
    words = {**twin.document["connects"], **(step["opens"] or {})}
    who, query = {"Authorization": token_of(step["by"])}, ""
    if words.get("nonce"):
        status, _, body = on.wire.send("GET", "/nonce", list(who.items()), b"")
        who, query = {}, f"?nonce={json.loads(body)['nonce']}"
        if status != 200:
            yield f"the nonce came with {status}"
    offered = words.get("offers", [])
    address = urlsplit(on.server.rta_url)
    trust = ssl.create_default_context(cafile=on.server.ca_file)
    plain = socket.create_connection((address.hostname, address.port), timeout=PATIENCE)
    tls = on.stack.enter_context(closing(trust.wrap_socket(plain, server_hostname=address.hostname)))
    rta = Rta(tls, on.server.rta_url + query, {**words.get("headers", {}), **who}, offered)
    on.sockets[step["by"]] = rta
    if rta.status != 101 or (offered and rta.sub_protocol not in offered):
        yield f"the connection was answered {rta.opening}"


def _says(on: Stage, _twin: Twin, step: Step, known: dict[str, str]) -> Iterator[str]:
    on.sockets[step["by"]].say(filled(json.dumps(step["says"]), known))
    yield from _hears(on, _twin, step, known)


def _hears(on: Stage, _twin: Twin, step: Step, known: dict[str, str]) -> Iterator[str]:
    came = _heard(on.sockets[step["by"]])
    wanted = json.loads(filled(json.dumps(step["hears"]), known))
    if not _fits(wanted, came):
        yield f"the client waits for {wanted}, and heard {came}"
    else:
        known |= {name: _at(came, where) for name, where in step.get("keep", {}).items()}


def _tapped(on: Stage, twin: Twin, step: Step, known: dict[str, str]) -> Iterator[str]:
    """One frame with one tap: its change, and the id under which the member listened."""
    tap = {"changeNumber": step["tapped"], "subscription": step["under"]}
    frame = [3, step.get("to", 0), {"ncid": "*", "shoulderTaps": [tap]}]
    yield from _hears(on, twin, {**step, "hears": frame}, known)


def _silent(on: Stage, _twin: Twin, step: Step, _known: dict[str, str]) -> Iterator[str]:
    """Nothing more was pushed to this one."""
    rta = on.sockets[step["silent"]]
    rta.say([1, 999, _BARRIER])
    came = _heard(rta)
    if came != [1, 999, 1]:
        yield f"the client expects nothing more, and heard {came}"


def _sends(on: Stage, twin: Twin, step: Step, known: dict[str, str]) -> Iterator[str]:
    document = {"headers": {}, "with_body": {}, **twin.document}
    method, _, target = filled(step["send"], known).partition(" ")
    text = filled(json.dumps(step["body"], separators=(",", ":")), known) if "body" in step else ""
    lacking = step.get("without", [])
    headers = [pair for pair in headers_of(document, step, known) if pair[0] not in lacking]
    answer = on.wire.send(method, target, headers, text.encode())
    problems = list(problems_of(step, answer))
    yield from (f"{method} {target}: {problem}" for problem in problems)
    counts = step.get("counts", {})
    found = {name: len(part_of(answer, name) or ()) for name in counts} if not problems else counts
    if found != counts:
        yield f"{method} {target}: the client counts {counts}, and got {found}"
    if not problems:
        known |= {name: part_of(answer, wanted) for name, wanted in step.get("keep", {}).items()}


def _drops(on: Stage, _twin: Twin, step: Step, _known: dict[str, str]) -> Iterator[str]:
    """The connection breaks, and the service has not noticed."""
    on.mpsd.drop_connection(step["drops"], noticed=False)
    rta = on.sockets.pop(step["drops"])
    came = _heard(rta)
    if came is not None or rta.code != _BROKEN:
        yield f"the client sees its connection end with 1006, and came to {came} and {rta.code}"


def _closes(on: Stage, _twin: Twin, step: Step, _known: dict[str, str]) -> Iterator[str]:
    rta = on.sockets.pop(step["closes"])
    rta.close()
    came = _heard(rta)
    if came is not None:
        yield f"the client closes, and heard {came}"


def _passes(on: Stage, _twin: Twin, step: Step, _known: dict[str, str]) -> Iterator[str]:
    on.mpsd.clock.advance(step["passes"])
    yield from ()


STEPS: dict[str, Callable[[Stage, Twin, Step, dict[str, str]], Iterator[str]]] = {
    "opens": _opens,
    "says": _says,
    "hears": _hears,
    "tapped": _tapped,
    "silent": _silent,
    "send": _sends,
    "drops": _drops,
    "closes": _closes,
    "passes": _passes,
}
"""What a step does, by the word that it has."""


def _heard(rta: Rta) -> Any:
    """The next frame; None for the end. What says that the service is there (a pong) says nothing more."""
    while isinstance(came := rta.hear(), bytes):
        pass
    return came


def _fits(wanted: Any, came: Any) -> bool:
    """Whether a frame is the one that is waited for; ``*`` means anything, and more keys do no harm."""
    if wanted == "*":
        return True
    if isinstance(wanted, dict) and isinstance(came, dict):
        return all(key in came and _fits(value, came[key]) for key, value in wanted.items())
    if isinstance(wanted, list) and isinstance(came, list):
        return len(wanted) == len(came) and all(map(_fits, wanted, came))
    return bool(wanted == came)


def _at(frame: Any, where: str) -> Any:
    for key in where.split("."):
        frame = frame[int(key)] if isinstance(frame, list) else frame[key]
    return frame
