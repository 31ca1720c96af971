"""Template: what sessions of one kind begin with."""

from __future__ import annotations

from handlesfake.mpsd.sessions.known_names import CONSTANTS
from handlesfake.mpsd.state.identity import Title
from handlesfake.mpsd.state.session import Document
from handlesfake.values.values import field, frozen

SYSTEM = (*CONSTANTS, "timeouts", "managedInitialization")
"""``constants.system``, in 107 and, last, in 104 and 105 spelling (contract 8.2)."""


@frozen
class Template:
    """One session template."""

    name: str
    constants: Document
    """``{"system": {...}, "custom": {...}}`` in contract 107 spelling."""

    scid: str = ""
    """The service configuration that it belongs to; empty for whichever a test uses."""

    title_id: str = ""
    """The title that it belongs to, as decimal text; empty for whichever a test uses."""


@frozen
class Described:
    """What one template file says."""

    templates: tuple[Template, ...]
    titles: tuple[Title, ...] = field(default=())
