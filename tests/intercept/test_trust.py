"""Certificates are read when they are needed, and then all of them."""

from __future__ import annotations

import ssl
import weakref
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import trustme

from handlesfake.intercept.network import ssl_contexts
from handlesfake.intercept.registry import registry
from tests.intercept.stub import Stub
from tests.intercept.tls import known, said_to


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine says of certificates does not count here."""
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The bundles that were put off."""
    found: list[str] = []
    put_off = ssl_contexts._put_off

    def noting(context: ssl.SSLContext, load: Callable[[ssl.SSLContext], None]) -> None:
        found.append("put off")
        put_off(context, load)

    monkeypatch.setattr(ssl_contexts, "_put_off", noting)
    return found


def test_a_bundle_that_is_known_is_put_off(double: Stub, bundle: Path, read: list[str]) -> None:
    """The first context reads it; those after it do so when they have to."""
    ssl.create_default_context(cafile=str(bundle))

    assert [] == read

    ssl.create_default_context(cafile=str(bundle))

    assert ["put off"] == read


@pytest.mark.usefixtures("double")
def test_what_was_put_off_is_trusted(
    authority: trustme.CA, bundle: Path, serve: Callable[[trustme.CA], int], read: list[str]
) -> None:
    """The handshake of a real connection checks against it: its own authority is trusted."""
    context = known(bundle)

    assert b"hello" == said_to(context, serve(authority))
    assert ["put off"] == read


@pytest.mark.usefixtures("double")
def test_nobody_else_is_trusted(bundle: Path, serve: Callable[[trustme.CA], int]) -> None:
    """A server of another authority is refused."""
    context = known(bundle)
    port = serve(trustme.CA())

    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer certificate"):
        said_to(context, port)


def test_it_outlives_the_double(
    start: Callable[..., Stub], authority: trustme.CA, bundle: Path, serve: Callable[[trustme.CA], int]
) -> None:
    """A client that was made beside a double, and is used after it, has what it was to trust."""
    stub = start()
    context = known(bundle)
    registry.stop(stub)

    assert b"hello" == said_to(context, serve(authority))


@pytest.mark.usefixtures("double")
def test_it_is_read_before_somebody_asks(bundle: Path) -> None:
    """get_ca_certs() and cert_store_stats() tell the truth."""
    assert {"x509": 1, "crl": 0, "x509_ca": 1} == known(bundle).cert_store_stats()
    assert 1 == len(known(bundle).get_ca_certs())


@pytest.mark.usefixtures("double")
def test_a_bundle_in_memory_needs_no_handshake(bundle: Path) -> None:
    """wrap_bio(), which asyncio and trio use, reads it as well."""
    context = known(bundle)
    context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost")

    assert not ssl_contexts.has_unread(context)


@pytest.mark.usefixtures("double")
def test_a_bundle_that_changed_is_read_at_once(authority: trustme.CA, bundle: Path, read: list[str]) -> None:
    """It may be broken by now, and then says so where the context is made."""
    known(bundle)
    bundle.write_text("no certificate", encoding="utf-8")

    with pytest.raises(ssl.SSLError):
        ssl.create_default_context(cafile=str(bundle))
    assert ["put off"] == read


@pytest.mark.usefixtures("double")
def test_a_file_of_the_users_is_read_at_once(bundle: Path, tmp_path: Path, read: list[str]) -> None:
    """verify="my.pem" is what the user says, however often it was read."""
    mine = tmp_path / "mine.pem"
    trustme.CA().cert_pem.write_to_path(str(mine))
    known(mine)

    assert [] == read
    with pytest.raises(FileNotFoundError):
        ssl.create_default_context(cafile=str(tmp_path / "missing.pem"))


@pytest.mark.usefixtures("double")
def test_the_systems_are_put_off_and_read(bundle: Path, monkeypatch: pytest.MonkeyPatch, read: list[str]) -> None:
    """load_default_certs() takes those that the environment named when it was called."""
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    context = ssl.create_default_context()
    monkeypatch.delenv("SSL_CERT_FILE")

    assert ["put off"] == read
    assert 1 == context.cert_store_stats()["x509"]


def test_nothing_is_put_off_without_a_double(bundle: Path, read: list[str]) -> None:
    """A suite that has no double now has contexts as ever."""
    ssl_contexts.install(ssl)
    known(bundle)
    ssl.create_default_context()

    assert [] == read


@pytest.mark.usefixtures("double")
def test_a_context_of_a_server_is_read_at_once(bundle: Path, read: list[str]) -> None:
    """It may be handed to a connection that has begun."""
    known(bundle)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_verify_locations(str(bundle))

    assert ["put off"] == read


@pytest.mark.usefixtures("double")
def test_clients_put_it_off(read: list[str]) -> None:
    """httpx.Client() reads nothing that it does not need."""
    httpx.Client().close()
    httpx.Client().close()

    assert "put off" == read[-1]


@pytest.mark.usefixtures("double")
def test_it_goes_with_its_context(bundle: Path) -> None:
    """What will not be read keeps nothing alive."""
    context = known(bundle)
    gone = weakref.ref(context)

    assert ssl_contexts.has_unread(context)

    del context

    assert gone() is None
