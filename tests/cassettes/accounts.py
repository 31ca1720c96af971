"""The accounts that the tests record with; nothing is imported here, for a process that records starts often."""

from __future__ import annotations

TOKEN = "eyJhbGciOiJub25lIn0.made-up-token-of-"
HOST_XUID, GUEST_XUID = "9000000000000071", "9000000000000072"
CREDENTIALS = {
    "host": {"xuid": HOST_XUID, "authorization": f"XBL3.0 x=uhs-{HOST_XUID};{TOKEN}host"},
    "guest": {"xuid": GUEST_XUID, "authorization": f"XBL3.0 x=uhs-{GUEST_XUID};{TOKEN}guest"},
}
