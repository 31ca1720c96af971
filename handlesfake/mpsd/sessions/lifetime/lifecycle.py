"""What goes with a member that is no longer active, and what goes with a session that ends."""

from __future__ import annotations

from collections.abc import Iterator

from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.handle import Handle
from handlesfake.mpsd.state.initialization import configured, stage_timeout
from handlesfake.mpsd.state.maps import with_item
from handlesfake.mpsd.state.session import Member, Session, SessionRef
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from handlesfake.values.values import replace

_TICKS_PER_MILLISECOND = TICKS_PER_SECOND // 1000
_TIMEOUTS = {
    "reserved": "reservedRemovalTimeout",
    "ready": "readyRemovalTimeout",
    "inactive": "inactiveRemovalTimeout",
}
EMPTY_TIMEOUT = "sessionEmptyTimeout"


def store_session(directory: Directory, before: Session | None, after: Session, now: int) -> Directory:
    """The directory with ``after`` instead of ``before``, and without what that takes away.

    A member that left or is no longer active loses the activity that is bound to it. A session without members ends
    when its empty timeout has passed, at once where that is 0 (contract 8.5).
    """
    if before is not None:
        for member in _no_longer_active(before, after):
            directory = without_activity(directory, member.xuid, after)
    if after.members:
        return _scheduled(directory, replace(after, empty_since=None))
    if after.system.get(EMPTY_TIMEOUT, 0) == 0:
        return ended(directory, after)
    since = after.empty_since if after.empty_since is not None else now
    return _scheduled(directory, replace(after, empty_since=since))


def without_assumed(directory: Directory) -> Directory:
    """The directory once a client creates a session: the assumptions until then are gone."""
    if directory.sessions_created:
        return directory
    for session in directory.sessions.values():
        directory = ended(directory, session)
    return replace(directory, sessions_created=True)


def missing(directory: Directory, ref: SessionRef) -> Directory:
    """The directory once a client was told that there is no session at ``ref``, or that it was not made.

    What was taken for granted of it until then is gone, and is not taken for granted again.
    """
    if directory.sessions_created or ref.key in directory.missing:
        return directory
    session = directory.session(ref)
    if session is not None:
        directory = ended(directory, session)
    return replace(directory, missing=directory.missing | {ref.key})


def ended(directory: Directory, session: Session) -> Directory:
    """Less ``session`` and its activity, search and transfer handles; invites stay until they expire (U70)."""
    for handle in _handles_to(directory, session):
        if handle.type != "invite":
            directory = directory.without_handle(handle)
    correlations = with_item(directory.correlations, session.ref.key, session.correlation_id)
    directory = replace(directory, correlations=correlations)
    return directory.without_session(session) if session.ref.key in directory.sessions else directory


def without_activity(directory: Directory, xuid: str, session: Session) -> Directory:
    """Less the activity of ``xuid`` in ``session``, when there is one."""
    key = session.ref.key
    for place in ((xuid, key[0]), (xuid, *key)):
        handle = directory.activity_at(place)
        if handle is not None and handle.session_ref.key == key:
            directory = directory.without_handle(handle)
    return directory


# ---- what is due, and when


def next_timer(session: Session) -> int | None:
    """The ticks of the session's next timer; None when none runs."""
    dues = [member_due(session, member) for member in session.members.values()]
    dues += [empty_due(session), stage_due(session)]
    return min((due for due in dues if due is not None), default=None)


def member_due(session: Session, member: Member) -> int | None:
    """The ticks at which the member's status runs out; None for an active member and for an infinite timeout.

    While a member is being initialized, the timeouts of the stages replace those for reserved and ready (documented).
    """
    name = _TIMEOUTS.get(member.status)
    if name is None or (member.episode and member.status != "inactive"):
        return None
    timeout = session.system.get(name)
    return None if timeout is None else member.since + timeout * _TICKS_PER_MILLISECOND


def empty_due(session: Session) -> int | None:
    """The ticks at which a session without members ends; None while it has some, or where it may stay."""
    timeout = session.system.get(EMPTY_TIMEOUT, 0)
    if session.empty_since is None or timeout is None:
        return None
    return session.empty_since + int(timeout) * _TICKS_PER_MILLISECOND


def stage_due(session: Session) -> int | None:
    """The ticks at which the stage of initialization has lasted too long; None where there is no stage under way."""
    run = session.initialization
    if run is None or not configured(session.system):
        return None
    timeout = stage_timeout(session.system, run.stage)
    return None if timeout is None else run.since + timeout * _TICKS_PER_MILLISECOND


def _scheduled(directory: Directory, session: Session) -> Directory:
    """With ``session`` stored, and in the index of timers no later than its next one.

    An entry that has become too early stays: it is looked at once and put in again.
    """
    due = next_timer(session)
    if due is None or (session.scheduled is not None and session.scheduled <= due):
        return directory.with_session(session)
    directory = directory.with_session(replace(session, scheduled=due))
    return replace(directory, due=directory.due.plus(due, session.ref.key))


def _no_longer_active(before: Session, after: Session) -> Iterator[Member]:
    if before.members is after.members:
        return
    for index, member in before.members.items():
        now = after.members.get(index)
        if member.active and (now is None or not now.active):
            yield member


def _handles_to(directory: Directory, session: Session) -> list[Handle]:
    return [directory.handles[handle_id] for handle_id in directory.handles_of.get(session.ref.key, ())]
