"""The table of services: each is a row, and no other module names any of them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import handlesfake
from handlesfake.mpsd.http.message import MPSD_HOST, Request
from handlesfake.services.table import (
    MPA,
    MPSD,
    OTHERS,
    SERVICES,
    SIGN_IN,
    host_of,
    operation_names,
    operations,
    operations_called,
    refusals,
    route_of,
    service_of,
    service_of_operation,
)

PACKAGE = Path(handlesfake.__file__).parent
OWN_ROOMS = (PACKAGE / "mpa", PACKAGE / "sign_in", PACKAGE / "services")


def test_the_rows() -> None:
    """MPSD is the first, and always played."""
    assert {"mpsd": MPSD, "mpa": MPA, "sign_in": SIGN_IN} == dict(SERVICES)
    assert {"mpa": MPA, "sign_in": SIGN_IN} == dict(OTHERS)


@pytest.mark.parametrize(
    ("host", "service"),
    [
        (MPSD_HOST, MPSD),
        ("mpsd.test", MPSD),
        ("multiplayeractivity.xboxlive.com", MPA),
        ("user.auth.xboxlive.com", SIGN_IN),
    ],
)
def test_whose_a_request_is(host: str, service: object) -> None:
    """The host says it; one that no row has is MPSD's, as a test may call that what it likes."""
    assert service is service_of(Request("GET", "/", host=host))


def test_a_host_in_its_one_form() -> None:
    """Case and a last dot make no difference; a service with several hosts is told which one it was."""
    assert "xsts.auth.xboxlive.com" == host_of("XSTS.auth.xboxlive.com")
    assert "multiplayeractivity.xboxlive.com" == host_of("MultiplayerActivity.XboxLive.com.")
    assert MPSD_HOST == host_of("mpsd.test")


def test_where_a_request_leads() -> None:
    """The same target leads elsewhere in another service."""
    invite = ("POST", "/titles/1/invites")

    assert "send_invites" == route_of(Request(*invite, host=MPA.hosts[0])).name
    assert "unrouted" == route_of(Request(*invite)).name


def test_what_there_is_in_all_of_them() -> None:
    """Operations and refusals of every service; no name of an operation is in two."""
    services_of = Counter(name for one in SERVICES.values() for name in {each.name for each in one.operations()})

    assert {1} == set(services_of.values())
    assert set(operation_names()) == set(services_of)
    assert {"throttled", "session_full", "stale_sequence"} <= set(refusals())
    assert {one.name for one in operations()} == set(operation_names())
    assert ["PUT"] == [one.method for one in operations_called("set_activity")]
    assert [] == operations_called("fly")
    assert [MPA, MPSD, MPSD] == [*map(service_of_operation, ("send_invites", "create_handle", "fly"))]


def test_nobody_else_knows_a_service_by_name() -> None:
    """What is special about a service is in its row and its room."""
    names = "|".join(OTHERS)
    hosts = "|".join(re.escape(host) for service in OTHERS.values() for host in service.hosts)
    special = re.compile(rf"[\"']({names})[\"']|{hosts}|handlesfake\.({names})\b|services\.({names})\b")
    found = [
        f"{path.relative_to(PACKAGE)}: {line.strip()}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if not any(room in path.parents for room in OWN_ROOMS)
        for line in path.read_text(encoding="utf-8").splitlines()
        if special.search(line)
    ]

    assert [] == found
