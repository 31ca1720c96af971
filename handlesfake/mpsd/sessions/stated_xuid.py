"""What a session write says about its caller: the xuid that it states for itself."""

from __future__ import annotations

from handlesfake.mpsd.assumption import Assumption
from handlesfake.mpsd.context import Context
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import Caller, KnownUser, is_xuid, made_up_gamertag
from handlesfake.mpsd.state.maps import without_item
from handlesfake.mpsd.state.session import Document
from handlesfake.values.values import replace


def stated_xuid(members: Document) -> str | None:
    """``members.me.constants.system.xuid``, when a body has it and it is one."""
    found = members
    for name in ("me", "constants", "system"):
        found = found.get(name) if isinstance(found, dict) else None  # type: ignore[assignment]  # checked each turn
    xuid = found.get("xuid") if isinstance(found, dict) else None
    return xuid if isinstance(xuid, str) and is_xuid(xuid) else None


def with_stated_xuid(context: Context, xuid: str | None, scid: str) -> Context:
    """The context in which a caller whose xuid was made up has the stated one.

    Unless another token holds that xuid: a bot's second account may state the first one's, and stays itself.

    :param scid: where the write goes; what the caller joined there before goes with the new xuid.
    """
    caller = context.caller.user
    if xuid is None or caller is None or context.caller.is_service:
        return context
    if xuid == caller.xuid or not _made_up(caller):
        return context
    known = context.directory.users.get(xuid)
    if known is not None and (known.tokens or not known.assumed):
        assumption = Assumption(
            "caller",
            f"{caller.label} states the xuid {xuid}, which another token has, and stays a separate user",
            'guest = mpsd.user("guest"); give the code under test guest.authorization',
            "PUT /users/guest; give the code under test its authorization",
        )
        context.assume(assumption)
        return context
    learned = replace(caller, xuid=xuid, gamertag=made_up_gamertag(xuid))
    directory = _renamed(context.directory, caller, learned, scid)
    return replace(context, directory=directory, caller=Caller(context.caller.title_id, (learned,)))


def _made_up(user: KnownUser) -> bool:
    """Whether the fake itself gave the user their xuid: the token did not name it, and the test did not either."""
    return user.assumed and not user.user_hash.endswith(user.xuid)


def _renamed(directory: Directory, before: KnownUser, after: KnownUser, scid: str) -> Directory:
    """With ``after`` instead of ``before``, also in the sessions that the user is in."""
    users = without_item(directory.users, before.xuid) if before.xuid in directory.users else directory.users
    directory = replace(directory, users=users).with_user(after)
    joined = directory.sessions_of.get(before.xuid, ())
    for key in [key for key in joined if key[0] == scid.lower()]:
        session = directory.sessions[key]
        member = session.member_of(before.xuid)
        if member is not None and session.member_of(after.xuid) is None:
            renamed = replace(member, xuid=after.xuid)
            directory = directory.with_session(session.without_member(member.index).with_member(renamed))
    return directory
