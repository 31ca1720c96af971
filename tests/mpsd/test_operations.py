"""The operations of MPSD as a table, and how a request finds its row."""

from __future__ import annotations

import re

import pytest

from handlesfake.mpsd.operations import OPERATIONS, UNROUTED, Operation, route

SESSION = "/serviceconfigs/S/sessionTemplates/T/sessions/N"


@pytest.mark.parametrize(
    ("method", "target", "name", "parameters"),
    [
        ("POST", "/handles", "create_handle", {}),
        ("POST", "/handles?include=relatedInfo", "create_handle", {}),
        ("POST", "/HANDLES/Query", "query_handles", {}),
        ("GET", "/handles/A%2Fb", "get_handle", {"handle_id": "A/b"}),
        ("DELETE", "/handles/a", "delete_handle", {"handle_id": "a"}),
        ("GET", "/handles/a/session", "get_session_by_handle", {"handle_id": "a"}),
        ("PUT", "/handles/a/Session", "put_session_by_handle", {"handle_id": "a"}),
        ("GET", SESSION, "get_session", {"scid": "S", "template_name": "T", "name": "N"}),
        ("PUT", SESSION.lower(), "put_session", {"scid": "s", "template_name": "t", "name": "n"}),
        ("PUT", f"{SESSION}/properties", "put_session_properties", {"scid": "S", "template_name": "T", "name": "N"}),
        ("GET", f"{SESSION}/properties", "get_session_properties", {"scid": "S", "template_name": "T", "name": "N"}),
        (
            "GET",
            f"{SESSION}/members/0",
            "get_member",
            {"scid": "S", "template_name": "T", "name": "N", "member": "0"},
        ),
        (
            "GET",
            f"{SESSION}/Servers/X",
            "get_server",
            {"scid": "S", "template_name": "T", "name": "N", "server": "X"},
        ),
        (
            "DELETE",
            f"{SESSION}/members/me",
            "delete_member",
            {"scid": "S", "template_name": "T", "name": "N", "member": "me"},
        ),
        (
            "DELETE",
            f"{SESSION}/servers/x",
            "delete_server",
            {"scid": "S", "template_name": "T", "name": "N", "server": "x"},
        ),
        ("GET", "/serviceconfigs/S/sessions", "query_sessions", {"scid": "S"}),
        (
            "GET",
            "/serviceconfigs/S/sessionTemplates/T/sessions",
            "query_sessions",
            {"scid": "S", "template_name": "T"},
        ),
        ("POST", "/serviceconfigs/S/batch", "batch_query_sessions", {"scid": "S"}),
        (
            "POST",
            "/serviceconfigs/S/sessionTemplates/T/batch",
            "batch_query_sessions",
            {"scid": "S", "template_name": "T"},
        ),
        ("GET", "/serviceconfigs/S/sessionTemplates", "list_templates", {"scid": "S"}),
        ("GET", "/serviceconfigs/S/sessionTemplates/T", "get_template", {"scid": "S", "template_name": "T"}),
    ],
)
def test_requests_are_routed(method: str, target: str, name: str, parameters: dict[str, str]) -> None:
    """Literals compare without case; parameters keep theirs, escapes resolved."""
    found = route(method, target)

    assert (name, parameters) == (found.name, found.parameters)


@pytest.mark.parametrize(
    ("method", "target", "allow"),
    [
        ("GET", "/handles", ("POST",)),
        ("post", "/handles", ("POST",)),
        ("PUT", "/handles/a", ("GET", "DELETE")),
        ("GET", "/handles/query", ("POST",)),
        ("POST", "/handles/a/session", ("GET", "PUT")),
        ("PATCH", SESSION, ("GET", "PUT")),
        ("POST", "/", ()),
        ("POST", "/handles/", ()),
        ("GET", "/handles//session", ()),
        ("POST", "handles", ()),
    ],
)
def test_what_is_not_routed(method: str, target: str, allow: tuple[str, ...]) -> None:
    """A wrong verb gives the right ones; a wrong address gives none."""
    found = route(method, target)

    assert (UNROUTED, allow) == (found.name, found.allow)


def test_each_operation_is_routed_to() -> None:
    """No row of the table is shut out by another."""
    filled = [(each.method, re.sub(r"\{\w+\}", "x", each.template), each.name) for each in OPERATIONS]

    assert [name for _, _, name in filled] == [route(method, target).name for method, target, _ in filled]


def test_operations_that_only_read() -> None:
    """Every GET, and the two queries that are a POST: a replay may give their answers again."""
    by_post = {each.name for each in OPERATIONS if each.reads and each.method != "GET"}

    assert {"query_handles", "batch_query_sessions"} == by_post
    assert all(each.reads for each in OPERATIONS if each.method == "GET")


VERBS = {
    "GET": ("get", "list", "query"),
    "PUT": ("put",),
    "POST": ("create", "query", "batch"),
    "DELETE": ("delete",),
}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: f"{operation.name}-{operation.template}")
def test_a_name_says_what_the_request_does(operation: Operation) -> None:
    """Rules, journal and assertions speak these words: snake case, and a verb that goes with the method first."""
    verb, *rest = operation.name.split("_")

    assert rest
    assert verb in VERBS[operation.method]
    assert re.fullmatch("[a-z]+(_[a-z]+)+", operation.name)
