"""What there is: health, counts, and who takes part."""

from __future__ import annotations

from importlib.metadata import version

from handlesfake.mpsd.message import Response
from handlesfake.server.control.ask import DONE, Ask, fine
from handlesfake.server.control.calls import SWITCH, TEXT, TEXTS, Call
from handlesfake.world.people import User


def _about(ask: Ask) -> Response:
    mpsd = ask.mpsd
    options, directory = mpsd._options, mpsd._world.directory  # noqa: SLF001 - a test knows these, a server has to ask
    return fine(
        {
            "version": version("handlesfake"),
            "mode": options.effective_mode,
            "strict": options.strict,
            "dialect": options.dialect,
            "now": mpsd.clock.now.isoformat(),
            "users": len(directory.users),
            "sessions": len(directory.sessions),
            "handles": len(directory.handles),
            "requests": mpsd.journal.written,
            "in_flight": mpsd.journal.in_flight,
            "assumptions": len(mpsd.assumptions),
            "worlds": [name for name in ask.worlds if name],
        }
    )


# ---- people

_USER = {
    "role": TEXT,
    "xuid": TEXT,
    "gamertag": TEXT,
    "title_id": TEXT,
    "device_token": TEXT,
    "multiplayer": SWITCH,
    "follows": TEXTS,
    "favorites": TEXTS,
    "blocks": TEXTS,
}
_PEOPLE = ("follows", "favorites", "blocks")


def _make_user(ask: Ask) -> Response:
    words = ask.words(*_USER)
    for word in _PEOPLE:
        if word in words:
            words[word] = [ask.mpsd.user(role) if role in _roles(ask) else role for role in words[word]]
    return fine(_shown(ask.worlds.user(ask.world, words.pop("role", ""), **words)), 201)


def _user(ask: Ask) -> Response:
    return fine(_shown(ask.worlds.user(ask.world, ask.parts["role"])))


def _users(ask: Ask) -> Response:
    return fine([_shown(ask.worlds.user(ask.world, role)) for role in _roles(ask)])


def _expire(ask: Ask) -> Response:
    ask.mpsd.user(ask.parts["role"]).expire()
    return DONE


def _renew(ask: Ask) -> Response:
    user = ask.mpsd.user(ask.parts["role"])
    user.renew()
    return fine(_shown(user))


def _service(ask: Ask) -> Response:
    words = ask.words("title_id", "users")
    service = ask.mpsd.service(words.get("title_id"))
    users = [ask.mpsd.user(role) if role in _roles(ask) else role for role in words.get("users") or ()]
    return fine(
        {
            "title_id": service.title_id,
            "authorization": service.authorization,
            "headers": service.headers(*users),
        }
    )


def _roles(ask: Ask) -> tuple[str, ...]:
    return ask.mpsd._world.roles  # noqa: SLF001 - as above


def _shown(user: User) -> dict[str, object]:
    return {
        "role": user.role,
        "xuid": user.xuid,
        "gamertag": user.gamertag,
        "title_id": user.title_id,
        "authorization": user.authorization,
        "headers": user.headers,
    }


CALLS = (
    Call("GET", "", "Version, mode, switches and counts; also the health check.", _about),
    Call("GET", "/users", "The users that the test has made, with their tokens.", _users),
    Call(
        "POST",
        "/users",
        "Make the user of a role, or say more of the one that is there.",
        _make_user,
        body=_USER,
        status=201,
    ),
    Call("GET", "/users/{role}", "The user of a role, made at first: xuid, gamertag, authorization, headers.", _user),
    Call(
        "POST",
        "/users/{role}/expire",
        "From now on every token of the user so far is answered 401.",
        _expire,
        status=204,
    ),
    Call("POST", "/users/{role}/renew", "Issue one more token of the user; earlier ones stay as they are.", _renew),
    Call(
        "POST",
        "/service",
        "The title's own service, and the headers of a call for its players (roles or xuids).",
        _service,
        body={"title_id": TEXT, "users": TEXTS},
    ),
)
