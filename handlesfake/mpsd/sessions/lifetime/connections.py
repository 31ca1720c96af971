"""Connections of the push channel: issued, lost, noticed, and what a lost one takes with it (contract 19.1)."""

from __future__ import annotations

from collections.abc import Callable, Collection

from handlesfake.mpsd.sessions.lifetime.lifecycle import store_session
from handlesfake.mpsd.state.connection import BROKEN, Connection
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.session import Member, Session
from handlesfake.values.values import replace

NewId = Callable[[], str]


def issued(directory: Directory, connection_id: str, xuid: str) -> Directory:
    """With an open connection of ``xuid``."""
    return replace(directory, connections=directory.connections.plus(Connection(connection_id.lower(), xuid)))


def muted(directory: Directory, who: str) -> Directory:
    """With the connections that ``who`` names open, and nothing pushed over them.

    :param who: a connection's id, or a xuid for all of that user.
    """
    connections = directory.connections
    for connection_id, xuid in _meant(directory, who.lower()).items():
        if connection_id == xuid:
            continue  # what its members without a connection have lost
        known = connections.known.get(connection_id) or Connection(connection_id, xuid)
        connections = connections.plus(replace(known, is_muted=True))
    return replace(directory, connections=connections)


def lost(directory: Directory, who: str, noticed: int, code: int = BROKEN) -> Directory:
    """With the connections that ``who`` names gone, which the service notices at the ticks ``noticed``.

    Until then nothing changes for anybody; a member that writes its session with another connection stays active.

    :param who: a connection's id, or a xuid: all of that user, and what makes its members active without one.
    :param code: the WebSocket close code.
    """
    wanted, connections = who.lower(), directory.connections
    found = _meant(directory, wanted)
    members = (member for one in directory.sessions.values() if (member := one.member_of(wanted)) is not None)
    if any(member.active and _stands_on(directory, member, {wanted}) for member in members):
        found[wanted] = wanted  # what makes a member active without a connection is lost under its xuid
    for connection_id, xuid in found.items():
        known = connections.known.get(connection_id) or Connection(connection_id, xuid)
        due = (
            noticed if known.lost is None else min(known.lost, noticed)
        )  # one that is lost already is not lost later
        connections = connections.plus(replace(known, lost=due, code=code))
    return replace(directory, connections=connections)


def drop_connection(directory: Directory, who: str, now: int, new_id: NewId, code: int = BROKEN) -> Directory:
    """With the connections that ``who`` names closed, as the service knows: members active by them are inactive.

    :param who: a connection's id, or a xuid: all of that user, and what makes its members active without one.
    :param code: the WebSocket close code.
    """
    wanted = who.lower()
    meant = _meant(directory, wanted)
    after = _without(directory, {*meant, wanted}, now, new_id)
    connections = after.connections
    for connection_id in meant:
        if not connections.is_closed(connection_id):
            connections = connections.minus(connection_id, code)
    return after if connections is after.connections else replace(after, connections=connections)


def noticed(directory: Directory, now: int, new_id: NewId) -> Directory:
    """The directory once the service has noticed the connections whose time has come; the very same without any."""
    gone = directory.connections.reached(now)
    if not gone:
        return directory
    after = _without(directory, set(gone), now, new_id)
    connections = after.connections
    for connection_id in gone:
        connections = connections.minus(connection_id)
    return replace(after, connections=connections)


def connection_of(member: Member) -> str:
    """The id of the connection that makes ``member`` active, in lower case; empty without one."""
    return str(member.properties["system"].get("connection", "")).lower()


def inactive(member: Member, now: int) -> Member:
    """``member`` as it is from ``now`` on when it is active no longer; its connection goes with that."""
    system = {name: value for name, value in member.properties["system"].items() if name != "connection"}
    return replace(member, status="inactive", since=now, properties={**member.properties, "system": system})


def _meant(directory: Directory, wanted: str) -> dict[str, str]:
    """The ids of the connections that ``wanted`` names, an id or a xuid, each with its user."""
    known = directory.connections.known
    owners = [m.xuid for one in directory.sessions.values() for m in one.in_order() if connection_of(m) == wanted]
    is_known = wanted in known and known[wanted].xuid != wanted  # else it is what a xuid has lost
    if is_known or owners or not wanted.isdigit():
        return {wanted: known[wanted].xuid if wanted in known else next(iter(owners), "")}
    found = {one.id: wanted for one in directory.connections.of(wanted)}
    for session in directory.sessions.values():
        member = session.member_of(wanted)
        connection_id = connection_of(member) if member is not None else ""
        # a sub-account may name the connection of another: that one is not its own to lose
        if connection_id and (connection_id not in known or known[connection_id].xuid == wanted):
            found[connection_id] = wanted
    return found


def _without(directory: Directory, wanted: Collection[str], now: int, new_id: NewId) -> Directory:
    """With each member inactive that is active by one of ``wanted``, ids and xuids.

    Losing a connection is not a request of a client: here a look at every session is good enough.
    """
    for session in list(directory.sessions.values()):
        after: Session = session
        for member in session.in_order():
            if member.active and _stands_on(directory, member, wanted):
                after = after.with_member(inactive(member, now))
        if after is not session:
            directory = store_session(directory, session, after.bumped(new_id()), now)
    return directory


def _stands_on(directory: Directory, member: Member, wanted: Collection[str]) -> bool:
    connection_id = connection_of(member)
    if connection_id in wanted:
        return True
    if member.xuid not in wanted:
        return False
    owner = directory.connections.known.get(connection_id)
    return not connection_id or (owner is not None and owner.xuid != member.xuid)
