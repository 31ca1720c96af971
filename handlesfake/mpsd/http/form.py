"""Forms, ``application/x-www-form-urlencoded``: what some services read instead of JSON."""

from __future__ import annotations

from urllib.parse import parse_qsl

MOST_FIELDS = 100
"""Of one form; a bound of the fake, no fact about a service."""


def form_fields(body: bytes) -> dict[str, str]:
    """The fields in ``body``, each by its name; of two with one name the first.

    :raises UnicodeDecodeError: it is not UTF-8.
    :raises ValueError: it has too many fields.
    """
    return dict(reversed(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)))
