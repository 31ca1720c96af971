"""The stages of member initialization: joining, measuring, evaluating, and how each comes to its end."""

from __future__ import annotations

from collections.abc import Callable

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.sessions.lifetime import measurements
from handlesfake.mpsd.state.initialization import (
    FAILED,
    MEASURED_SERVERS,
    Initialization,
    configured,
    measures,
    measures_peers,
    setting,
)
from handlesfake.mpsd.state.session import Member, Session
from handlesfake.values.values import replace

_DECISION = "initializationSucceeded"


def advanced(before: Session | None, after: Session, now: int, choices: Choices) -> Session:
    """The session after a change, its new members in an episode, and every stage left behind that is over.

    :param before: the session before the change; None when it is being created.
    """
    if not configured(after.system):
        return after
    after = _decided(_hosted(_enlisted(before, after)), now)
    return _progressed(after, now, choices)


def timed_out(session: Session, now: int, choices: Choices) -> Session:
    """The session after its stage lasted too long (documented).

    Who has not joined is gone, who has not measured has failed, and no decision is a bad one.
    """
    run = _run(session)
    if run.stage == "joining":
        for member in _players(session):
            session = session if member.accepted else session.without_member(member.index)
    elif run.stage == "measuring":
        for member in _players(session):
            session = session if _has_measured(session, member) else _failing(session, member, "timeout")
        session = _measured(session, now, choices)
    elif run.stage == "evaluating":
        session = _ended(session, now, succeeded=False)
    return _progressed(session, now, choices)


# ---- into an episode


def _enlisted(before: Session | None, after: Session) -> Session:
    """With those who are new, and to be initialized, in the next episode; where one has failed there is no next."""
    known = before.members if before is not None else {}
    run = _run(after, 0 if before is None else 1)
    if after.members is known or run.stage == FAILED:
        return after
    for index, member in after.members.items():
        if index not in known and member.constants["system"].get("initialize") in (True, "true"):
            after = after.with_member(replace(member, episode=run.episode + 1))
    return after


def _progressed(session: Session, now: int, choices: Choices) -> Session:
    while True:
        step = _next_step(session)
        if step is None:
            return session
        session = step(session, now, choices)


_Step = Callable[[Session, int, Choices], Session]


def _next_step(session: Session) -> _Step | None:
    """What happens now, because the stage has all that it waited for."""
    stage, players = _run(session).stage, _players(session)
    if not stage and any(member.episode for member in session.members.values()):
        return _started
    if stage == "joining" and all(member.accepted for member in players):
        return _joined
    if stage == "measuring" and all(_has_measured(session, member) for member in players):
        return _measured
    return None


# ---- from stage to stage


def _started(session: Session, now: int, _choices: Choices) -> Session:
    episode = min(member.episode for member in session.members.values() if member.episode)
    return replace(session, initialization=replace(_run(session), stage="joining", since=now, episode=episode))


def _joined(session: Session, now: int, choices: Choices) -> Session:
    session = _with_groups(session)
    return _in_stage(session, "measuring", now) if measures(session.system) else _measured(session, now, choices)


def _measured(session: Session, now: int, choices: Choices) -> Session:
    external = setting(session.system, "externalEvaluation")
    if measures_peers(session.system) and not external and choices.qos_evaluation == "thresholds":
        for member in _players(session):
            reason = member.failure or measurements.measurement_failure(session, member)
            session = _failing(session, member, reason) if reason else session
    session = _with_groups(_with_candidates(session))
    if external:
        return _in_stage(session, "evaluating", now)
    passed = sum(not member.failure for member in _players(session))
    # how many are needed is said of the first episode alone (documented)
    enough = _run(session).episode > 1 or passed >= setting(session.system, "membersNeededToStart")
    return _ended(session, now, succeeded=enough)


def _decided(session: Session, now: int) -> Session:
    """With the title's decision taken: the stage is over at once, and the field is gone (documented)."""
    system = dict(session.properties["system"])
    if _DECISION not in system:
        return session
    succeeded = bool(system.pop(_DECISION))
    session = replace(session, properties={**session.properties, "system": system})
    return _ended(session, now, succeeded=succeeded)


def _ended(session: Session, now: int, *, succeeded: bool) -> Session:
    """With the episode over; when the first one fails, the session cannot be initialized (documented)."""
    run = _run(session)
    for member in _players(session):
        failure = member.failure or ("" if succeeded else "episode")
        session = session.with_member(replace(member, episode=0, failure=failure))
    if succeeded or run.episode > 1:
        return _in_stage(session, "", now)
    for member in session.in_order():  # members that waited for the next episode wait without success
        session = session.with_member(replace(member, episode=0)) if member.episode else session
    return _in_stage(session, FAILED, now)


# ---- who does not pass


def _with_groups(session: Session) -> Session:
    """A member that names a failed or missing member in ``initializationGroup`` fails too (documented)."""
    before = session
    for member in _players(session):
        group = member.properties["system"].get("initializationGroup") or ()
        named = [session.members.get(index) for index in group if type(index) is int]
        if not member.failure and any(other is None or other.failure for other in named):
            session = _failing(session, member, "group")
    return session if session is before else _with_groups(session)


def _with_candidates(session: Session) -> Session:
    """With who could be host: after the first measuring, where a host is required but not set (documented)."""
    run, system = _run(session), session.system
    if run.episode != 1 or not system.get("peerToHostRequirements") or session.properties["system"].get("host"):
        return session
    return replace(session, initialization=replace(run, candidates=measurements.host_candidates(session)))


def _hosted(session: Session) -> Session:
    """Once there is a host, no member is a candidate (documented)."""
    run = session.initialization
    if run is None or not run.candidates or not session.properties["system"].get("host"):
        return session
    return replace(session, initialization=replace(run, candidates=()))


def _has_measured(session: Session, member: Member) -> bool:
    """Whether nothing more is expected from ``member``; a single member has no other to measure (inferred)."""
    system, said = session.system, member.properties["system"]
    peers = not measures_peers(system) or "measurements" in said or session.accepted == 1
    servers = not system.get(MEASURED_SERVERS) or "serverMeasurements" in said
    return peers and servers


def _failing(session: Session, member: Member, reason: str) -> Session:
    return session.with_member(replace(member, failure=reason))


# ---- small ones


def _run(session: Session, episode: int = 0) -> Initialization:
    return session.initialization or Initialization(episode=episode)


def _players(session: Session) -> list[Member]:
    """The members of the episode that is under way, by index."""
    episode = _run(session).episode
    return [member for member in session.in_order() if member.episode and member.episode == episode]


def _in_stage(session: Session, stage: str, now: int) -> Session:
    return replace(session, initialization=replace(_run(session), stage=stage, since=now))
