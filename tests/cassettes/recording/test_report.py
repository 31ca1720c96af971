"""What a recording tells when it ends."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from handlesfake.cassettes.recording.cassette_report import Recording, rejection
from handlesfake.cassettes.recording.session_report import recording_document, together
from handlesfake.cassettes.scrubbing.findings import Findings

FOUND = Findings(
    Counter({"Authorization": 4, "X-Xbl-Debug": 4}),
    {"gamertag": {"Player000000001", "Player000000002"}, "secure device address": {"x"}},
    {},
    {"worldName": "Home of somebody who writes long names", "version": "1.21.113"},
)
BOUND = Counter({"session name": 1, "handle id": 2, "ETag": 1})
ROLES = {"main": ("9000000000000071", "9000000000000001")}


def test_a_recording_is_reported_line_by_line() -> None:
    """What was removed, replaced and left; no whole real xuid is in it."""
    recording = Recording(
        Path("cassettes/x.yaml"), Counter({"sessiondirectory.xboxlive.com": 4}), 3.14, FOUND, ROLES, lambda: BOUND
    )

    assert [
        "recorded cassettes/x.yaml: 4 exchanges with sessiondirectory.xboxlive.com in 3.1 s",
        "  removed    4 Authorization, 4 X-Xbl-Debug",
        "  replaced   main 90...71 -> 9000000000000001   2 gamertags, 1 secure device address",
        "  bound      1 session name, 2 handle ids, 1 ETag (new in each run; matched one to one)",
        '  look at    2 free texts that stay: worldName "Home of somebody who wri ...", version "1.21.113"',
        "  not kept   requests to login.live.com",
        "  review     handlesfake show cassettes/x.yaml",
    ] == recording.lines(["login.live.com"])


def test_a_refused_recording_says_what_would_allow_it() -> None:
    """Word for word: the reason, where it is kept, the line of settings."""
    found = Findings(withheld={"body.properties.custom.blob": "26 characters that look like chance"})
    reason = "body.properties.custom.blob looks like a secret (26 characters that look like chance) and was withheld"
    recording = Recording(Path("x.yaml.rejected"), Counter(), 0.0, found, {}, rejected=(reason,))

    assert (
        f"x.yaml was not recorded: {reason}\n"
        "  what was recorded is kept in x.yaml.rejected, which is never replayed\n"
        "  if they are not secrets, say so in the ini file and record again:\n"
        "      mpsd_not_secret = body.properties.custom.blob"
    ) == rejection(recording, Path("x.yaml"), "mpsd_not_secret")


def test_what_many_tests_record_in_one_cassette_is_told_once() -> None:
    """Counts are added, people are the same ones; another cassette has its own report."""
    first = Recording(
        Path("x.yaml"), Counter({"mpsd.test": 4}), 3.0, FOUND, ROLES, lambda: Counter({"session name": 1})
    )
    other = Recording(Path("y.yaml"), Counter({"mpsd.test": 1}), 0.1, Findings(), {})
    documents = [
        recording_document(first, ["login.live.com"]),
        recording_document(other),
        recording_document(first, ["login.live.com"]),
    ]

    assert [
        "recorded x.yaml: 8 exchanges with mpsd.test in 6.0 s",
        "  removed    8 Authorization, 8 X-Xbl-Debug",
        "  replaced   main 90...71 -> 9000000000000001   2 gamertags, 1 secure device address",
        "  bound      2 session names (new in each run; matched one to one)",
        '  look at    2 free texts that stay: worldName "Home of somebody who wri ...", version "1.21.113"',
        "  not kept   requests to login.live.com",
        "  review     handlesfake show x.yaml",
        "recorded y.yaml: 1 exchange with mpsd.test in 0.1 s",
        "  review     handlesfake show y.yaml",
    ] == together(json.loads(json.dumps(documents)))
