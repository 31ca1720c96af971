"""What recording costs, beside vcrpy: python -m benchmarks.recording."""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from pathlib import Path

from vcr.cassette import Cassette as VcrCassette
from vcr.request import Request as VcrRequest

from handlesfake.cassettes.opening import Taping, recording
from handlesfake.cassettes.player import Playing
from handlesfake.mpsd.message import MPSD_HOST, Headers, Request, Response
from handlesfake.outcome import Call, Forward

COUNT = 1000
TOKEN = "XBL3.0 x=1234567890123456789;" + "made-up-token-" * 80
REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby"}


def request(number: int) -> Request:
    """One invite, as a client sends it."""
    headers = {
        "Authorization": TOKEN,
        "Signature": f"AAAAAQ{number:06}" + "signature" * 10,
        "X-Xbl-Contract-Version": "107",
        "Content-Type": "application/json",
    }
    body = {
        "type": "invite",
        "version": 1,
        "sessionRef": REF | {"name": f"lobby-{number}"},
        "invitedXuid": str((9 << 48) + number),
        "inviteAttributes": {"titleId": "1234567890", "context": "come and play"},
    }
    return Request("POST", "/handles", Headers(headers.items()), json.dumps(body).encode())


def response(number: int) -> Response:
    """What the service answers."""
    body = json.loads(request(number).body) | {"id": f"00000000-0000-4000-8000-{number:012}", "gamertag": "Some Body"}
    headers = [
        ("Content-Type", "application/json"),
        ("Date", "Tue, 06 Jan 2026 10:00:00 GMT"),
        ("Location", f"/handles/{body['id']}"),
        ("X-Xbl-Debug", "user0=1; gamertag=Some Body"),
    ]
    return Response(201, Headers(headers), json.dumps(body, separators=(",", ":")).encode())


def recorded(folder: Path) -> tuple[list[float], float]:
    """Milliseconds that each interaction adds, and those that the end takes."""
    path = folder / "ours.yaml"
    recorder = recording(path, lambda _: None, {}, Taping(), Playing()).recorder
    assert recorder is not None
    recorder.start()
    spent = []
    for number in range(COUNT):
        call, answer = Call(request(number), 0), response(number)
        began = time.perf_counter()
        outcome = recorder(call, None)  # type: ignore[arg-type] # the innermost stage asks nobody
        assert isinstance(outcome, Forward)
        outcome.then(answer)
        spent.append((time.perf_counter() - began) * 1000)
    began = time.perf_counter()
    recorder.stop()
    return spent, (time.perf_counter() - began) * 1000


def saved_by_vcrpy(folder: Path) -> float:
    """Milliseconds that vcrpy takes to save as many."""
    theirs = VcrCassette(str(folder / "theirs.yaml"))
    for number in range(COUNT):
        one, answer = request(number), response(number)
        theirs.append(
            VcrRequest("POST", f"https://{MPSD_HOST}/handles", one.body, dict(one.headers)),
            {
                "status": {"code": 201, "message": "Created"},
                "headers": {name: [value] for name, value in answer.headers},
                "body": {"string": answer.body},
            },
        )
    began = time.perf_counter()
    theirs._save(force=True)
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Print the figures."""
    os.environ.setdefault("MPSD_PSEUDONYM_KEY", "a key for measuring only")
    adds, ours, theirs = [], [], []
    for _ in range(5):
        with tempfile.TemporaryDirectory() as folder:
            spent, end = recorded(Path(folder))
            adds.append(statistics.fmean(spent))
            ours.append(end)
            theirs.append(saved_by_vcrpy(Path(folder)))
    end, other = statistics.median(ours), statistics.median(theirs)
    print(f"recording adds       {statistics.median(adds):.3f} ms per interaction (at most 0.5)")
    print(f"saving {COUNT}: ours    {end:.1f} ms")
    print(f"saving {COUNT}: vcrpy's {other:.1f} ms; ours is {end / other:.2f} of it (at most 0.33)")


if __name__ == "__main__":
    main()
