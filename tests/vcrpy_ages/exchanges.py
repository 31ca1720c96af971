"""What is recorded by each client: nothing of handlesfake is here, as old releases of vcrpy import it.

Each client is one function from a URL and a body to status and content. A body is a pair of what it is and the value.
"""

import asyncio
import http.client
import json
from urllib.parse import urlencode, urlsplit

CODINGS = ["identity", "gzip", "deflate", "br"]
BODIES = {
    "nothing": None,
    "JSON": {"type": "activity", "version": 1, "nested": {"list": [1, "1", None, True], "é": "ü"}},
    "form": {"grant_type": "refresh", "scope": "a b", "n": "1"},
    "text": "plain & simple",
}


def _raw(kind):
    value = BODIES[kind]
    if kind == "JSON":
        return json.dumps(value).encode(), "application/json"
    if kind == "form":
        return urlencode(value).encode(), "application/x-www-form-urlencoded"
    return value.encode(), "text/plain"


def _words(kind, *, text):
    if kind == "nothing":
        return {}
    return {{"JSON": "json", "form": "data", "text": text}[kind]: BODIES[kind]}


def by_http_client(url, kind):
    """http.client, which undoes no coding."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    if kind == "nothing":
        connection.request("GET", parts.path)
    else:
        body, content_type = _raw(kind)
        connection.request("POST", parts.path, body=body, headers={"Content-Type": content_type})
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def by_requests(url, kind):
    """Requests."""
    import requests

    if kind == "nothing":
        answer = requests.get(url, timeout=30)
    else:
        answer = requests.post(url, timeout=30, **_words(kind, text="data"))
    return answer.status_code, answer.content


def by_urllib3(url, kind):
    """urllib3."""
    import urllib3

    with urllib3.PoolManager() as pool:
        if kind == "nothing":
            answer = pool.request("GET", url)
        else:
            body, content_type = _raw(kind)
            answer = pool.request("POST", url, body=body, headers={"Content-Type": content_type})
        return answer.status, answer.data


def by_httpx(url, kind):
    """Httpx."""
    import httpx

    with httpx.Client(timeout=30) as client:
        answer = client.get(url) if kind == "nothing" else client.post(url, **_words(kind, text="content"))
        return answer.status_code, answer.content


def by_aiohttp(url, kind):
    """Aiohttp."""
    import aiohttp

    async def send():
        async with aiohttp.ClientSession() as session:
            method = "GET" if kind == "nothing" else "POST"
            async with session.request(method, url, **_words(kind, text="data")) as answer:
                return answer.status, await answer.read()

    return asyncio.run(send())


CLIENTS = {
    "http.client": by_http_client,
    "requests": by_requests,
    "urllib3": by_urllib3,
    "httpx": by_httpx,
    "aiohttp": by_aiohttp,
}
