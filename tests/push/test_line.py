"""The line of one client as a value: what it answers, and when its taps go out, without any socket or clock."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handlesfake.mpsd.push.line import SILENCE, Line
from handlesfake.mpsd.shoulder_taps import Tap
from handlesfake.mpsd.state.session import SessionRef
from handlesfake.mpsd.ticks import TICKS_PER_SECOND

SECOND = TICKS_PER_SECOND
HOST, GUEST = "9000000000000001", "9000000000000002"
CONNECTIONS = "https://sessiondirectory.xboxlive.com/connections/"
NEW = Line("line", HOST, 10, 0)


def tap(number: int | None, *, xuid: str = HOST, connection: str = "LINE", name: str = "lobby-1") -> Tap:
    """A tap of a session; without a number the last of it."""
    ref = SessionRef("7e570100-1111-4222-8333-444455556666", "FakeLobby", name)
    return Tap(xuid, connection, "SUB", ref, "branch", number, 0, is_last=number is None)


def asked(line: Line, *frames: Any) -> tuple[Line, list[Any]]:
    """The line after its client said ``frames``, and the answers."""
    answers = []
    for frame in frames:
        line, answer = line.hear(json.dumps(frame), 0)
        answers.append(None if answer is None else json.loads(answer))
    return line, answers


def told(line: Line, now: int, interval: float = 0.0) -> tuple[Line, list[list[int | None]]]:
    """The line after it was time to push, and the change numbers of each frame."""
    line, frames = line.push(now, interval, lambda: "ncid")
    return line, [[one.get("changeNumber") for one in json.loads(frame)[2]["shoulderTaps"]] for frame in frames]


def connected() -> Line:
    """A line whose client wants its taps."""
    return asked(NEW, [1, 1, CONNECTIONS])[0]


def test_subscriptions_count_from_0_and_are_not_used_again() -> None:
    """Also after one has ended; what is not a number of one ends nothing; true does not end the second."""
    _, answers = asked(NEW, [1, 1, CONNECTIONS], [1, 2, CONNECTIONS], [2, 3, 0], [2, 4, True], [1, 5, CONNECTIONS])

    assert [[1, 1, 0, 0], [1, 2, 0, 1], [2, 3, 0], [2, 4, 1], [1, 5, 0, 2]] == [answer[:4] for answer in answers]


@pytest.mark.parametrize(
    ("address", "is_there"),
    [
        ("https://social.xboxlive.com/users/xuid(9000000000000001)/friends", True),
        ("HTTPS://USERPRESENCE.XBOXLIVE.COM/users", True),
        (CONNECTIONS.rstrip("/"), True),
        ("https://sessiondirectory.xboxlive.com/other", False),
        ("https://social.xboxlive.com.example.com/friends", False),
        ("https://example.com/.xboxlive.com/friends", False),
        ("http://social.xboxlive.com/friends", False),
        ("https://.xboxlive.com/friends", False),
        ("https://social.xboxlive.com\n/friends", False),
        (7, False),
        (None, False),
    ],
)
def test_which_addresses_are_there(address: object, is_there: bool) -> None:
    """Those of any service, and of MPSD connections alone."""
    answer = asked(NEW, [1, 1, address])[1][0]

    assert ([1, 1, 0, 0] if is_there else [1, 1, 1]) == answer[:4]


def test_without_an_interval_taps_go_at_once() -> None:
    """One frame for each change; nothing waits."""
    line, first = told(connected().tap([tap(2)]), 0)
    line, second = told(line.tap([tap(3)]), 0)

    assert ([[2]], [[3]], None) == (first, second, line.due())


def test_with_an_interval_the_next_frame_waits_and_brings_the_last() -> None:
    """Two sessions are two taps of one frame; after a long pause the first goes at once again."""
    line, first = told(connected().tap([tap(2)]), 0, 2.6)
    line, early = told(line.tap([tap(3), tap(7, name="lobby-2")]).tap([tap(4)]), SECOND, 2.6)
    due = line.due()
    line, second = told(line, due or 0, 2.6)
    line, third = told(line.tap([tap(5)]), 60 * SECOND, 2.6)

    assert ([[2]], [], round(2.6 * SECOND), [[4, 7]], [[5]]) == (first, early, due, second, third)


def test_a_clock_that_was_put_back_keeps_no_tap_waiting() -> None:
    """Neither without an interval nor with one: a test may travel in time."""
    line, _ = told(connected().tap([tap(2)]), 100 * SECOND, 2.6)
    _, spaced = told(line.tap([tap(3)]), 0, 2.6)
    line, _ = told(connected().tap([tap(2)]), 100 * SECOND)
    _, plain = told(line.tap([tap(3)]), 0)

    assert ([[3]], [[3]]) == (spaced, plain)


def test_no_number_comes_twice_and_an_end_is_always_told() -> None:
    """A branch that has ended may begin again."""
    line, frames = connected(), []
    for one in (tap(2), tap(2), tap(None), tap(2)):
        line, said = told(line.tap([one]), 0)
        frames += said

    assert [[2], [None], [2]] == frames


def test_only_taps_of_its_own_user_over_itself_count() -> None:
    """Neither another's, nor those over another connection."""
    line = connected().tap([tap(2, xuid=GUEST), tap(3, connection="other")])

    assert None is line.due()


def test_a_client_that_has_not_subscribed_is_told_nothing() -> None:
    """What came before it did is not kept for it."""
    line, before = told(NEW.tap([tap(2)]), 0)
    line, _ = asked(line, [1, 1, CONNECTIONS])
    _, after = told(line, 0)

    assert ([], []) == (before, after)


def test_silence_begins_anew_with_each_word_of_either_side() -> None:
    """The client's, also one that is not a frame, and the service's."""
    asked_late, _ = NEW.hear("rubbish", 5)
    pushed, _ = told(connected().tap([tap(2)]), 7)

    assert (SILENCE, 5 + SILENCE, 7 + SILENCE) == (NEW.silent_at(), asked_late.silent_at(), pushed.silent_at())
