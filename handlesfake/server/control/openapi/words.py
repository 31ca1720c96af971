"""Words: what each word of a call means, and an example of it; a word of one call goes before one of all."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple


class Word(NamedTuple):
    """What a word means."""

    about: str
    example: Any


WORDS: Mapping[str, Word] = MappingProxyType(
    {
        "accepted": Word("Only requests that MPSD accepted, or only those that it refused.", example=True),
        "advance": Word("How far time moves on: seconds, or a text such as 90s, 5m, 2h, 1d.", "2h"),
        "at_most": Word("Real seconds after which it gives up, 300 at most.", 10),
        "authorization": Word("Your own token, as the header Authorization has it.", "XBL3.0 x=7117;mine"),
        "before": Word("Only requests with a number below this one.", 100),
        "blocks": Word("The users that the user blocks: roles or xuids.", []),
        "by": Word("Who sent it: a role or a xuid.", "host"),
        "code": Word("The close code that the client sees; 1006 ends it without a close frame.", 1001),
        "context": Word("The context of the invite.", "from the lobby"),
        "count": Word("So many requests: it waits until they are there, 1 unless told otherwise.", 1),
        "device_token": Word("The device token of the user.", "device-1"),
        "except": Word("The questions that may be left open.", ["session"]),
        "expires_after": Word(
            "Seconds without use, of the machine's clock, after which the world ends by itself; it stays, where it "
            "is left out.",
            60,
        ),
        "favorites": Word("Who is a favourite of the user: roles or xuids.", []),
        "fields": Word("What the request says, by the wire's own names.", {"type": "activity"}),
        "fired": Word("1: the rules that acted; 0: those that never did.", "0"),
        "follows": Word("The users that the user follows: roles or xuids.", ["guest"]),
        "freeze": Word("Whether time stands still from now on.", example=True),
        "gamertag": Word("What the user is called.", "FarAway"),
        "kind": Word("What came of the request.", "refused"),
        "multiplayer": Word("Whether the user has the privilege to play with others.", example=True),
        "mute": Word("Leave the connection open, and push nothing over it.", example=False),
        "name": Word("A name that the test gives.", "lobby"),
        "newest": Word("So many entries at most, the newest; 0 for all.", 500),
        "noticed": Word("Whether the service knows at once that the connection is gone.", example=True),
        "only": Word("No other player was invited.", example=False),
        "operation": Word("The operation.", "create_handle"),
        "role": Word("What the test calls a user.", "host"),
        "seconds": Word("Real seconds of silence.", 0.2),
        "service": Word("Which service was asked, by its name; MPSD, where it is left out.", "mpsd"),
        "session": Word("A session: its name, or its reference.", "lobby-1"),
        "signs_in": Word("Whether sign-ins are this user's from now on.", example=True),
        "set": Word("The time that it is from now on, with its offset.", "2026-01-06T10:00:00Z"),
        "since": Word("Only requests after this number: the `next` of GET /journal.", 0),
        "steps": Word(
            "What was sent, in order: operations, or pairs of an operation and its fields.",
            ["put_session", ["create_handle", {"type": "activity"}]],
        ),
        "text": Word("Only requests with all of these words in their line; #42 is a number.", "host 201"),
        "times": Word("How often, exactly.", 1),
        "title_id": Word("A title: a decimal number, as text.", "1234567890"),
        "type": Word("The type of the handle.", "activity"),
        "user": Word("A user: a role or a xuid.", "host"),
        "user_hash": Word("The user hash of the tokens.", "7117"),
        "users": Word("Users: roles or xuids.", ["host"]),
        "wait": Word("Real seconds to wait at most, 300 at most.", 5),
        "when": Word("What `when` of a rule says.", {"type": "activity"}),
        "who": Word("Whose push connection: a role, a xuid, or the connection's id.", "host"),
        "within": Word("Real seconds in which it may still come true, 300 at most.", 0.5),
        "worlds": Word("Those of all worlds, each with its world, and not of this one alone.", "all"),
        "xuid": Word("A xuid: decimal digits, as text.", "9000000000000042"),
        "xuids": Word("Players: roles or xuids. Any player, where it is left out.", ["guest"]),
    }
)
"""What a word means wherever it is said."""

_OF_ONE = MappingProxyType(
    {
        ("POST /hold", "name"): Word(
            "What the hold is called; its operation, unless told otherwise.", "create_handle"
        ),
        ("GET /hold", "name"): Word("Only the hold of this name.", "create_handle"),
        ("GET /hold", "count"): Word("So many requests that wait there: it waits until they do.", 1),
        ("POST /release", "name"): Word("The hold of this name.", "create_handle"),
        ("POST /release", "count"): Word("So many of them go on, the first ones.", 1),
        ("DELETE /rules/{name}", "name"): Word("The name of a rule.", "busy"),
        ("DELETE /worlds/{name}", "name"): Word("The id or the name of a world.", "w1"),
        ("POST /worlds/{name}/renew", "name"): Word("The id or the name of a world.", "lobby"),
        ("POST /worlds/{name}/renew", "expires_after"): Word(
            "Seconds without use after which the world ends by itself from now on; as many as before, where it is "
            "left out.",
            120,
        ),
        ("GET /worlds/{name}", "name"): Word("The id or the name of a world.", "lobby"),
        ("POST /worlds/{name}/expire", "name"): Word("The id or the name of a world.", "lobby"),
        ("POST /worlds", "name"): Word(
            "The test's name for the world, such as the test's title: one line, different from the name of every "
            "other world. Default: its id.",
            "lobby: joins",
        ),
        ("GET /taps", "count"): Word("So many taps: it waits until they are there, 1 unless told otherwise.", 1),
        ("GET /taps", "who"): Word("The receiver: a role, a xuid, or a connection.", "host"),
        ("GET /taps", "session"): Word("The name of the session that changed.", "lobby-1"),
        ("POST /worlds", "users"): Word("Roles of users to make at once.", ["host"]),
        ("POST /users", "role"): Word("The test's name for the user: a word, not a number.", "far"),
    }
)
"""What a word means in one call."""


def meaning(call: str, word: str) -> Word:
    """What ``word`` means in ``call``, ``POST /hold``."""
    return _OF_ONE.get((call, word)) or WORDS[word]
