"""Signatures: the shape of the header ``Signature``, which is looked at where a choice says so (contract 21.5)."""

from __future__ import annotations

from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.http.signature import is_signature
from handlesfake.sign_in.refusals import refuse

SIGNED = frozenset({"device_authenticate", "title_authenticate", "sisu_authenticate", "sisu_authorize"})
"""What clients never send unsigned; the rest is taken without a signature."""


def check_signature(operation: str, request: Request) -> None:
    """Refuse a request without the signature that it needs, and one that cannot be a signature.

    :raises Refusal: 400 where it is missing, 403 where it is not base64 of 76 bytes.
    """
    signature = request.headers.first("Signature")
    if signature is None:
        if operation in SIGNED:
            raise refuse("signature_missing")
    elif not is_signature(signature):
        raise refuse("bad_signature")
