"""How the service says no about a session: reading, joining, writing (contract 7 to 9)."""

from __future__ import annotations

from handlesfake.mpsd.refusals.kind import CLI, DOC, INF, LOG, UNK, Row

SESSION_REFUSALS: tuple[Row, ...] = (
    (
        "session_unreadable",
        403,
        "The requested session cannot be accessed. {reason}",
        CLI,
        "contract 8.6, 9.3; U63",
    ),
    (
        "join_restricted",
        403,
        "The requested session cannot be accessed. "
        "Its joinRestriction is {restriction}, and the caller does not meet it.",
        LOG,
        "contract 8.3, 8.6, 9.3",
    ),
    (
        "session_closed",
        403,
        "The requested session cannot be accessed. It is closed for joining.",
        INF,
        "contract 8.3; U71",
    ),
    (
        "session_locked",
        403,
        "The requested session cannot be accessed. It is locked, and only former members may come back.",
        INF,
        "contract 8.3; U72",
    ),
    (
        "reservation_needed",
        403,
        "The requested session cannot be accessed. It is {visibility}: only who has a reservation may join.",
        LOG,
        "contract 8.6, 9.3; U62",
    ),
    (
        "handle_needed",
        403,
        "The requested session cannot be accessed. A searchable session is joined by a handle only.",
        INF,
        "contract 6.2, 16.2",
    ),
    (
        "origin_needed",
        403,
        "The requested session cannot be accessed. Only members of the origin may join by a transfer handle.",
        INF,
        "contract 2.5; U25",
    ),
    (
        "blocked_by_owner",
        403,
        "The requested session cannot be accessed. An owner of it blocks the caller.",
        DOC,
        "contract 2.3",
    ),
    ("session_missing", 404, "The requested session was not found.", DOC, "contract 7.6, 9.3"),
    (
        "invalid_handle_id",
        404,
        "The URI holds an invalid handle id: it must be a GUID, and not all zeroes.",
        UNK,
        "contract 3; U33",
    ),
    ("foreign_handle", 403, "The handle can be deleted by its owner only, from its own title.", UNK, "U37, U38"),
    ("constant_conflict", 409, "The field {field} conflicts with the constants of the session.", DOC, "contract 7.4"),
    (
        "existing_members",
        403,
        "The body may not refer to existing members ({field}) without a server principal.",
        DOC,
        "contract 7.2, 9.3",
    ),
    ("servers_by_user", 403, "The body may not hold servers without a server principal.", INF, "contract 7.2, 9.3"),
    (
        "others_in_large",
        409,
        "Members of a large session can be added or removed by themselves only.",
        DOC,
        "contract 7.5, 9.1",
    ),
    ("several_in_large", 403, "A request for a large session must speak for one user only.", LOG, "contract 9.3, 17"),
    ("key_prohibited", 400, "The field {field} is prohibited here.", DOC, "contract 7.2"),
    (
        "connection_missing",
        400,
        "The field {field}.properties.system.connection is missing: active members of this session need one.",
        CLI,
        "contract 7.5; U75b",
    ),
    (
        "initialization_members",
        400,
        "The session needs at least {needed} members with initialize for its member initialization, and has {count}.",
        DOC,
        "contract 7.5, 9.3",
    ),
    ("initiator_needed", 403, "The caller is not among the initiators of the session.", INF, "contract 8.2"),
    ("owners_only", 403, "Only owners of the session may change {field}.", DOC, "contract 7.2, 8.2"),
    ("role_full", 409, "The role {role} of the type {type} is full.", UNK, "contract 8.4"),
    ("foreign_xuid", 403, "The field {field} is not the caller's xuid.", UNK, "contract 7.2"),
    ("no_such_element", 404, "The session has no such element.", UNK, "contract 7.6"),
    (
        "no_title",
        403,
        "The service configuration cannot be accessed by a token without a title.",
        CLI,
        "contract 9.4",
    ),
)
"""The rows of sessions in the table of all refusals."""
