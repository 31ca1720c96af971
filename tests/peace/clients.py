"""Each client as one function: a GET, and what came back."""

from __future__ import annotations

import asyncio
import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpx
import requests
import trio
import urllib3

from tests.patience import PATIENCE

TLS = ssl.create_default_context()
"""One for all clients: reading the certificates takes longer than a whole request."""

Got = tuple[int, str]
"""Status and text."""

Get = Callable[[str, Mapping[str, str]], Got]
"""From an address and headers to what came back; what the client raises passes."""


def with_http_client(url: str, headers: Mapping[str, str]) -> Got:
    """http.client."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    kind = partial(http.client.HTTPSConnection, context=TLS) if secure else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=PATIENCE)
    try:
        connection.request("GET", parts.path, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def with_urllib(url: str, headers: Mapping[str, str]) -> Got:
    """urllib.request."""
    request = urllib.request.Request(url, headers=dict(headers))
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE, context=TLS) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def with_urllib3(url: str, headers: Mapping[str, str]) -> Got:
    """urllib3."""
    with urllib3.PoolManager(timeout=PATIENCE, retries=False, ssl_context=TLS) as pool:
        answer = pool.request("GET", url, headers=dict(headers))
        return answer.status, answer.data.decode()


def with_requests(url: str, headers: Mapping[str, str]) -> Got:
    """Requests."""
    with requests.Session() as session:
        answer = session.get(url, headers=dict(headers), timeout=PATIENCE)
        return answer.status_code, answer.text


def with_botocore(url: str, headers: Mapping[str, str]) -> Got:
    """What carries boto3's requests."""
    awsrequest, httpsession = import_module("botocore.awsrequest"), import_module("botocore.httpsession")
    session = httpsession.URLLib3Session(timeout=PATIENCE)
    try:
        answer = session.send(awsrequest.AWSRequest("GET", url, headers=dict(headers)).prepare())
        return answer.status_code, answer.text
    finally:
        session.close()


def with_httpx(url: str, headers: Mapping[str, str], library: Any = httpx) -> Got:
    """Httpx."""
    with library.Client(timeout=PATIENCE, verify=TLS) as client:
        answer = client.get(url, headers=headers)
        return answer.status_code, answer.text


async def _get(url: str, headers: Mapping[str, str]) -> Got:
    async with httpx.AsyncClient(timeout=PATIENCE, verify=TLS) as client:
        answer = await client.get(url, headers=headers)
        return answer.status_code, answer.text


def with_httpx_asyncio(url: str, headers: Mapping[str, str]) -> Got:
    """Httpx on a loop of asyncio."""
    return asyncio.run(_get(url, headers))


def with_httpx_trio(url: str, headers: Mapping[str, str]) -> Got:
    """Httpx on a loop of trio."""
    got: Got = trio.run(_get, url, headers)
    return got


def with_httpx2(url: str, headers: Mapping[str, str]) -> Got:
    """Its successor with the same names."""
    return with_httpx(url, headers, import_module("httpx2"))


async def _session_get(base: str | None, url: str, headers: Mapping[str, str]) -> Got:
    async with (
        aiohttp.ClientSession(base, timeout=aiohttp.ClientTimeout(PATIENCE)) as session,
        session.get(url, headers=headers) as answer,
    ):
        return answer.status, (await answer.read()).decode()


def with_aiohttp(url: str, headers: Mapping[str, str]) -> Got:
    """Aiohttp."""
    return asyncio.run(_session_get(None, url, headers))


def with_aiohttp_base_url(url: str, headers: Mapping[str, str]) -> Got:
    """Aiohttp with a session that knows the host, so that the request does not."""
    parts = urlsplit(url)
    return asyncio.run(_session_get(f"{parts.scheme}://{parts.netloc}", parts.path, headers))


def with_niquests(url: str, headers: Mapping[str, str]) -> Got:
    """Niquests."""
    with import_module("niquests").Session() as session:
        answer = session.get(url, headers=dict(headers), timeout=PATIENCE)
        return answer.status_code, answer.text


async def _niquests_get(url: str, headers: Mapping[str, str]) -> Got:
    async with import_module("niquests").AsyncSession() as session:
        answer = await session.get(url, headers=dict(headers), timeout=PATIENCE)
        return answer.status_code, answer.text


def with_niquests_asyncio(url: str, headers: Mapping[str, str]) -> Got:
    """Niquests on a loop of asyncio."""
    return asyncio.run(_niquests_get(url, headers))


HTTPX: dict[str, Get] = {
    "httpx": with_httpx,
    "httpx, asyncio": with_httpx_asyncio,
    "httpx, trio": with_httpx_trio,
}
AIOHTTP: dict[str, Get] = {"aiohttp": with_aiohttp, "aiohttp, base_url": with_aiohttp_base_url}
NIQUESTS: dict[str, Get] = {"niquests": with_niquests, "niquests, asyncio": with_niquests_asyncio}
CLIENTS: dict[str, Get] = {
    "http.client": with_http_client,
    "urllib": with_urllib,
    "urllib3": with_urllib3,
    "requests": with_requests,
    "boto3": with_botocore,
    **HTTPX,
    "httpx2": with_httpx2,
    **AIOHTTP,
    **NIQUESTS,
}
