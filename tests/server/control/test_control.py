"""The control interface, only by HTTP: what there is, users, and where it is."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

from handlesfake.double.double import core_of
from tests.server.lobby import activity, arranged, invite
from tests.server.servers import call, connected, controlled, process

# ---- what there is


def test_health_counts_what_there_is() -> None:
    """GET of the root tells version, mode, switches and counts, and is in no journal."""
    with controlled(strict=True) as remote:
        arranged(remote)
        found = remote.ask("GET", "").json

    assert ["fake", True, "observed", 2, 1, 0, 0] == [
        found[word] for word in ("mode", "strict", "dialect", "users", "sessions", "handles", "requests")
    ]


def test_a_users_token_is_asked_for_by_role() -> None:
    """The role gives xuid and headers that the service takes; the same role is the same user."""
    with controlled(strict=True) as remote:
        host, _ = arranged(remote)
        again = remote.ask("GET", "/users/host").json
        status = remote.post(host, activity()).status

    assert "9000000000000001" == host["xuid"]
    assert host == again
    assert 201 == status


def test_a_role_may_be_called_anything() -> None:
    """What an address cannot hold is written with percent signs, a slash too."""
    with controlled() as remote:
        made = [remote.ask("POST", "/users", {"role": role}).json["xuid"] for role in ("a/b", "J\xfcrgen")]
        found = [remote.ask("GET", f"/users/{path}").json["xuid"] for path in ("a%2Fb", "J%C3%BCrgen")]

    assert made == found


def test_an_expired_token_is_401_and_a_renewed_one_is_not() -> None:
    """Expire and renew act on the tokens so far."""
    with controlled() as remote:
        host, _ = arranged(remote)
        remote.ask("POST", "/users/host/expire")
        expired = remote.post(host, activity()).status
        renewed = remote.post(remote.ask("POST", "/users/host/renew").json, activity()).status

    assert [401, 201] == [expired, renewed]


def test_people_are_named_by_role() -> None:
    """Followed users are named by role, and the service knows them."""
    with controlled() as remote:
        arranged(remote)
        remote.ask("POST", "/users", {"role": "host", "follows": ["guest"]})

        assert {"9000000000000002"} == set(core_of(remote.mpsd).world.users("9000000000000001").follows)


def test_a_service_acts_for_its_players() -> None:
    """The headers of the title's service name the users that it acts for."""
    with controlled() as remote:
        _, guest = arranged(remote)
        service = remote.ask("POST", "/service", {"users": ["host"]}).json
        status = remote.post(service, invite(guest["xuid"])).status

    assert 201 == status


def test_an_expired_token_of_a_service_is_401_and_a_renewed_one_is_not() -> None:
    """Expire and renew act on the tokens of the service so far, those of the test's own included."""
    with controlled(strict=True) as remote:
        _, guest = arranged(remote)
        made = remote.ask("POST", "/service", {"authorization": "XBL3.0 x=-;service-1", "users": ["host"]}).json
        before = remote.post(made, invite(guest["xuid"])).status
        expired = remote.ask("POST", "/service/expire")
        during = remote.post(made, invite(guest["xuid"])).status
        renewed = remote.ask("POST", "/service/renew").json
        headers = remote.ask("POST", "/service", {"users": ["host"]}).json
        after = remote.post(headers, invite(guest["xuid"])).status

    assert (204, "") == (expired.status, expired.text)
    assert [201, 401, 201] == [before, during, after]
    assert made["authorization"] != renewed["authorization"] == headers["authorization"]


def test_the_nearest_title_of_a_service_is_named() -> None:
    """Expiring a missing service makes none, and names the existing ones."""
    with controlled() as remote:
        remote.ask("POST", "/service", {"title_id": "1234567890"})
        answers = [remote.ask("POST", f"/service/{what}", {"title_id": "1234567891"}) for what in ("expire", "renew")]
        titles = core_of(remote.mpsd).world.service_titles

    assert [422, 422] == [answer.status for answer in answers]
    assert answers[0].text.startswith("no service has the title '1234567891' here; did you mean '1234567890'?\n")
    assert ("1234567890",) == titles


def test_a_user_whose_token_has_no_title_claim() -> None:
    """An empty title arranges it, and MPSD answers 403 (contract 19.2)."""
    with controlled() as remote:
        host = remote.ask("POST", "/users", {"role": "host", "title_id": ""}).json
        answer = remote.post(host, activity())

    assert "" == host["title_id"]
    assert (403, "The service configuration cannot be accessed by a token without a title.\r\n") == (
        answer.status,
        answer.text,
    )


# ---- where it is


def test_under_tls_it_speaks_plain_http_on_loopback(tmp_path: Path) -> None:
    """No call of it needs a CA: ready line and ready file say where; the service knows nothing of it."""
    ready = tmp_path / "ready.json"
    with process("--json", "--tls", str(tmp_path / "tls"), "--ready-file", str(ready)) as server:
        control = server.ready["control"]
        with connected(control) as connection:
            health = call(connection, "GET", "/_handlesfake").json
            elsewhere = call(connection, "GET", "/handles")
        with connected(server.ready["url"], server.ready["ca"]) as connection:
            status = call(connection, "GET", "/_handlesfake").status

        assert server.ready == json.loads(ready.read_text())

    assert control.startswith("http://127.0.0.1:")
    assert ["fake", 404, 404] == [health["mode"], elsewhere.status, status]
    assert f"There is only the control interface here: {control}\r\n" == elsewhere.text


def test_it_stays_on_loopback_unless_told(tmp_path: Path) -> None:
    """A service that others reach has its control interface on loopback; elsewhere it says so."""
    with process("--json", "--host", "0.0.0.0") as server:
        inside, service = server.ready["control"], server.ready["url"]
        of_service = server.stop(signal.SIGTERM)[2]
    with process("--json", "--control", "0.0.0.0:0") as server:
        control = server.ready["control"]
        of_control = server.stop(signal.SIGTERM)[2]

    assert inside.startswith("http://127.0.0.1:")
    assert re.fullmatch(r"http://0\.0\.0\.0:[1-9]\d*", service)
    assert re.fullmatch(r"http://0\.0\.0\.0:[1-9]\d*/_handlesfake", control)
    assert [
        f"handlesfake: other machines may reach the service: it listens on {service}\n",
        f"handlesfake: a client that reaches {control} may read and change everything here\n",
    ] == [of_service, of_control]
