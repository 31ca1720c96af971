"""answer(): one request against what sign-in knows, from its address to operation or refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from handlesfake.sign_in.asked import Asked, Done
from handlesfake.sign_in.oauth import request_device_code, request_token
from handlesfake.sign_in.xbox_tokens import user_authenticate, xsts_authorize

OPERATE: Mapping[str, Callable[[Asked], Done]] = MappingProxyType(
    {
        "request_device_code": request_device_code,
        "request_token": request_token,
        "user_authenticate": user_authenticate,
        "xsts_authorize": xsts_authorize,
    }
)
"""Operation name to the function that performs it."""


def answer(operation: str, asked: Asked) -> Done:
    """What sign-in makes of a request for ``operation``, and what it knows afterwards.

    Pure: the same arguments give the same result. A refusal changes nothing.

    :raises Refusal: the service says no.
    """
    return OPERATE[operation](asked)
