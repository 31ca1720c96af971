"""What users set on their clients does no harm: trust, certificates, proxies, resolvers, adapters, HTTP/2."""

from __future__ import annotations

import asyncio
import http.client
import http.server
import inspect
import ssl
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
import requests
import trustme
import urllib3
from requests.adapters import HTTPAdapter

from handlesfake.mpsd.http.message import MPSD_HOST
from tests.intercept.stub import URL, Stub
from tests.patience import PATIENCE

ANYWHERE = ("127.0.0.1", 0)


@dataclass(frozen=True)
class Files:
    """What a company's own authority hands out."""

    ca: str
    certificate: str
    """With its key."""

    context: ssl.SSLContext
    """Trusts only that authority, and has the certificate."""

    server: ssl.SSLContext
    """For a server on loopback."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """An authority, a client's certificate and a server's."""
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    ca, certificate = folder / "ca.pem", folder / "client.pem"
    authority.cert_pem.write_to_path(str(ca))
    authority.issue_cert("client@party.example").private_key_and_cert_chain_pem.write_to_path(str(certificate))
    context = ssl.create_default_context(cafile=str(ca))
    context.load_cert_chain(certificate)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(server)
    return Files(str(ca), str(certificate), context, server)


Ask = Callable[[str, Files], int]
"""From an address to a status."""


class OwnContext(HTTPAdapter):
    """What many users mount to bring their own context."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(pool_connections=1, pool_maxsize=1, pool_block=True, max_retries=2)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context, source_address=ANYWHERE)


def _with_requests(**settings: Any) -> Ask:
    def ask(url: str, files: Files) -> int:
        said = {name: value(files) if callable(value) else value for name, value in settings.items()}
        with requests.Session() as session:
            return session.post(url, timeout=(3, 5), **said).status_code

    return ask


def _with_an_adapter(url: str, files: Files) -> int:
    with requests.Session() as session:
        session.mount("https://", OwnContext(files.context))
        return session.post(url, timeout=PATIENCE).status_code


def _without_the_environment(url: str, files: Files) -> int:
    with requests.Session() as session:
        session.trust_env = False
        return session.post(url, timeout=PATIENCE).status_code


def _with_urllib3(**settings: Any) -> Ask:
    def ask(url: str, files: Files) -> int:
        said = {name: value(files) if callable(value) else value for name, value in settings.items()}
        with urllib3.PoolManager(timeout=PATIENCE, retries=False, **said) as pool:
            return pool.request("POST", url).status

    return ask


def _with_http_client(url: str, files: Files) -> int:
    connection = http.client.HTTPSConnection(
        MPSD_HOST, context=files.context, source_address=ANYWHERE, blocksize=7, timeout=5
    )
    try:
        connection.request("POST", "/handles")
        return connection.getresponse().status
    finally:
        connection.close()


def _with_an_opener(url: str, files: Files) -> int:
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=files.context),
        urllib.request.HTTPCookieProcessor(CookieJar()),
        urllib.request.ProxyHandler({}),
    )
    with opener.open(url, b"", timeout=PATIENCE) as answer:
        return int(answer.status)


def _with_httpx(**settings: Any) -> Ask:
    def ask(url: str, files: Files) -> int:
        said = {name: value(files) if callable(value) else value for name, value in settings.items()}
        with httpx.Client(timeout=PATIENCE, **said) as client:
            return client.post(url).status_code

    return ask


def _with_httpx_async(**settings: Any) -> Ask:
    async def ask(said: dict[str, Any], url: str) -> int:
        async with httpx.AsyncClient(timeout=PATIENCE, **said) as client:
            return (await client.post(url)).status_code

    def run(url: str, files: Files) -> int:
        said = {name: value(files) if callable(value) else value for name, value in settings.items()}
        return asyncio.run(ask(said, url))

    return run


