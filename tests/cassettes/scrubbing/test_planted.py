"""Nothing leaks of values by an author who has not read the scrubber, and each person stays one person."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest

import handlesfake
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.mpsd.http.message import MPSD_HOST
from tests.cassettes.scrubbing.planted import CREDENTIALS, HOST, MPSD
from tests.cassettes.scrubbing.planted_secrets import Exchange, Planted
from tests.cassettes.scrubbing.planted_sign_in import KNOWN, SIGN_IN
from tests.cassettes.scrubbing.planted_unnamed import UNKNOWN, UNNAMED
from tests.cassettes.scrubbing.secret_search import answering, leaks, sent
from tests.transports import CLIENTS, Client, by_requests

PLANTED = [*KNOWN, *UNKNOWN]
SECRET = Planted("token", "anywhere", "a-secret_of.the/caller+that=is+long/enough-to-be-cut")


def evening(path: Path, send: Client, during: Callable[[], object] = lambda: None) -> object:
    """Record all traffic in places that the contract names; what ``during`` says before the recording stops."""
    with (
        answering(MPSD) as mpsd,
        answering(SIGN_IN) as sign_in,
        handlesfake.record(path, credentials=CREDENTIALS, hosts=(mpsd.authority,), record_hosts=(sign_in.authority,)),
    ):
        sent(MPSD, send, mpsd.authority)
        sent(SIGN_IN, send, sign_in.authority)
        return during()


def unnamed(path: Path, exchange: Exchange) -> None:
    """Record one exchange; that it is refused is as good."""
    with (
        answering([exchange]) as mpsd,
        suppress(handlesfake.CassetteError),
        handlesfake.record(path, credentials=CREDENTIALS, hosts=(mpsd.authority,)),
    ):
        sent([exchange], by_requests, mpsd.authority)


def places(found: list[Planted]) -> list[str]:
    """What to say of leaks."""
    return [f"{one.kind}: {one.place}" for one in found]


def test_enough_is_planted(tmp_path: Path) -> None:
    """More than sixty different things are planted, each in one place, and each is in the traffic for the search."""
    for number, one in enumerate([*MPSD, *SIGN_IN, *UNNAMED.values()]):
        (tmp_path / f"{number}.txt").write_text(f"{one.target}\n{one.sent}\n{one.came}")
        (tmp_path / f"{number}.sent").write_bytes(one.body)
        (tmp_path / f"{number}.came").write_bytes(one.answer)

    assert PLANTED == leaks(tmp_path, PLANTED)
    assert len(PLANTED) == len({one.value for one in PLANTED}) == len({one.kind + one.place for one in PLANTED})
    assert len(PLANTED) > 60


@pytest.mark.parametrize(
    "written",
    [
        SECRET.value.encode(),
        base64.b64encode(f"before {SECRET.value} after".encode()),
        base64.urlsafe_b64encode(SECRET.value.encode()).rstrip(b"="),
        quote(SECRET.value, safe="").encode(),
        quote(quote(SECRET.value, safe="")).encode(),
        gzip.compress(SECRET.value.encode(), mtime=0),
        b"body: !!binary |\n  " + base64.b64encode(gzip.compress(SECRET.value.encode(), mtime=0)),
        SECRET.value.encode("utf-16"),
        SECRET.value.encode().hex().encode(),
        "".join(f"\\u{ord(letter):04x}" for letter in SECRET.value).encode(),
        json.dumps({"text": json.dumps({"a": json.dumps({"b": f'"{SECRET.value}"'})})}).encode(),
        f'a: "{SECRET.value[:30]}\\\n  {SECRET.value[30:]}"'.encode(),
        SECRET.value[15:].encode(),
    ],
)
def test_the_search_finds_it(written: bytes, tmp_path: Path) -> None:
    """The search is worth something: what is there it finds, however it is written, or half of it."""
    (tmp_path / "file").write_bytes(b"key: value\n" + written if written.startswith(b"a:") else written)

    assert [SECRET] == leaks(tmp_path, [SECRET])


def test_the_search_finds_nothing_else(tmp_path: Path) -> None:
    """A file without it has no leak."""
    (tmp_path / "file").write_text(SECRET.value[::-1])

    assert [] == leaks(tmp_path, [SECRET])


@pytest.mark.parametrize("name", ["requests", "httpx"])
def test_nothing_planted_is_in_any_file(name: str, tmp_path: Path) -> None:
    """Of what the contract names, nothing is in a file: neither while the recording runs nor when it has stopped."""
    during = evening(tmp_path / "evening.yaml", CLIENTS[name], lambda: (_names(tmp_path), leaks(tmp_path, PLANTED)))

    assert isinstance(during, tuple)
    assert [] == places(during[1])
    assert any(name.endswith(".journal") for name in during[0])
    assert [] == places(leaks(tmp_path, PLANTED))
    assert ["evening.yaml"] == _names(tmp_path)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


@pytest.mark.parametrize("place", UNNAMED)
def test_what_nobody_has_named_is_not_kept(place: str, tmp_path: Path) -> None:
    """A secret in a place that no list has is in no file: it is removed, or withheld and the cassette refused."""
    unnamed(tmp_path / "unnamed.yaml", UNNAMED[place])

    assert [] == places(leaks(tmp_path, PLANTED))
    assert [] != _names(tmp_path)


def test_people_stay_who_they_are(tmp_path: Path) -> None:
    """One person has one made-up xuid in paths, queries, bodies, keys, claims and headers; two people have two."""
    evening(tmp_path / "evening.yaml", by_requests)
    tape = load_cassette(tmp_path / "evening.yaml")
    requests = [one.request for one in tape.interactions]
    bodies = [one.response.body.decode() for one in tape.interactions]
    invite, query, profile = json.loads(bodies[1]), json.loads(bodies[2]), json.loads(bodies[11])
    session, batch = json.loads(bodies[0]), json.loads(requests[4].body)
    host, friend = "9000000000000001", json.loads(requests[1].body)["invitedXuid"]

    assert [host] == list(tape.roles.values())
    assert [host] * 4 == [
        invite["senderXuid"],
        session["members"]["0"]["constants"]["system"]["xuid"],
        json.loads(bodies[10])["DisplayClaims"]["xui"][0]["xid"],
        requests[0].headers.every("X-XBL-OnBehalfOf-Users")[0].split(",")[1],
    ]
    assert [friend] * 5 == [
        query["results"][0]["ownerXuid"],
        *re.findall(r"xuid=(\d+)", requests[2].target + requests[3].target),
        profile["profileUsers"][0]["id"],
        *session["properties"]["custom"]["nonces"],
    ]
    assert [host, friend, query["results"][1]["ownerXuid"]] == batch["xuids"]
    assert 3 == len(set(batch["xuids"]))
    assert all(int(xuid) not in range(9 * 2**48, 9 * 10**15) for xuid in batch["xuids"])


def test_names_and_devices_stay_what_they_are(tmp_path: Path) -> None:
    """One gamertag, device token and address each have one made-up value wherever they occur."""
    evening(tmp_path / "evening.yaml", by_requests)
    bodies = [one.response.body.decode() for one in load_cassette(tmp_path / "evening.yaml").interactions]
    session, invite = json.loads(bodies[0]), json.loads(bodies[1])
    claims = json.loads(bodies[10])["DisplayClaims"]["xui"][0]
    member, system = session["members"]["0"], session["properties"]["system"]
    address = session["properties"]["custom"]["HostIpAddress"]

    assert {member["gamertag"]} == {invite["gamertag"], invite["sender"], claims["gtg"], claims["mgt"], claims["umg"]}
    assert invite["senderUniqueModernGamertag"].startswith(invite["senderModernGamertag"] + "#")
    assert [member["deviceToken"]] == list(member["properties"]["system"]["measurements"])
    assert [member["deviceToken"]] * 2 == [system["host"], system["hostCandidates"][0]]
    assert f"({member['gamertag']}) at {address}:3074" in bodies[5]


def test_a_cassette_of_planted_traffic_plays(tmp_path: Path) -> None:
    """What was recorded of the role plays back to the role, whose xuid is another now."""
    evening(tmp_path / "evening.yaml", by_requests)
    with handlesfake.replay(tmp_path / "evening.yaml") as mpsd:
        headers = list(mpsd.user("host").headers.items())
        status, _, body = by_requests("GET", f"https://{MPSD_HOST}{MPSD[6].target}", headers, b"")

    assert 200 == status
    assert HOST not in body.decode()
    assert ["0"] == list(json.loads(body)["members"])
