"""How the service says no: every refusal by name, with its status, its sentence and what it rests on.

The sentences are our own (clients must not parse the service's). The names are those of the rules' vocabulary too.
"""

from __future__ import annotations

from typing import Any

from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.refusals.kind import CLI, DOC, INF, UNK, RefusalKind, Row
from handlesfake.mpsd.refusals.session_catalogue import SESSION_REFUSALS


class Refusal(Exception):
    """The service says no. Raised inside an operation and turned into a response in one place; nothing changes.

    :ivar evidence: what the answer rests on; a status that a choice sets instead of the default is assumed.
    :ivar document: the whole session, where the service shows it with its no (403 and 412); else None.
    """

    def __init__(self, kind: RefusalKind, status: int | None = None, document: Any = None, **facts: Any) -> None:
        self.kind = kind
        self.status = status or kind.status
        self.document = document
        self.facts = facts
        self.etag: str | None = None
        self.evidence = kind.evidence if self.status == kind.status else Evidence.ASSUMED
        super().__init__(self.sentence)

    @property
    def name(self) -> str:
        """What the refusal is called: ``throttled``."""
        return self.kind.name

    def __eq__(self, other: object) -> bool:
        """Whether ``other`` is this refusal, or its name."""
        return self is other or self.kind.name == other

    def __hash__(self) -> int:
        return hash(self.kind.name)  # as that of the equal name

    def __repr__(self) -> str:
        return f"<Refusal {self.kind.name}, {self.status}>"

    @property
    def sentence(self) -> str:
        """The body's text, facts filled in, without its line end."""
        return self.kind.sentence.format_map(self.facts)


def _kinds(*rows: Row) -> dict[str, RefusalKind]:
    return {row[0]: RefusalKind(*row) for row in rows}


