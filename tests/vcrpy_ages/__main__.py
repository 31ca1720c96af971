"""Makes environments with five releases of vcrpy, has each record every exchange, and plays them here.

Prints the table, and writes it into ``docs/vcrpy.md`` with ``--write``. Fails where the page says otherwise.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import venv
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from gzip import compress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import handlesfake
from docs.making.markdown import table
from tests.vcrpy_ages.exchanges import BODIES, CLIENTS, CODINGS

RELEASES = {
    "9.4.2": "requests urllib3 httpx aiohttp",
    "8.2.1": "requests urllib3 httpx==0.28.1 aiohttp==3.12.15",
    "7.0.0": "requests urllib3<2.4 httpx==0.27.2 aiohttp==3.11.18",
    "5.1.0": "requests==2.31 urllib3<2 httpx==0.25.2 aiohttp==3.9.5",
    "4.1.1": "requests==2.28.2 urllib3<1.27 httpx==0.23.3 aiohttp==3.8.6",
}
"""Each release of vcrpy, with the clients of its time."""

PAGE = Path(__file__).parents[2] / "docs" / "vcrpy.md"
_PART = re.compile(r"(?<=<!-- made by tox -e vcrpy-ages -->\n).*?(?=<!-- end -->)", re.S)
_PACKED = {"gzip": compress, "deflate": zlib.compress}


class _Origin(BaseHTTPRequestHandler):
    """Says what it was sent, under the coding that the path names."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = json.dumps({"sent": sent.decode(), "é": "ü"}, ensure_ascii=False, indent=1).encode()
        coding = self.path.strip("/")
        if coding == "br":
            import brotli  # the extra codings

            body = brotli.compress(body)
        body = _PACKED.get(coding, bytes)(body)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        if coding != "identity":
            self.send_header("Content-Encoding", coding)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def origin() -> Iterator[str]:
    """The authority of a service on loopback, inside."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Origin) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def recorded(release: str, folder: Path, authority: str) -> dict[str, object]:
    """What the clients of ``release`` got while it recorded into ``folder``, by the name of the cassette."""
    home = folder / "venv"
    venv.create(home, with_pip=True)
    python = str(next(path for path in (home / "bin/python", home / "Scripts/python.exe") if path.exists()))
    wanted = [f"vcrpy=={release}", *RELEASES[release].split(), "brotli", "setuptools<81"]
    subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted], check=True)
    command = [python, "-W", "ignore", str(Path(__file__).with_name("record.py")), f"http://{authority}", str(folder)]
    found: dict[str, object] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def played(name: str, folder: Path, authority: str) -> list[object] | str:
    """What the client of today gets from the cassette."""
    client, kind, coding = name.rpartition(".")[0].split()
    try:
        with handlesfake.replay(folder / name, hosts=(authority,)):
            status, content = CLIENTS[client](f"http://{authority}/{coding}", kind)
    except Exception as error:  # noqa: BLE001 - whatever it is stands in the output
        return f"{type(error).__name__}: {error}"
    return [status, content.hex()]


def outcome(real: object, here: object, coding: str, client: str) -> str:
    """``play``, or what happened."""
    if isinstance(real, str):
        return "fail in vcrpy"
    if isinstance(here, str):
        return "refused"
    if real == here:
        return "play"
    # http.client is handed the packed bytes by the service, and the plain ones here: the header is gone, too
    assert isinstance(real, list)
    assert isinstance(here, list)
    if client == "http.client" and coding != "identity" and bytes.fromhex(here[1]).startswith(b"{"):
        return "play unpacked"
    return "other bytes"


def rows() -> Iterator[tuple[str, ...]]:
    """One for each release and client: how many of its cassettes play, by the kind of body."""
    for release in RELEASES:
        with tempfile.TemporaryDirectory() as home:
            folder = Path(home)
            with origin() as authority:
                real = recorded(release, folder, authority)
            for client in CLIENTS:
                cells = []
                for kind in BODIES:
                    names = [
                        f"{client} {kind} {coding}.{suffix}" for coding in CODINGS for suffix in ("yaml", "json")
                    ]
                    found = [
                        outcome(
                            real[name], played(name, folder, authority), name.split()[-1].partition(".")[0], client
                        )
                        for name in names
                    ]
                    for name, one in zip(names, found, strict=True):
                        if one in ("refused", "other bytes"):
                            print(
                                release, name, one, str(real[name])[:160], str(played(name, folder, authority))[:300]
                            )
                    counts = {one: found.count(one) for one in dict.fromkeys(found)}
                    cells.append(", ".join(f"{count} {one}" for one, count in counts.items()))
                yield (release, client, *cells)


def main() -> int:
    """The status of the process: 1 where the page says otherwise."""
    warnings.simplefilter("ignore")
    made = table(["vcrpy", "client", *BODIES], rows()) + "\n"
    print(made)
    text = PAGE.read_text(encoding="utf-8")
    if "--write" in sys.argv:
        PAGE.write_text(_PART.sub(lambda _: made, text), encoding="utf-8")
    return int("--write" not in sys.argv and made not in text)


if __name__ == "__main__":
    sys.exit(main())
