"""One POST with each client that is built on http.client."""

from __future__ import annotations

import http.client
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

import requests
import urllib3

from tests.patience import PATIENCE

Post = Callable[[str, bytes], "tuple[int, bytes]"]


def with_requests(url: str, body: bytes) -> tuple[int, bytes]:
    with requests.Session() as session:
        response = session.post(url, data=body, timeout=PATIENCE)
        return response.status_code, response.content


def with_urllib3(url: str, body: bytes) -> tuple[int, bytes]:
    with urllib3.PoolManager(timeout=PATIENCE) as pool:
        response = pool.request("POST", url, body=body, retries=False)
        return response.status, response.data


def with_urllib(url: str, body: bytes) -> tuple[int, bytes]:
    with urllib.request.urlopen(url, body, timeout=PATIENCE) as response:
        return response.status, response.read()


def with_http_client(url: str, body: bytes) -> tuple[int, bytes]:
    connection = connection_for(url)
    try:
        return said(connection, body)
    finally:
        connection.close()


def connection_for(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.netloc, timeout=PATIENCE)


def said(connection: http.client.HTTPConnection, body: bytes = b"") -> tuple[int, bytes]:
    """What ``connection`` gets for a POST."""
    connection.request("POST", "/handles", body)
    response = connection.getresponse()
    return response.status, response.read()


CLIENTS = {
    "requests": with_requests,
    "urllib3": with_urllib3,
    "urllib": with_urllib,
    "http.client": with_http_client,
}
