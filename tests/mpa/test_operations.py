"""The operations of MPA as a table, and how a request finds its row."""

from __future__ import annotations

import pytest

from handlesfake.mpa.operations import BY_A_CLIENT, BY_A_SERVICE, OPERATIONS, route
from handlesfake.mpa.service import OPERATE
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.operations import OPERATIONS as OF_MPSD


@pytest.mark.parametrize(
    ("method", "target", "name", "parameters"),
    [
        ("PUT", "/titles/1/users/2/activities", "set_activity", {"titleId": "1", "xuid": "2"}),
        ("GET", "/Titles/1/Users/2/Activities?x=1", "get_activity", {"titleId": "1", "xuid": "2"}),
        ("DELETE", "/titles/1/users/2/activities", "delete_activity", {"titleId": "1", "xuid": "2"}),
        ("POST", "/titles/1/activities/query", "query_activities", {"titleId": "1"}),
        ("POST", "/titles/1/invites", "send_invites", {"titleId": "1"}),
        ("POST", "/titles/1/invites/server", "send_server_invites", {"titleId": "1"}),
        ("POST", "/titles/1/recentplayers", "update_recent_players", {"titleId": "1"}),
        ("POST", "/titles/1/recentplayers/server", "update_server_recent_players", {"titleId": "1"}),
        ("POST", "/titles/1/recentplayergroups/server", "update_recent_player_groups", {"titleId": "1"}),
        ("POST", "/activities/query/dashboard", "unrouted", {}),
        ("POST", "/handles", "unrouted", {}),
    ],
)
def test_route(method: str, target: str, name: str, parameters: dict[str, str]) -> None:
    """A method and a target lead to an operation and the variable parts of its address (contract 20.1)."""
    found = route(method, target)

    assert (name, parameters) == (found.name, dict(found.parameters))


def test_each_operation_is_performed() -> None:
    """The table of names and that of functions have the same nine."""
    assert [operation.name for operation in OPERATIONS] == [*OPERATE]
    assert 9 == len(OPERATE)
    assert {*OPERATE} > BY_A_CLIENT | BY_A_SERVICE


def test_no_name_is_one_of_mpsd() -> None:
    """A rule or a claim that names an operation names its service."""
    assert set() == {one.name for one in OPERATIONS} & {one.name for one in OF_MPSD}


def test_nothing_is_stronger_than_documented() -> None:
    """No capture of MPA is public (contract 20)."""
    assert {Evidence.DOCUMENTED} == {operation.evidence for operation in OPERATIONS}