class NoResolver(aiohttp.abc.AbstractResolver):
    """A resolver of the user's: it is never asked for MPSD."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> Any:
        raise AssertionError(f"{host} was looked up")

    async def close(self) -> None:
        """There is nothing to close."""


class OwnConnector(aiohttp.TCPConnector):
    """A connector of the user's that looks names up by itself."""

    async def _resolve_host(self, host: str, port: int, traces: Any = None) -> Any:
        raise AssertionError(f"{host} was looked up")


def _with_aiohttp(
    connector: Callable[[Files], aiohttp.BaseConnector], session: dict[str, Any] | None = None, **settings: Any
) -> Ask:
    async def ask(url: str, files: Files) -> int:
        said = {name: value(files) if callable(value) else value for name, value in settings.items()}
        async with (
            aiohttp.ClientSession(connector=connector(files), **(session or {})) as opened,
            opened.post(url, **said) as answer,
        ):
            await answer.read()
            return answer.status

    return lambda url, files: asyncio.run(ask(url, files))


def _tcp(**settings: Any) -> Callable[[Files], aiohttp.BaseConnector]:
    return lambda files: aiohttp.TCPConnector(
        **{name: value(files) if callable(value) else value for name, value in settings.items()}
    )


SETTINGS: dict[str, Ask] = {
    "requests verify=False": _with_requests(verify=False),
    "requests verify=file": _with_requests(verify=lambda files: files.ca),
    "requests cert=file": _with_requests(cert=lambda files: files.certificate),
    "requests proxies=": _with_requests(proxies={"https": "http://127.0.0.1:9"}),
    "requests adapter with a context": _with_an_adapter,
    "requests trust_env=False": _without_the_environment,
    "urllib3 CERT_NONE": _with_urllib3(cert_reqs="CERT_NONE"),
    "urllib3 ca_certs=": _with_urllib3(ca_certs=lambda files: files.ca, cert_reqs="CERT_REQUIRED"),
    "urllib3 ssl_context=": _with_urllib3(ssl_context=lambda files: files.context),
    "urllib3 cert_file=": _with_urllib3(cert_file=lambda files: files.certificate),
    "urllib3 assert_fingerprint=": _with_urllib3(assert_fingerprint="AA" * 32),
    "urllib3 assert_hostname=": _with_urllib3(assert_hostname="party.example"),
    "urllib3 server_hostname=": _with_urllib3(server_hostname="party.example"),
    "urllib3 source_address=": _with_urllib3(source_address=ANYWHERE, socket_options=[], maxsize=1, block=True),
    "http.client": _with_http_client,
    "urllib opener": _with_an_opener,
    "httpx verify=False": _with_httpx(verify=False),
    "httpx verify=context": _with_httpx(verify=lambda files: files.context),
    "httpx trust_env=False": _with_httpx(trust_env=False, verify=lambda files: files.context),
    "httpx limits": _with_httpx(limits=httpx.Limits(max_connections=1), verify=lambda files: files.context),
    "httpx transport": _with_httpx(
        transport=lambda files: httpx.HTTPTransport(retries=2, local_address="127.0.0.1", verify=files.context)
    ),
    "httpx async verify=False": _with_httpx_async(verify=False),
    "httpx async verify=context": _with_httpx_async(verify=lambda files: files.context),
    "httpx async transport": _with_httpx_async(
        transport=lambda files: httpx.AsyncHTTPTransport(retries=2, verify=files.context)
    ),
    "aiohttp UnixConnector": _with_aiohttp(lambda files: aiohttp.UnixConnector("/missing/socket")),
    "aiohttp ssl=False": _with_aiohttp(_tcp(ssl=False)),
    "aiohttp ssl=context": _with_aiohttp(_tcp(ssl=lambda files: files.context)),
    "aiohttp ssl=Fingerprint": _with_aiohttp(_tcp(ssl=aiohttp.Fingerprint(b"0" * 32))),
    "aiohttp ssl= of the request": _with_aiohttp(_tcp(), ssl=lambda files: files.context),
    "aiohttp resolver=": _with_aiohttp(_tcp(resolver=lambda files: NoResolver(), use_dns_cache=False)),
    "aiohttp connector that resolves": _with_aiohttp(lambda files: OwnConnector()),
    "aiohttp connector": _with_aiohttp(_tcp(local_addr=ANYWHERE, limit=1, limit_per_host=1, force_close=True)),
    "aiohttp trust_env=": _with_aiohttp(_tcp(), session={"trust_env": True, "read_bufsize": 64}),
    "aiohttp proxy=": _with_aiohttp(_tcp(), proxy="http://127.0.0.1:9"),
}
if "server_hostname" in inspect.signature(aiohttp.ClientSession._request).parameters:  # since 3.9
    SETTINGS["aiohttp server_hostname="] = _with_aiohttp(_tcp(), server_hostname="party.example")


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.filterwarnings("ignore:verify=False is deprecated")
@pytest.mark.parametrize("name", SETTINGS)
def test_what_a_user_sets_does_no_harm(
    name: str, double: Stub, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request arrives once at the double, whatever proxies the environment names; nothing is dialled or read."""
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")

    assert 200 == SETTINGS[name](URL, files)
    assert 1 == len(double.requests)


@pytest.mark.skipif(
    find_spec("h2") is None, reason="h2 is not installed: pip install -r tests/peace/requirements.txt"
)
@pytest.mark.parametrize("ask", [_with_httpx, _with_httpx_async], ids=["sync", "async"])
@pytest.mark.parametrize("http1", [True, False])
def test_a_client_of_http2_is_answered_by_http1(
    ask: Callable[..., Ask], http1: bool, double: Stub, files: Files
) -> None:
    """``http2=True`` asks the double as ever; the answer says HTTP/1.1, which a client of HTTP/2 has to expect."""
    status = ask(http1=http1, http2=True, verify=lambda files: files.context)(URL, files)

    assert (200, 1) == (status, len(double.requests))


def test_a_certificate_that_is_not_there_is_the_users_error(double: Stub, tmp_path: Path) -> None:
    """Requests looks for its files before it connects, and so it does beside a double."""
    for words in ({"verify": str(tmp_path / "none.pem")}, {"cert": str(tmp_path / "none.pem")}):
        with pytest.raises(OSError, match="invalid path|Could not find"):
            requests.post(URL, timeout=PATIENCE, **words)

    assert [] == double.requests


@pytest.fixture
def other(files: Files) -> Iterator[str]:
    """Another service, behind TLS on loopback, with a certificate of the company's authority."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(203)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that distrusts it hangs up."""

    with Server(ANYWHERE, Handler) as server:
        server.socket = files.server.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"https://localhost:{server.server_port}/handles"
        finally:
            server.shutdown()
            thread.join()


TRUSTING: dict[str, Callable[[str, str | None], int]] = {
    "requests": lambda url, ca: requests.post(url, verify=ca or True, timeout=PATIENCE).status_code,
    "urllib3": lambda url, ca: (
        urllib3.PoolManager(ca_certs=ca, retries=False, timeout=PATIENCE).request("POST", url).status
    ),
    "urllib": lambda url, ca: int(
        urllib.request.urlopen(url, b"", context=ssl.create_default_context(cafile=ca), timeout=PATIENCE).status
    ),
    "httpx": lambda url, ca: (
        httpx.post(url, verify=ssl.create_default_context(cafile=ca) if ca else True).status_code
    ),
}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("name", TRUSTING)
def test_trust_in_other_services_is_what_it_was(name: str, double: Stub, files: Files, other: str) -> None:
    """Clients made beside a double trust the authorities that they are given, and no others."""
    assert 203 == TRUSTING[name](other, files.ca)
    with pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED|certificate verify failed"):
        TRUSTING[name](other, None)

    assert [] == double.requests
