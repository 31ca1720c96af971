"""The recording policies: each does what its sentence in docs/recording.md says."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

import handlesfake
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cassettes.recording.finishing import Plan, begin
from handlesfake.cassettes.recording.journal_file import RecordingJournal
from handlesfake.cassettes.recording.merging import texts_of
from handlesfake.cassettes.scrubbing.findings import Findings
from handlesfake.mpsd.http.message import MPSD_HOST
from tests.cassettes.accounts import CREDENTIALS
from tests.cassettes.conftest import call
from tests.cassettes.service import Service
from tests.transports import by_requests


def ask(path: Path, service: Service, policy: str, *handles: str, run: str = "") -> list[int]:
    """Ask for ``handles`` while recording into ``path`` under ``policy``; the statuses."""
    with handlesfake.record(
        path, record=policy, credentials=CREDENTIALS, hosts=(service.authority,), run=run
    ) as mpsd:
        headers = mpsd.user("host").headers
        urls = [f"http://{service.authority}/handles/{handle}" for handle in handles]
        return [call(by_requests, "GET", url, headers, None)[0] for url in urls]


def held(path: Path) -> list[str]:
    """The handles that the cassette at ``path`` answers for, in order."""
    return [one.request.path.removeprefix("/handles/") for one in load_cassette(path).interactions]


@pytest.fixture
def path(service: Service, tmp_path: Path) -> Path:
    """A cassette that holds ``a`` and ``b``."""
    ask(tmp_path / "lobby.yaml", service, "once", "a", "b")
    service.requests.clear()
    return tmp_path / "lobby.yaml"


def test_none_never_asks_the_service(path: Path, service: Service) -> None:
    """What the cassette does not hold is an error, and so is a missing cassette."""
    with pytest.raises(handlesfake.NotRecorded):
        ask(path, service, "none", "a", "c")
    with pytest.raises(handlesfake.NoCassette):
        ask(path.with_name("other.yaml"), service, "none", "a")

    assert [] == service.requests


def test_once_records_where_there_is_nothing(path: Path, service: Service) -> None:
    """An existing cassette is replayed as under none; the fixture shows that a missing one is recorded."""
    assert [404, 404] == ask(path, service, "once", "a", "b")
    with pytest.raises(handlesfake.NotRecorded):
        ask(path, service, "once", "c")
    assert [] == service.requests


def test_under_once_all_tests_of_a_run_record_into_a_new_cassette(service: Service, tmp_path: Path) -> None:
    """The second test of the run that began the cassette records behind the first; the next run replays both."""
    path = tmp_path / "lobby.yaml"
    for handle in ("a", "b"):
        ask(path, service, "once", handle, run="first")
    ask(path, service, "once", "a", "b", run="second")

    assert ["a", "b"] == held(path)
    assert 2 == len(service.requests)


def test_new_episodes_replays_what_is_there_and_records_the_rest(path: Path, service: Service) -> None:
    """The rest is put behind it."""
    assert [404, 404, 404] == ask(path, service, "new_episodes", "b", "c", "a")
    assert ["/handles/c"] == [request.path for request in service.requests]
    assert ["a", "b", "c"] == held(path)


def test_new_episodes_knows_real_accounts_by_their_pseudonyms(service: Service, tmp_path: Path) -> None:
    """A xuid in a request is looked for under its pseudonym, and comes back as itself."""
    path = tmp_path / "lobby.yaml"

    def show(policy: str) -> bytes:
        with handlesfake.record(path, record=policy, credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
            host, lobby = mpsd.user("host"), mpsd.session("lobby-1")
            me = {"constants": {"system": {"xuid": host.xuid, "initialize": True}}}
            url = f"http://{service.authority}{lobby.path}"
            return call(by_requests, "PUT", url, host.headers, {"members": {"me": me}})[2]

    assert CREDENTIALS["host"]["xuid"].encode() in show("once")
    assert CREDENTIALS["host"]["xuid"].encode() in show("new_episodes")
    assert 1 == len(service.requests)


def test_what_is_recorded_behind_a_cassette_is_of_its_sessions(service: Service, tmp_path: Path) -> None:
    """The lobby's name is new in each run: what is recorded later has the cassette's own, and all of it replays."""
    path = tmp_path / "lobby.yaml"

    def night(mpsd: handlesfake.Double, base: str, world: str) -> list[int]:
        lobby, headers = mpsd.session(str(uuid4())), mpsd.user("host").headers
        active = {"properties": {"system": {"active": True}}}
        sent = [
            ("PUT", lobby.path, {"members": {"me": active}, "properties": {"custom": {"world": world}}}),
            ("POST", "/handles", {"version": 1, "type": "activity", "sessionRef": lobby.ref}),
            ("GET", lobby.path, None),
        ]
        return [call(by_requests, method, base + target, headers, body)[0] for method, target, body in sent]

    statuses = []
    for world in ("garden", "cellar"):
        with handlesfake.record(
            path, record="new_episodes", credentials=CREDENTIALS, hosts=(service.authority,)
        ) as mpsd:
            statuses.append(night(mpsd, f"http://{service.authority}", world))
    for world in ("garden", "cellar"):
        with handlesfake.replay(path) as mpsd:
            statuses.append(night(mpsd, f"https://{MPSD_HOST}", world))

    assert [[201, 201, 200]] * 4 == statuses
    assert 4 == len(service.requests)


def test_all_asks_for_everything_and_renews_what_was_asked(path: Path, service: Service) -> None:
    """An interaction that is recorded again replaces the old one; what was not asked for stays."""
    old = path.read_text()
    ask(path, service, "all", "b", "c")

    assert ["/handles/b", "/handles/c"] == [request.path for request in service.requests]
    assert ["a", "b", "c"] == held(path)
    assert old.split("- request:")[1] == path.read_text().split("- request:")[1]


def test_rewrite_keeps_nothing_of_before(path: Path, service: Service) -> None:
    """The cassette holds what this run has recorded, of all its tests, and nothing else."""
    ask(path, service, "rewrite", "b", run="again")
    ask(path, service, "rewrite", "c", run="again")

    assert ["/handles/b", "/handles/c"] == [request.path for request in service.requests]
    assert ["b", "c"] == held(path)


def test_rewrite_keeps_nothing_of_before_when_a_worker_has_crashed(path: Path, service: Service) -> None:
    """The journal of the crashed worker goes into the cassette, and what was there before the run still goes."""
    ask(path.with_name("crashed.yaml"), service, "once", "x")
    (text,) = texts_of(load_cassette(path.with_name("crashed.yaml")))
    begin(Plan(path, "rewrite", "again"))
    journal = RecordingJournal(path, {})
    journal.write(text, "get_handle", 200, Findings(), 1)
    journal.close(discard=False)
    ask(path, service, "rewrite", "c", run="again")

    assert ["x", "c"] == held(path)
