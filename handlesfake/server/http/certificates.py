"""Certificates: a certificate authority that exists only on this machine, for TLS on loopback."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from handlesfake.errors import SettingsError
from handlesfake.mpsd.http.message import MPSD_HOST

NAMES = (MPSD_HOST, "rta.xboxlive.com", "localhost", "127.0.0.1", "::1")
"""What the server's certificate is good for."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files of one authority and its server certificate, PEM."""

    ca_file: Path
    """What a client has to trust."""

    key_file: Path
    chain_file: Path


def make_certificates(folder: Path, *names: str) -> Certificates:
    """Make an authority and a server certificate in ``folder``, which is made when it is missing.

    :param names: hosts that the certificate is to be good for beside :data:`NAMES`.
    :raises SettingsError: the folder cannot be written, or trustme is not installed.
    """
    try:
        import trustme  # lazily: an extra, and slow to import
    except ImportError:
        raise SettingsError(
            f"TLS needs trustme, which is not installed:\n  {sys.executable} -m pip install 'handlesfake[tls]'"
        ) from None
    authority = trustme.CA(organization_name="handlesfake", organization_unit_name="test only")
    certificate = authority.issue_cert(*dict.fromkeys((*NAMES, *names)))
    made = Certificates(folder / "ca.pem", folder / "server.key", folder / "server.pem")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made.ca_file.write_bytes(authority.cert_pem.bytes())
        made.chain_file.write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
        _write_secret(made.key_file, certificate.private_key_pem.bytes())
    except OSError as error:
        raise SettingsError(
            f"--tls {folder}: {error.strerror or error}.\n  name a folder that this user may write, or one to be made"
        ) from None
    return made


def _write_secret(path: Path, content: bytes) -> None:
    """Nobody else may read it, at no time."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
