"""The operations of MPSD as a table: name, method, address, and what is known about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import unquote

from handlesfake.mpsd.evidence import Evidence
from handlesfake.values.values import frozen

UNROUTED = "unrouted"
"""The word for a request that MPSD has no address for."""


@frozen
class Operation:
    """One operation: what rules, journal, assertions and messages call it, and where clients send it."""

    name: str
    method: str
    template: str
    """The path, with ``{parameters}``; literal parts compare without case (contract 1.3)."""

    evidence: Evidence
    volatile: tuple[str, ...] = ()
    """Fields of the body, dotted, that a client makes up in every run; never a xuid."""

    body: tuple[str, ...] = ()
    """The fields of the body, by wire names."""

    open_body: bool = False
    """Whether the body may hold more than is listed in ``body``."""

    form: bool = False
    """Whether the body is a form instead of JSON."""

    anonymous: bool = False
    """Whether clients send it without ``Authorization``."""

    @property
    def reads(self) -> bool:
        """Whether it changes nothing: a GET, or a query by POST."""
        return self.method == "GET" or "query" in self.name.split("_")


_SESSION = "/serviceconfigs/{scid}/sessionTemplates/{template_name}/sessions/{name}"
_MEMBER = "members.me.properties.system"
_NEW_IN_EACH_RUN = (f"{_MEMBER}.connection", f"{_MEMBER}.subscription.id", f"{_MEMBER}.secureDeviceAddress")
_IN_HANDLE = (
    *("type", "version", "sessionRef", "id", "invitedXuid"),
    *("inviteAttributes", "searchAttributes", "originSessionRef"),
)
_IN_QUERY = ("type", "scid", "owners", "templateName", "global", "filter", "orderBy", "sessionMembers")
_IN_SESSION = ("constants", "properties", "members", "servers", "roleTypes")
_IN_PROPERTIES = ("system", "custom")
_IN_BATCH = ("xuids",)

OPERATIONS = (
    Operation("create_handle", "POST", "/handles", Evidence.CAPTURED, ("id", "sessionRef.name"), _IN_HANDLE),
    Operation("query_handles", "POST", "/handles/query", Evidence.CAPTURED, body=_IN_QUERY, open_body=True),
    Operation("get_handle", "GET", "/handles/{handle_id}", Evidence.DOCUMENTED),
    Operation("delete_handle", "DELETE", "/handles/{handle_id}", Evidence.DOCUMENTED),
    Operation("get_session_by_handle", "GET", "/handles/{handle_id}/session", Evidence.DOCUMENTED),
    Operation(
        "put_session_by_handle",
        "PUT",
        "/handles/{handle_id}/session",
        Evidence.CLIENT,
        _NEW_IN_EACH_RUN,
        _IN_SESSION,
    ),
    Operation("get_session", "GET", _SESSION, Evidence.CAPTURED),
    Operation("put_session", "PUT", _SESSION, Evidence.CAPTURED, _NEW_IN_EACH_RUN, _IN_SESSION),
    Operation("put_session_properties", "PUT", f"{_SESSION}/properties", Evidence.DOCUMENTED, body=_IN_PROPERTIES),
    Operation("get_session_properties", "GET", f"{_SESSION}/properties", Evidence.DOCUMENTED),
    Operation("get_member", "GET", f"{_SESSION}/members/{{member}}", Evidence.DOCUMENTED),
    Operation("delete_member", "DELETE", f"{_SESSION}/members/{{member}}", Evidence.DOCUMENTED),
    Operation("get_server", "GET", f"{_SESSION}/servers/{{server}}", Evidence.DOCUMENTED),
    Operation("delete_server", "DELETE", f"{_SESSION}/servers/{{server}}", Evidence.DOCUMENTED),
    Operation("query_sessions", "GET", "/serviceconfigs/{scid}/sessions", Evidence.CAPTURED),
    Operation(
        "query_sessions",
        "GET",
        "/serviceconfigs/{scid}/sessionTemplates/{template_name}/sessions",
        Evidence.CAPTURED,
    ),
    Operation("batch_query_sessions", "POST", "/serviceconfigs/{scid}/batch", Evidence.DOCUMENTED, body=_IN_BATCH),
    Operation(
        "batch_query_sessions",
        "POST",
        "/serviceconfigs/{scid}/sessionTemplates/{template_name}/batch",
        Evidence.DOCUMENTED,
        body=_IN_BATCH,
    ),
    Operation("list_templates", "GET", "/serviceconfigs/{scid}/sessionTemplates", Evidence.DOCUMENTED),
    Operation("get_template", "GET", "/serviceconfigs/{scid}/sessionTemplates/{template_name}", Evidence.DOCUMENTED),
)

_HISTORY = (
    r"/serviceconfigs/[^/]+/sessiontemplates/[^/]+/(?:query|sessions/[^/]+/branches(?:/[^/]+/changes(?:/[^/]+)?)?)"
)

OPERATION_NAMES = tuple(dict.fromkeys(operation.name for operation in OPERATIONS))


@frozen
class Route:
    """Where a request leads: its operation, or, failing that, the verbs that the address knows."""

    operation: Operation | None
    parameters: Mapping[str, str]
    """The variable parts of the path, percent-escapes resolved, case kept."""

    allow: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The operation's name, or ``unrouted``."""
        return self.operation.name if self.operation else UNROUTED


def is_of_history(path: str) -> bool:
    """Whether only the developers' history tool asks for ``path``: no answer to it is published (contract 7.9)."""
    return re.fullmatch(_HISTORY, path.lower()) is not None


_Row = tuple[Operation, tuple[tuple[int, str], ...], tuple[tuple[int, str], ...]]

Router = Callable[[str, str], Route]
"""From a method and a request target to the operation that they lead to."""


def router(operations: Iterable[Operation]) -> Router:
    """What leads requests to ``operations``; of two addresses that fit, the one that stands first is taken."""
    by_length: dict[int, list[_Row]] = {}
    for operation in operations:
        parts = list(enumerate(operation.template.split("/")))
        literals = tuple((place, part.lower()) for place, part in parts if not part.startswith("{"))
        variables = tuple((place, part.strip("{}")) for place, part in parts if part.startswith("{"))
        by_length.setdefault(len(parts), []).append((operation, literals, variables))

    @lru_cache(maxsize=256)  # clients ask for few addresses, again and again
    def found(method: str, path: str) -> Route:
        parts = [unquote(part) for part in path.split("/")]
        lowered = [part.lower() for part in parts]
        allow: list[str] = []
        for operation, literals, variables in by_length.get(len(parts), ()):
            if any(lowered[place] != text for place, text in literals) or any(
                not parts[place] for place, _ in variables
            ):
                continue
            if operation.method == method:
                return Route(operation, MappingProxyType({name: parts[place] for place, name in variables}))
            # /handles/query is not a handle id: the literal address, which comes first, shuts the variable one out
            allow.append(operation.method)
            if not variables:
                break
        return Route(None, MappingProxyType({}), tuple(dict.fromkeys(allow)))

    def route_to(method: str, target: str) -> Route:
        return found(method, target.partition("?")[0])

    return route_to


route = router(OPERATIONS)
"""The operation of MPSD that a method and a request target lead to."""
