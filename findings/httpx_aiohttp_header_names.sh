#!/usr/bin/env bash
# httpx 0.28.1 over httpx-aiohttp 0.2.0 (aiohttp 3.14.5): header names are sent in lower case, which httpx itself, and
# aiohttp itself, send as they were written.
#
# One would have guessed that another transport changes how bytes travel, not which ones: the names are kept by both.
# Seen: the transport hands over request.headers as a mapping, whose names are in lower case; httpx's own transport hands
# over headers.raw. HTTP does not mind. Recordings that are compared by their bytes do, and servers that tell clients apart
# by the order and spelling of their headers.
#
# Output seen:
#   httpx: X-XBL-Contract-Version
#   aiohttp: X-XBL-Contract-Version
#   httpx over httpx-aiohttp: x-xbl-contract-version
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check --no-compile 'httpx==0.28.1' 'httpx-aiohttp==0.2.0' 'aiohttp==3.14.5'
cd "$folder"

cat > sent.py <<'PYTHON'
"""How the name of one header arrives."""
import asyncio, http.server, threading

import aiohttp, httpx, httpx_aiohttp

names = []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        names.append(next(name for name in self.headers if name.lower() == "x-xbl-contract-version"))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/"
headers = {"X-XBL-Contract-Version": "107"}


async def main():
    async with httpx.AsyncClient() as client:
        await client.get(url, headers=headers)
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers):
        pass
    async with httpx_aiohttp.HttpxAiohttpClient() as client:
        await client.get(url, headers=headers)


asyncio.run(main())
for client, name in zip(("httpx", "aiohttp", "httpx over httpx-aiohttp"), names, strict=True):
    print(f"{client}: {name}")
PYTHON

seen=$("$folder/venv/bin/python" sent.py)
echo "$seen"
[ "$seen" = 'httpx: X-XBL-Contract-Version
aiohttp: X-XBL-Contract-Version
httpx over httpx-aiohttp: x-xbl-contract-version' ] || { echo "this has changed"; exit 1; }
