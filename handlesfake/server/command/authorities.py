"""The authorities that this machine trusts already: with ours alone a program could reach nothing else."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where Debian, Alpine and Arch, Fedora and RHEL, SUSE, and macOS and the BSDs keep theirs."""

REPLACING = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""The variables by which a user names their own bundle: what it holds is not lost."""

_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----\s.*?-----END CERTIFICATE-----", re.S)


def system_authorities(environment: Mapping[str, str]) -> list[bytes]:
    """Each certificate once, as a block of PEM; none where this machine shows none.

    :param environment: the variables of this process; bundles that they name come first.
    """
    named = [environment[name] for name in REPLACING if environment.get(name)]
    return distinct([*_of_paths(named), *(_loaded() or _of_bundles())])


def blocks(raw: bytes) -> list[bytes]:
    """The certificates of a file, as the file has them."""
    return [block.replace(b"\r\n", b"\n") for block in _BLOCK.findall(raw)]


def distinct(found: Iterable[bytes]) -> list[bytes]:
    """Each block once, in order of first occurrence, however its lines are broken."""
    return list({re.sub(rb"\s", b"", block): block for block in found}.values())


def _loaded() -> list[bytes]:
    """What Python trusts: the file of most systems, the store on Windows; no folder, which it reads lazily."""
    found = ssl.create_default_context().get_ca_certs(binary_form=True)
    return [ssl.DER_cert_to_PEM_cert(one).strip().encode() for one in found]


def _of_bundles() -> list[bytes]:
    """What stands where systems keep it; else what certifi brings, where that is installed."""
    paths = ssl.get_default_verify_paths()
    for path in (*SYSTEM_BUNDLES, *filter(None, (paths.capath, paths.openssl_capath)), *_certifi()):
        found = list(_of_paths([path]))
        if found:
            return found
    return []


def _certifi() -> Iterator[str]:
    if find_spec("certifi") is not None:
        import certifi  # lazily: it is not ours, and most systems need none

        yield certifi.where()


def _of_paths(paths: Iterable[str]) -> Iterator[bytes]:
    """The certificates of files, and of folders of files; what cannot be read has none."""
    for path in map(Path, paths):
        try:
            files = sorted(path.iterdir()) if path.is_dir() else [path]
        except OSError:
            continue
        for file in files:
            try:
                if os.path.isfile(file):
                    yield from blocks(file.read_bytes())
            except OSError:
                continue
