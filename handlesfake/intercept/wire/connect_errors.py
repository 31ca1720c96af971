"""What a client raises where no connection is made: the errors of the system, and the client's own."""

from __future__ import annotations

import errno
import os
import socket
import ssl
import weakref
from typing import Any

from handlesfake.exchange.outcome import ConnectionEnd
from handlesfake.intercept.network.guard import failing_lookups, really_calling

_UNKNOWN_NAME = "Name or service not known"
_DISTRUST = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate"


def os_error(ending: ConnectionEnd) -> OSError:
    """What the system, or OpenSSL, says about a connection that is not made."""
    if ending is ConnectionEnd.DNS:
        return socket.gaierror(socket.EAI_NONAME, _UNKNOWN_NAME)
    if ending is ConnectionEnd.TLS:
        error = ssl.SSLCertVerificationError(1, _DISTRUST)
        error.verify_code, error.verify_message = 18, "self-signed certificate"
        return error
    return ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))


class Unconnected:
    """Has the client's own connection fail as it connects, so that the error is the client's own.

    :param connection: the http.client connection of the client.
    """

    def __init__(self, connection: weakref.ref[Any]) -> None:
        self._connection = connection

    def __call__(self, ending: ConnectionEnd) -> BaseException:
        """What the client raises; its connection is left without a socket, as after every such failure."""
        __tracebackhide__ = True
        connection, error = self._connection(), os_error(ending)
        # OpenSSL's error passes through each of these clients as it is, and only behind the connection
        if connection is None or ending is ConnectionEnd.TLS:
            return error
        try:
            with really_calling(), failing_lookups(error):
                connection.connect()
        except Exception as raised:  # noqa: BLE001 - whatever it is, it is what the client raises
            return raised
        finally:
            connection.sock = None
        return error