REFUSALS = _kinds(
    # ---- the request as such
    ("malformed_request", 400, "The request cannot be read: {problem}.", DOC, "contract 9.1"),
    ("no_such_path", 404, "The URI {path} names nothing that MPSD has.", DOC, "contract 9.1"),
    (
        "history_not_modelled",
        404,
        "The URI {path} is one of the history tool's, which handlesfake does not model.",
        UNK,
        "contract 7.9",
    ),
    ("method_not_allowed", 405, "{method} is not supported here; supported: {allow}.", DOC, "contract 9.1; U88"),
    ("contract_version", 400, "The header X-Xbl-Contract-Version {problem}.", UNK, "contract 1.5; U79, U80"),
    ("unauthenticated", 401, "", INF, "contract 9.2; U82"),
    ("malformed_authorization", 401, "", UNK, "U83"),
    ("unknown_caller", 401, "", INF, "contract 9.2"),
    ("token_expired", 401, "", INF, "contract 9.2"),
    ("wrong_token", 401, "", UNK, "S3"),
    ("bad_signature", 401, "", UNK, "U84"),
    ("malformed_body", 400, "The request body {problem}.", DOC, "contract 9.1; U87"),
    ("content_type", 400, "The request body must be JSON, and Content-Type says {content_type}.", UNK, "U86"),
    ("content_coding", 400, "The request body {problem}.", UNK, "contract 1.1; U75c"),
    ("request_too_large", 400, "The request body {problem}.", UNK, "a bound of the fake, no fact about MPSD"),
    ("missing_field", 400, "The field {field} is missing.", DOC, "contract 2.7, 9.1"),
    ("missing_attribute", 400, "The field {field} is missing.", UNK, "U10"),
    # the status page promises 400 for what looks invalid at first sight; for which field it does is inferred
    ("invalid_field", 400, "The field {field} {problem}.", INF, "contract 2.7, 9.1; U11, U13, U31"),
    ("handle_version", 400, "The field version {problem}.", UNK, "U28"),
    ("unknown_field", 400, "The field {field} is not known.", UNK, "U30"),
    ("unsupported_handle_type", 400, "The handle type {type} is not supported.", UNK, "U26, U27"),
    # ---- who may do what
    (
        "not_a_member",
        403,
        "The requested session cannot be accessed. The caller must be a member of it.",
        INF,
        "contract 2.2, 2.3, 9.3; U5, U17",
    ),
    (
        "owner_inactive",
        403,
        "The handle cannot be created because the owner isn't active in the referenced session.",
        CLI,
        "contract 16.2; U17",
    ),
    (
        "session_not_found",
        403,
        "The requested session cannot be accessed. There is no such session, or the caller may not use it.",
        INF,
        "contract 2.5; U16",
    ),
    ("template_not_found", 404, "The template {template_name} was not found.", DOC, "contract 2.7, 9.1; U31"),
    ("not_an_owner", 403, "Only owners of the session may invite others to it.", INF, "contract 2.3; U6"),
    ("not_a_search_owner", 403, "Only owners of the session may make it searchable.", UNK, "U23"),
    (
        "not_searchable",
        400,
        "The session cannot be searched for: its constants lack the capability searchable{remedy}.",
        UNK,
        "contract 2.4; U23",
    ),
    ("second_search", 409, "The session has a search handle already.", UNK, "U22"),
    ("no_privilege", 403, "The caller lacks the multiplayer privilege.", INF, "contract 2.2, 9.3"),
    ("privacy_block", 403, "The invited user cannot be invited by the caller.", UNK, "U8"),
    ("foreign_title", 403, "The title of the request is not the title of the token.", UNK, "U12"),
    ("sender_string", 403, "Only a service may set inviteAttributes.senderString.", UNK, "U15"),
    ("self_invite", 400, "A user cannot invite themselves.", UNK, "U7"),
    ("service_activity", 403, "An activity handle cannot be set by a service.", UNK, "contract 17"),
    ("service_title", 400, "The header X-Xbl-OnBehalfOf-Title {problem}.", UNK, "contract 17"),
    ("service_users", 400, "The header X-Xbl-OnBehalfOf-Users {problem}.", UNK, "contract 17"),
    ("service_scope", 403, "The call needs an acting user with their own policy.", DOC, "contract 17"),
    # ---- queries
    (
        "unqueryable_type",
        400,
        "Handles of the type {type} cannot be queried; activity and search can.",
        INF,
        "contract 5",
    ),
    (
        "owners_missing",
        400,
        "The scid, templateName and sessionName must be specified, or else owners.",
        CLI,
        "contract 16.1; U39",
    ),
    ("scid_missing", 403, "The query must name a scid.", UNK, "contract 19.2"),
    ("owners_both", 400, "The fields owners.xuids and owners.people cannot stand together.", CLI, "contract 5.2"),
    ("unknown_moniker", 400, "The field {field} must be people or favorites, and is {moniker}.", UNK, "U53"),
    ("foreign_moniker", 403, "The field {field} must be the caller's own xuid.", UNK, "U54"),
    (
        "too_many_xuids",
        400,
        "The field {field} must hold 100 xuids or less, and holds {count}.",
        INF,
        "contract 13; U55",
    ),
    ("unknown_include", 400, "The query parameter include does not know {part}.", UNK, "U40"),
    ("invalid_parameter", 400, "The query parameter {parameter} {problem}.", INF, "contract 5.1, 7.7; U44"),
    (
        "others_hidden",
        403,
        "The query parameter {parameter} needs a service, or the caller's own xuid as the filter.",
        DOC,
        "contract 5.1, 7.7; U45",
    ),
    (
        "invalid_filter",
        400,
        "The field {field} is not valid at character {at}{near}: {problem}.",
        INF,
        "contract 5.3; U56",
    ),
    ("unfiltered_session_query", 400, "The query must have keyword or xuid.", INF, "contract 7.7; U77"),
    *SESSION_REFUSALS,
    # ---- the failures that rules simulate
    ("stale_handle", 404, "The requested handle was not found.", DOC, "contract 3, 6.1"),
    ("session_full", 403, "The session is full.", DOC, "contract 8.6; U62"),
    ("precondition_failed", 412, "", DOC, "contract 7.3, 9.1"),
    ("throttled", 429, "", DOC, "contract 10"),
    ("unavailable", 503, "", DOC, "contract 9.1; U92"),
)
"""Every refusal by its name."""


def refuse(name: str, status: int | None = None, **facts: Any) -> Refusal:
    """The refusal called ``name``, to be raised; ``status`` where a choice sets another one."""
    return Refusal(REFUSALS[name], status, **facts)
