"""A context that put its certificates off trusts what it was told to trust, and nothing that was named since."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import trustme

from handlesfake.intercept.network import ssl_contexts
from tests.intercept.stub import Stub
from tests.intercept.tls import known, said_to
from tests.patience import PATIENCE
from tests.systems.needed import system_has

Serve = Callable[[trustme.CA], int]

pytestmark = pytest.mark.usefixtures("double")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the machine says of certificates does not count here."""
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))


def written(authority: trustme.CA, path: Path) -> str:
    """A bundle of one authority."""
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def refuses(context: ssl.SSLContext, port: int) -> bool:
    """Whether that server is not trusted."""
    with pytest.raises(ssl.SSLCertVerificationError) as refused:
        said_to(context, port)
    return refused.value.verify_code != 0


def test_a_bundle_that_is_replaced_names_nobody_new(authority: trustme.CA, bundle: Path, serve: Serve) -> None:
    """The authority of the file's later content is refused, and that of its first one is trusted."""
    context = known(bundle)
    later = trustme.CA()
    written(later, bundle)

    assert refuses(context, serve(later))
    assert b"hello" == said_to(context, serve(authority))


def test_a_bundle_of_the_same_length_and_time_is_another_one(
    authority: trustme.CA, bundle: Path, serve: Serve
) -> None:
    """Who sets the time of a file back is not believed."""
    context, before = known(bundle), os.stat(bundle)
    bundle.write_bytes(b"\n" * before.st_size)
    os.utime(bundle, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert b"hello" == said_to(context, serve(authority))


def test_a_bundle_that_is_gone_is_trusted_still(authority: trustme.CA, bundle: Path, serve: Serve) -> None:
    """A client that outlives the folder of its bundle goes on, as it does without a double."""
    context = known(bundle)
    bundle.unlink()

    assert b"hello" == said_to(context, serve(authority))


def test_an_environment_that_names_a_file_later_is_not_heard(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, serve: Serve
) -> None:
    """A context of the system's certificates does not take those that SSL_CERT_FILE names afterwards."""
    monkeypatch.delenv("SSL_CERT_DIR")
    context = ssl.create_default_context()
    stranger = trustme.CA()
    monkeypatch.setenv("SSL_CERT_FILE", written(stranger, tmp_path / "stranger.pem"))

    assert refuses(context, serve(stranger))


def test_a_file_of_the_environment_that_is_replaced(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, serve: Serve
) -> None:
    """The system's certificates are those of the file as it was, too."""
    path, later = tmp_path / "system.pem", trustme.CA()
    monkeypatch.setenv("SSL_CERT_FILE", written(authority, path))
    context = ssl.create_default_context()
    written(later, path)

    assert refuses(context, serve(later))
    assert b"hello" == said_to(context, serve(authority))


def test_a_file_that_appears_later_is_not_heard(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, serve: Serve
) -> None:
    """Where the file of the environment was missing, the context trusts no server."""
    path, later = tmp_path / "system.pem", trustme.CA()
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    context = ssl.create_default_context()
    written(later, path)

    assert refuses(context, serve(later))


def test_an_environment_that_named_the_public_bundle(
    authority: trustme.CA, bundle: Path, monkeypatch: pytest.MonkeyPatch, serve: Serve
) -> None:
    """SSL_CERT_FILE=certifi's is read for the connection, and not put off again."""
    known(bundle)
    monkeypatch.delenv("SSL_CERT_DIR")
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    context = ssl.create_default_context()
    monkeypatch.delenv("SSL_CERT_FILE")

    assert b"hello" == said_to(context, serve(authority))


def test_another_name_is_refused(authority: trustme.CA, bundle: Path, serve: Serve) -> None:
    """The name of the server is checked as ever."""
    context = known(bundle)

    with (
        socket.create_connection(("127.0.0.1", serve(authority)), timeout=PATIENCE) as connection,
        pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"),
    ):
        context.wrap_socket(connection, server_hostname="other.example")


def test_no_check_of_names_checks_the_authority(bundle: Path, serve: Serve) -> None:
    """check_hostname=False lets any name pass, and no stranger."""
    context = known(bundle)
    context.check_hostname = False

    assert refuses(context, serve(trustme.CA()))


def test_a_bundle_beside_one_of_the_users(bundle: Path, tmp_path: Path, serve: Serve) -> None:
    """Authorities add up, whichever was read first."""
    context, mine = known(bundle), trustme.CA()
    context.load_verify_locations(written(mine, tmp_path / "mine.pem"))

    assert b"hello" == said_to(context, serve(mine))
    assert 2 == context.cert_store_stats()["x509"]


def test_a_failure_to_read_is_told_each_time(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A context whose certificates could not be read says so at its second connection as well."""
    context = known(bundle)

    def fail(one: ssl.SSLContext) -> None:
        raise OSError("the disk is gone")

    ssl_contexts._put_off(context, fail)

    for _ in range(2):
        with pytest.raises(OSError, match="the disk is gone"):
            context.get_ca_certs()


def test_a_connection_that_has_not_shaken_hands(authority: trustme.CA, bundle: Path, serve: Serve) -> None:
    """What a context is told to trust between the connection and the handshake counts for that handshake."""
    known(bundle)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with (
        socket.create_connection(("127.0.0.1", serve(authority)), timeout=PATIENCE) as connection,
        context.wrap_socket(connection, server_hostname="localhost", do_handshake_on_connect=False) as safe,
    ):
        context.load_verify_locations(str(bundle))
        safe.do_handshake()

        assert b"hello" == safe.recv(5)


def test_a_road_that_another_tool_put_back(
    authority: trustme.CA, bundle: Path, monkeypatch: pytest.MonkeyPatch, serve: Serve
) -> None:
    """The handshake finds its certificates where wrap_socket() is Python's own again."""
    context = known(bundle)
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", ssl.SSLContext.wrap_socket.__wrapped__)  # type: ignore[attr-defined]  # the seam's

    assert b"hello" == said_to(context, serve(authority))


def test_a_class_of_ones_own_is_read_at_once(bundle: Path) -> None:
    """A subclass may say what it equals: two of them must not share what they trust."""

    class Equal(ssl.SSLContext):
        def __eq__(self, other: object) -> bool:
            return isinstance(other, Equal)

        def __hash__(self) -> int:
            return 1

    known(bundle)
    first, second = Equal(ssl.PROTOCOL_TLS_CLIENT), Equal(ssl.PROTOCOL_TLS_CLIENT)
    first.load_verify_locations(str(bundle))

    assert 0 == second.cert_store_stats()["x509"]
    assert 1 == first.cert_store_stats()["x509"]


def test_a_tool_that_puts_a_class_of_its_own_into_ssl(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, serve: Serve
) -> None:
    """A context that was made before truststore's injection, or a similar one, is read after it."""
    monkeypatch.setenv("SSL_CERT_FILE", written(authority, tmp_path / "system.pem"))
    context = ssl.create_default_context()
    monkeypatch.delenv("SSL_CERT_FILE")
    own = type("SSLContext", (ssl.SSLContext,), {"__module__": "truststore"})
    with monkeypatch.context() as injected:
        injected.setattr(ssl, "SSLContext", own)
        found = context.get_ca_certs()

    assert 1 == len(found)
    assert b"hello" == said_to(context, serve(authority))


def test_what_is_no_purpose_is_told_at_once() -> None:
    """load_default_certs("client") is the user's mistake, and said where it is made."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    with pytest.raises(TypeError):
        context.load_default_certs("client")  # type: ignore[arg-type]  # the mistake itself


def test_one_context_for_many_threads(authority: trustme.CA, bundle: Path, serve: Serve) -> None:
    """Eight threads connect at once with a context that was not read yet: all of them are trusted."""
    context, ports = known(bundle), [serve(authority) for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        assert [b"hello"] * 8 == list(pool.map(lambda port: said_to(context, port), ports))


@system_has("fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")  # Python 3.12 warns of what is tried here
def test_a_fork_while_another_thread_reads(bundle: Path) -> None:
    """The child is born when the reading is over, and reads for itself."""
    reading, forking = threading.Event(), threading.Event()
    slow, context = known(bundle), known(bundle)

    def read_slowly(one: ssl.SSLContext) -> None:
        reading.set()
        forking.wait(0.2)

    ssl_contexts._put_off(slow, read_slowly)
    thread = threading.Thread(target=slow.get_ca_certs)
    thread.start()
    reading.wait(PATIENCE)
    child = os.fork()
    if child == 0:
        free = ssl_contexts._lock.acquire(timeout=2)
        os._exit(len(context.get_ca_certs()) if free else 9)
    forking.set()
    thread.join()

    assert 1 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_contexts_need_a_double_to_wait(double: Stub, bundle: Path) -> None:
    """A server's context never waits, whatever is active."""
    known(bundle)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(bundle))

    assert not ssl_contexts.has_unread(context)
    assert double.hosts
