"""Certificates: a certificate authority that exists only on this machine, for TLS on loopback."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from handlesfake.errors import SettingsError
from handlesfake.mpsd.message import MPSD_HOST

NAMES = (MPSD_HOST, "rta.xboxlive.com", "localhost", "127.0.0.1", "::1")
"""What the server's certificate is good for."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files of one authority and its server certificate, PEM."""

    ca_file: Path
    """What a client has to trust."""

    key_file: Path
    chain_file: Path


def make_certificates(folder: Path) -> Certificates:
    """Make an authority and a server certificate in ``folder``, which is made when it is missing.

    :raises SettingsError: the folder cannot be written, or trustme is not installed.
    """
    try:
        import trustme  # lazily: an extra, and slow to import
    except ImportError:
        raise SettingsError("--tls needs trustme, which is not installed:  pip install 'handlesfake[tls]'") from None
    authority = trustme.CA(organization_name="handlesfake", organization_unit_name="test only")
    certificate = authority.issue_cert(*NAMES)
    made = Certificates(folder / "ca.pem", folder / "server.key", folder / "server.pem")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        authority.cert_pem.write_to_path(made.ca_file)
        certificate.private_key_pem.write_to_path(made.key_file)
        made.chain_file.write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
        made.key_file.chmod(0o600)
    except OSError as error:
        raise SettingsError(f"--tls {folder}: {error.strerror or error}.") from None
    return made
