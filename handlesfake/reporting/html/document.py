"""Document: a report as one HTML file, which needs no other file and sends no request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from handlesfake.reporting.web.assets import policy, script_of, text_of

_STYLES = ("report.css", "diagram.css")
_SCRIPTS = ("model.js", "lazily.js", "curl.js", "failure.js", "entry.js", "diagram.js", "scope.js", "main.js")
"""In the order in which they know each other, behind those that pages share."""


def report_page(run: Mapping[str, Any]) -> str:
    """The text of the file.

    :param run: ``made_by``; ``kind``, what a scope is called: ``test`` or ``world``; ``title`` and ``ended``, a line
        each; ``is_failed``; ``unused_rules``, lines; ``scopes``. A scope has ``id``, ``outcome``, ``seconds``,
        ``failures`` with ``when``, ``message`` and ``text``, ``assumptions``, ``unused``, ``attempts``, and ``parts``
        as :func:`handlesfake.reporting.html.told.part_told` gives them.
    """
    style = text_of("tokens.css") + "".join(map(_own, _STYLES))
    script = script_of([text_of("dom.js"), text_of("theme.js"), *map(_own, _SCRIPTS)])
    # what was sent may hold anything: only < could end the element, and ASCII alone needs no encoding
    data = json.dumps(run, default=str, separators=(",", ":")).replace("<", "\\u003c")
    before, _, behind = _own("report.html").partition("/*data*/")
    page = before.replace("/*policy*/", policy(style, script)).replace("/*style*/", style)
    return page + data + behind.replace("/*script*/", script)


def _own(name: str) -> str:
    return text_of(name, __package__)
