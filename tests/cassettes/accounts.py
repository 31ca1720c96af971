"""The accounts that the tests record with, and the plainest client.

A process that records starts often: nothing is imported here that it does not need.
"""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from handlesfake.mpsd.http.message import Headers
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from tests.transports import Pairs, Wire

TOKEN = "eyJhbGciOiJub25lIn0.made-up-token-of-"
HOST_XUID, GUEST_XUID = "9000000000000071", "9000000000000072"
CREDENTIALS = {
    "host": {"xuid": HOST_XUID, "authorization": f"XBL3.0 x=uhs-{HOST_XUID};{TOKEN}host"},
    "guest": {"xuid": GUEST_XUID, "authorization": f"XBL3.0 x=uhs-{GUEST_XUID};{TOKEN}guest"},
}


def by_http_client(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    """http.client, with and without TLS."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=PATIENCE)
    try:
        connection.request(method, parts.path, body or None, dict(headers))
        response = connection.getresponse()
        return response.status, Headers(response.getheaders()), response.read()
    finally:
        connection.close()
