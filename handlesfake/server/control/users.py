"""Users: the players of the test, by role, and their tokens."""

from __future__ import annotations

from urllib.parse import quote

from handlesfake.errors import SettingsError
from handlesfake.mpsd.http.message import Response
from handlesfake.server.control.request import DONE, ControlRequest, NotThere, fine
from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import (
    ONE_OR_MORE,
    SWITCH,
    TEXT,
    TEXT_BY_NAME,
    WORD,
    XUID,
    record_schema,
    several,
)
from handlesfake.server.worlds.people import roles_in, user_in
from handlesfake.suggestions import nearest
from handlesfake.users.user import User

_USER = {
    "role": TEXT,
    "xuid": XUID,
    "gamertag": TEXT,
    "title_id": {"type": "string", "pattern": "^[0-9]{0,10}$"},
    "authorization": WORD,
    "user_hash": WORD,
    "device_token": TEXT,
    "multiplayer": SWITCH,
    "signs_in": SWITCH,
    "follows": ONE_OR_MORE,
    "favorites": ONE_OR_MORE,
    "blocks": ONE_OR_MORE,
}
_WITHOUT_ROLE = {word: schema for word, schema in _USER.items() if word != "role"}
_PEOPLE = ("follows", "favorites", "blocks")

SHOWN = record_schema(role=TEXT, xuid=TEXT, gamertag=TEXT, title_id=TEXT, authorization=TEXT, headers=TEXT_BY_NAME)
"""What is answered of a user."""


def user_document(user: User) -> dict[str, object]:
    """A user as it is answered: with the token, which is made up."""
    return {
        "role": user.role,
        "xuid": user.xuid,
        "gamertag": user.gamertag,
        "title_id": user.title_id,
        "authorization": user.authorization,
        "headers": user.headers,
    }


def _make_user(ask: ControlRequest) -> Response:
    words = ask.words(_USER)
    for word in _PEOPLE:
        if word in words:
            words[word] = ask.people(words[word])
    return fine(user_document(user_in(ask.here, words.pop("role", ""), **words)), 201)


def _put_user(ask: ControlRequest) -> Response:
    words, role = ask.words(_WITHOUT_ROLE), ask.parts["role"]
    for word in _PEOPLE:
        if word in words:
            words[word] = ask.people(words[word])
    is_new = role not in roles_in(ask.here)
    return fine(user_document(user_in(ask.here, role, **words)), 201 if is_new else 200)


def _known(ask: ControlRequest, lacking: type[SettingsError] = SettingsError) -> User:
    """The user of the role in the address; no call but PUT and POST of a user makes one.

    :param lacking: what is raised where the test has made no user of that role.
    :raises SettingsError: the test has made none.
    """
    role, roles = ask.parts["role"], roles_in(ask.here)
    if role not in roles:
        known = ", ".join(roles) or "none yet"
        raise lacking(
            f"no user has the role {role!r:.60} here{nearest(role, roles)}\n"
            f"  roles: {known}\n"
            f"  to make one: PUT {ask.place}/users/{quote(role, safe='')[:180]}"
        )
    return ask.mpsd.user(role)


def _user(ask: ControlRequest) -> Response:
    return fine(user_document(_known(ask, NotThere)))


def _users(ask: ControlRequest) -> Response:
    return fine([user_document(ask.mpsd.user(role)) for role in roles_in(ask.here)])


def _expire(ask: ControlRequest) -> Response:
    _known(ask).expire()
    return DONE


def _renew(ask: ControlRequest) -> Response:
    user = _known(ask)
    user.renew()
    return fine(user_document(user))


CALLS = (
    ControlCall(
        "GET", "/users", "The users that the test has made, with their tokens.", _users, answer=several(SHOWN)
    ),
    ControlCall(
        "POST",
        "/users",
        "Make the user of a role, or add to the existing one.",
        _make_user,
        body=_USER,
        status=201,
        answer=SHOWN,
    ),
    ControlCall(
        "GET",
        "/users/{role}",
        "The user of a role: xuid, gamertag, authorization, headers; 404 when the test has made none.",
        _user,
        answer=SHOWN,
        can_lack=True,
    ),
    ControlCall(
        "PUT",
        "/users/{role}",
        "The user of a role, made (201) unless it is there (200), and what more is said of it.",
        _put_user,
        body=_WITHOUT_ROLE,
        made=True,
        answer=SHOWN,
    ),
    ControlCall(
        "POST",
        "/users/{role}/expire",
        "From now on every token of the user so far is answered 401.",
        _expire,
        status=204,
    ),
    ControlCall(
        "POST",
        "/users/{role}/renew",
        "Issue one more token of the user; earlier ones stay as they are.",
        _renew,
        answer=SHOWN,
    ),
)
