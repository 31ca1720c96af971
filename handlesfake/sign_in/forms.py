"""Forms: the bodies of OAuth's requests, ``application/x-www-form-urlencoded``."""

from __future__ import annotations

from handlesfake.mpsd.http.body import LARGEST_BODY
from handlesfake.mpsd.http.form import MOST_FIELDS, form_fields
from handlesfake.sign_in.refusals import refuse


def read_form(body: bytes, content_encoding: str | None) -> dict[str, str]:
    """The fields in ``body``, each by its name.

    :raises Refusal: the body is packed, too large, or not a form.
    """
    coding = (content_encoding or "").strip().lower()
    if coding not in ("", "identity"):
        raise refuse("content_coding", problem=f"has the content coding {coding[:60]!r}; a form has none")
    if len(body) > LARGEST_BODY:
        raise refuse("request_too_large", problem=f"has more than {LARGEST_BODY} bytes")
    try:
        return form_fields(body)
    except UnicodeDecodeError as error:
        raise refuse("malformed_body", problem=f"is not UTF-8 at byte {error.start}") from None
    except ValueError:
        raise refuse("request_too_large", problem=f"has more than {MOST_FIELDS} fields") from None


def read_query(query: str) -> dict[str, str]:
    """The fields in ``query``, each by its name.

    :raises Refusal: there are too many.
    """
    try:
        return form_fields(query.encode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        raise refuse("malformed_request", problem="the query is not UTF-8") from None
    except ValueError:
        raise refuse("malformed_request", problem=f"the query has more than {MOST_FIELDS} fields") from None


def needed(form: dict[str, str], name: str) -> str:
    """The field called ``name``.

    :raises Refusal: it is missing or empty.
    """
    value = form.get(name)
    if not value:
        raise refuse("invalid_request", parameter=name, problem="is missing" if value is None else "is empty")
    return value
