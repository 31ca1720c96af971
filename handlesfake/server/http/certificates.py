"""Certificates: a certificate authority that exists only on this machine, for TLS on loopback."""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from handlesfake.errors import SettingsError
from handlesfake.files.placing import place_new
from handlesfake.mpsd.http.message import MPSD_HOST
from handlesfake.values.values import frozen

if TYPE_CHECKING:
    import trustme

NAMES = (MPSD_HOST, "rta.xboxlive.com", "localhost", "127.0.0.1", "::1")
"""What the server's certificate is good for."""

_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"


@frozen
class Certificates:
    """The files of one authority and one certificate of it, PEM."""

    ca_file: Path
    """What a client has to trust: the authority's certificate, without its key."""

    authority_file: Path
    """The authority's key and certificate: anyone who reads it can make certificates that these clients trust."""

    server_file: Path
    """The server's key and certificate."""


def make_certificates(folder: Path, *names: str) -> Certificates:
    """The authority in ``folder`` and a certificate of it for a server; what is missing is made.

    Servers with one folder share its authority, whichever is first. Each file is made whole, and never replaced. So
    a client trusts all of them, and the next run as well. Keys are readable by this user only.

    :param names: hosts that the certificate is to be good for beside :data:`NAMES`.
    :raises SettingsError: the folder cannot be written or holds an authority without its key, a name is not a host,
        or trustme is not installed.
    """
    try:
        import trustme  # noqa: F401 - lazily: an extra, and slow to import
    except ImportError:
        raise SettingsError(
            f"TLS needs trustme, which is not installed:\n  {sys.executable} -m pip install 'handlesfake[tls]'"
        ) from None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _made(folder, tuple(sorted({*NAMES, *names})))
    except OSError as error:
        raise SettingsError(
            f"--tls {folder}: {error.strerror or error}.\n  name a folder that this user may write, or one to be made"
        ) from None


def _made(folder: Path, names: tuple[str, ...]) -> Certificates:
    ca_file, authority_file = folder / "ca.pem", folder / "ca.key"
    before = ca_file.exists()  # the key is made first: where this is there, that must be
    if before and not authority_file.exists():
        raise _no_authority(folder, "there is a ca.pem, and no ca.key to it")
    pem = _kept(authority_file, _new_authority)
    certificate = pem[pem.find(_CERTIFICATE) :]
    authority = _read(folder, pem, certificate)
    if _kept(ca_file, lambda: certificate, 0o644) != certificate:
        raise _no_authority(folder, "ca.pem is not the certificate of ca.key")
    # a name for what it is good for: servers with other names have another file, and replace nothing
    mark = hashlib.sha256(b"\0".join([certificate, *(name.encode() for name in names)])).hexdigest()[:12]
    server_file = folder / f"server-{mark}.pem"
    _kept(server_file, lambda: _issued(authority, names))
    return Certificates(ca_file, authority_file, server_file)


def _new_authority() -> bytes:
    import trustme  # lazily, as above

    made = trustme.CA(organization_name="handlesfake", organization_unit_name="test only")
    return made.private_key_pem.bytes() + made.cert_pem.bytes()


def _read(folder: Path, pem: bytes, certificate: bytes) -> trustme.CA:
    import trustme  # lazily, as above

    try:
        return trustme.CA.from_pem(certificate, pem.removesuffix(certificate))
    except ValueError:
        raise _no_authority(folder, "ca.key cannot be read") from None


def _issued(authority: trustme.CA, names: tuple[str, ...]) -> bytes:
    try:
        made = authority.issue_cert(*names)
    except ValueError as error:
        listed = ", ".join(name for name in names if name not in NAMES)
        raise SettingsError(f"no certificate can be made for {listed}: {error}\n  a name is that of a host") from None
    return made.private_key_pem.bytes() + b"".join(blob.bytes() for blob in made.cert_chain_pems)


def _no_authority(folder: Path, problem: str) -> SettingsError:
    return SettingsError(
        f"--tls {folder}: {problem}.\n  name another folder, or remove ca.pem and ca.key: clients then need new trust"
    )


def _kept(path: Path, make: Callable[[], bytes], mode: int = 0o600) -> bytes:
    """The content of ``path``, or of ``make`` where it is missing: whole, or not at all, and by one process."""
    with suppress(FileNotFoundError):
        return _closed(path, mode)
    raw, draft = make(), path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(raw)
    place_new(draft, path)  # never over what another server has made meanwhile
    return _closed(path, mode)


def _closed(path: Path, mode: int) -> bytes:
    """The content of ``path``, which only this user may read where ``mode`` says so."""
    raw = path.read_bytes()
    if os.name == "posix" and mode == 0o600 and path.stat().st_mode & 0o077:
        path.chmod(mode)
    return raw
