"""answer(): one request against what sign-in knows, from its address to operation or refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from handlesfake.sign_in.asked import Asked, Done
from handlesfake.sign_in.authorization import authorize_client
from handlesfake.sign_in.devices import device_authenticate, title_authenticate
from handlesfake.sign_in.endpoints import get_title_endpoints
from handlesfake.sign_in.oauth import request_device_code, request_token
from handlesfake.sign_in.signatures import check_signature
from handlesfake.sign_in.sisu import sisu_authenticate, sisu_authorize
from handlesfake.sign_in.xbox_tokens import user_authenticate, xsts_authorize

OPERATE: Mapping[str, Callable[[Asked], Done]] = MappingProxyType(
    {
        "authorize_client": authorize_client,
        "request_device_code": request_device_code,
        "request_token": request_token,
        "device_authenticate": device_authenticate,
        "title_authenticate": title_authenticate,
        "user_authenticate": user_authenticate,
        "xsts_authorize": xsts_authorize,
        "sisu_authenticate": sisu_authenticate,
        "sisu_authorize": sisu_authorize,
        "get_title_endpoints": get_title_endpoints,
    }
)
"""Operation name to the function that performs it."""


def answer(operation: str, asked: Asked) -> Done:
    """What sign-in makes of a request for ``operation``, and what it knows afterwards.

    Pure: the same arguments give the same result. A refusal changes nothing.

    :raises Refusal: the service says no.
    """
    if asked.settings.choices.signature_checked:
        check_signature(operation, asked.request)
    return OPERATE[operation](asked)
