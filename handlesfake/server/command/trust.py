"""Trust: the files by which the programs of a command trust a server's authority beside those of the system."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from pathlib import Path

from handlesfake.server.command.authorities import REPLACING, blocks, distinct, system_authorities
from handlesfake.values.values import frozen

STORE_PASSWORD = "changeit"  # noqa: S105 - Java's usual one: certificates are no secret
"""The password of the trust store, which Java wants to be said."""

_ADDING = ("NODE_EXTRA_CA_CERTS", "DENO_CERT")
"""The variables by which programs add authorities to their own."""

PHP_FOLDERS = "PHP_INI_SCAN_DIR"
"""The folders of PHP's settings; a later file wins (https://www.php.net/manual/en/configuration.file.php)."""

ADDED_TO = (*REPLACING, *_ADDING)
"""The variables in which a user may have named authorities, which stay trusted."""


@frozen
class Trust:
    """Files of PEM, and one that Java reads."""

    ca_file: Path
    """The server's authority alone."""

    bundle: Path
    """The same, and all that this machine trusts: for programs that read one file instead of the system's."""

    extra: Path
    """The same, and what the user has had Node and Deno trust: for programs that add a file to their own."""

    store: Path | None
    """The bundle as a trust store (PKCS#12) for Java; None where cryptography is too old to write one."""

    php: Path
    """A folder of settings for PHP, whose curl reads no variable for its authorities; they name the bundle."""

    is_alone: bool
    """No authorities of this machine were found: the bundle holds the server's alone."""

    def variables(self, environment: Mapping[str, str]) -> dict[str, str]:
        """What programs of each language read; docs/ci.md has the source for each.

        :param environment: the variables that they have beside these.
        """
        said = {
            "MPSD_CA": self.ca_file,
            "SSL_CERT_FILE": self.bundle,
            "REQUESTS_CA_BUNDLE": self.bundle,  # requests brings certifi, and reads no variable of OpenSSL
            "CURL_CA_BUNDLE": self.bundle,  # of the program curl; its library, which PHP has too, reads no variable
            "NODE_EXTRA_CA_CERTS": self.extra,
            "DENO_CERT": self.extra,
            "MPSD_TRUST_STORE": self.store,
        }
        paths = {name: str(path.absolute()) for name, path in said.items() if path is not None}
        return {**paths, PHP_FOLDERS: _behind(environment.get(PHP_FOLDERS), self.php)}


def make_trust(ca_file: Path, folder: Path, environment: Mapping[str, str]) -> Trust:
    """Write the files into ``folder``, which exists.

    :param ca_file: the server's authority, PEM.
    :param environment: the variables of this process, in which a user may have named authorities.
    """
    ours, system = ca_file.read_bytes().strip(), system_authorities(environment)
    bundle = _written(folder / "ca-bundle.pem", [ours, *system])
    added = [name for name in _ADDING if Path(environment.get(name) or ".").is_file()]
    extra = ca_file
    if added:
        theirs = [block for name in added for block in blocks(Path(environment[name]).read_bytes())]
        extra = _written(folder / "ca-extra.pem", [ours, *theirs])
    store, php = _store(folder / "trust.p12", [ours, *system]), _php(folder / "php", bundle)
    return Trust(ca_file, bundle, extra, store, php, not system)


def _written(path: Path, certificates: list[bytes]) -> Path:
    path.write_bytes(b"\n".join(distinct(certificates)) + b"\n")
    return path


def _php(folder: Path, bundle: Path) -> Path:
    folder.mkdir(exist_ok=True)
    file = bundle.absolute().as_posix()  # a backslash would escape what is behind it
    settings = "".join(f'{name} = "{file}"\n' for name in ("curl.cainfo", "openssl.cafile"))
    (folder / "handlesfake.ini").write_text(settings, encoding="utf-8")
    return folder


def _behind(folders: str | None, folder: Path) -> str:
    """``folder`` after those that PHP was to read; an empty name means that of its installation."""
    own = str(folder.absolute())
    return own if folders == "" else f"{folders or ''}{os.pathsep}{own}"


def _store(path: Path, certificates: list[bytes]) -> Path | None:
    try:
        from cryptography.hazmat.primitives.serialization import (  # lazily: trustme brings it
            BestAvailableEncryption,
            pkcs12,
        )
        from cryptography.x509 import load_pem_x509_certificate

        serialize = pkcs12.serialize_java_truststore  # it came with 45
    except (ImportError, AttributeError):
        return None
    found = []
    for number, block in enumerate(certificates):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a system may hold what the standard does not allow
                certificate = load_pem_x509_certificate(block)
        except ValueError:  # nor does cryptography, in later releases
            continue
        found.append(pkcs12.PKCS12Certificate(certificate, f"{number}".encode()))
    path.write_bytes(serialize(found, BestAvailableEncryption(STORE_PASSWORD.encode())))
    return path
