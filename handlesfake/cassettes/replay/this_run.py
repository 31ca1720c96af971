"""A recorded answer as this run hears it: with its own people and roles."""

from __future__ import annotations

from handlesfake.cassettes.scrubbing.learned_values import Learned
from handlesfake.mpsd.http.message import Headers, Response
from handlesfake.values.values import replace


def in_this_run(response: Response, real: Learned) -> Response:
    """``response`` with what ``real`` has learned instead of what was recorded; a body that is not text stays."""
    headers = Headers((name, real.replaced(value)) for name, value in response.headers)
    try:
        body = real.replaced(response.body.decode()).encode()
    except UnicodeDecodeError:
        body = response.body
    return replace(response, headers=headers, body=body)
