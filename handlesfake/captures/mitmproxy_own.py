"""mitmproxy's own reader of flow files, where mitmproxy is installed: it knows the formats of all of its releases."""

from __future__ import annotations

import io
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from handlesfake.captures.exchange import Unreadable, shown


def states_by_mitmproxy(raw: bytes) -> list[dict[Any, Any]] | None:
    """The flows in ``raw`` as mitmproxy reads them, each as the mapping that it writes; None where it is not here.

    :raises Unreadable: it cannot read them.
    """
    if find_spec("mitmproxy") is None:
        return None
    try:
        reader = import_module("mitmproxy.io").FlowReader(io.BytesIO(raw))
        return [flow.get_state() for flow in reader.stream()]
    except Exception as error:  # noqa: BLE001 - whatever a foreign reader makes of a foreign file
        told = shown(f"{type(error).__name__}: {error}", 200)
        raise Unreadable(f"mitmproxy, which is installed here, cannot read it: {told}") from None
