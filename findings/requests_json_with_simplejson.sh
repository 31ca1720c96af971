#!/usr/bin/env bash
# requests 2.34.2: what `json=` sends depends on whether simplejson 3.20.2 is installed, which requests never asks for.
# A namedtuple is an array without it, and an object with it; a Decimal is a TypeError without it, and a number with it.
#
# Guess written down before: requests sends the same JSON, whatever else is installed.
# Seen: requests.compat imports simplejson where it is there, and json otherwise. simplejson writes namedtuples as objects
# and Decimals as numbers unless it is told otherwise, and requests does not tell it. So a test that passes on one machine
# meets another body on the next, where some other package has brought simplejson along.
#
# Output seen:
#   without: {"ref": ["scid-1", "lobby-1"]}; a Decimal: TypeError
#   with:    {"ref": {"scid": "scid-1", "name": "lobby-1"}}; a Decimal: {"x": 1.50}
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check --no-compile 'requests==2.34.2'
cd "$folder"

cat > sent.py <<'PYTHON'
"""What arrives of two documents."""
import collections, decimal, http.server, threading

import requests

bodies = []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/"
Ref = collections.namedtuple("Ref", "scid name")
requests.post(url, json={"ref": Ref("scid-1", "lobby-1")}, timeout=10)
try:
    requests.post(url, json={"x": decimal.Decimal("1.50")}, timeout=10)
except TypeError as error:
    bodies.append(type(error).__name__)
print(f"{bodies[0]}; a Decimal: {bodies[1]}")
PYTHON

without=$("$folder/venv/bin/python" sent.py)
"$folder/venv/bin/pip" install -q --disable-pip-version-check --no-compile 'simplejson==3.20.2'
with=$("$folder/venv/bin/python" sent.py)
echo "without: $without"
echo "with:    $with"
[ "$without" = '{"ref": ["scid-1", "lobby-1"]}; a Decimal: TypeError' ] &&
    [ "$with" = '{"ref": {"scid": "scid-1", "name": "lobby-1"}}; a Decimal: {"x": 1.50}' ] ||
    { echo "this has changed"; exit 1; }
