#!/usr/bin/env bash
# aiosonic 1.3.3: `json=` takes the caller's Content-Type away, and of a header that comes twice one is left, each way.
#
# One would have guessed that a Content-Type of the caller wins over that of `json=`, as in requests, httpx, aiohttp,
# curl_cffi and primp, and that headers given as pairs are sent as they are.
# Seen: `application/vnd.api+json` is sent as `application/json`; beside `data=` the caller's stays. Its headers are a
# dictionary: of two lines `X-A` the first is lost, of the request and of the answer.
#
# Output seen:
#   json=, application/vnd.api+json: application/json
#   data=, application/vnd.api+json: application/vnd.api+json
#   sent X-A: 1 and X-A: 2, arrived: ['2']
#   answered X-A: 1 and X-A: 2, heard: 2
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check --no-compile 'aiosonic==1.3.3'
cd "$folder"

cat > sent.py <<'PYTHON'
"""Which headers arrive, and which are heard."""
import asyncio, http.server, threading

import aiosonic

arrived = []


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        arrived.append(self.headers)
        self.send_response(200)
        for value in ("1", "2"):
            self.send_header("X-A", value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/"


async def main():
    own = {"Content-Type": "application/vnd.api+json"}
    async with aiosonic.HTTPClient() as client:
        await client.post(url, json={"a": 1}, headers=own)
        print(f"json=, application/vnd.api+json: {arrived[-1]['Content-Type']}")
        await client.post(url, data='{"a": 1}', headers=own)
        print(f"data=, application/vnd.api+json: {arrived[-1]['Content-Type']}")
        answer = await client.post(url, data="x", headers=[("X-A", "1"), ("X-A", "2")])
        print(f"sent X-A: 1 and X-A: 2, arrived: {arrived[-1].get_all('X-A')}")
        print(f"answered X-A: 1 and X-A: 2, heard: {answer.headers['X-A']}")


asyncio.run(main())
PYTHON

seen=$("$folder/venv/bin/python" sent.py)
echo "$seen"
[ "$seen" = "json=, application/vnd.api+json: application/json
data=, application/vnd.api+json: application/vnd.api+json
sent X-A: 1 and X-A: 2, arrived: ['2']
answered X-A: 1 and X-A: 2, heard: 2" ] || { echo "this has changed"; exit 1; }
