#!/usr/bin/env bash
# primp 2.0.1: `json=` sorts the keys of each object, refuses integers from 2**64 on, and refuses keys that are numbers.
#
# One would have guessed that a client writes a dictionary as json.dumps does: in its order, with integers of any length,
# and with {1: 2} as {"1": 2}. requests, httpx, aiohttp, urllib3, curl_cffi and treq do.
# Seen: primp hands the dictionary to Rust, where it becomes a map that is kept sorted. So a signature over
# json.dumps(document) does not fit the body that is sent, and a NetherNet id (u64) passes while 2**64 does not.
#
# Output seen:
#   {"a":2,"z":{"b":4,"y":3}}
#   18446744073709551615 is sent
#   18446744073709551616: PrimpError: JSON number out of range
#   {1: 2}: PrimpError: unexpected type: 'int' object is not an instance of 'str'
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check --no-compile 'primp==2.0.1'
cd "$folder"

cat > sent.py <<'PYTHON'
"""What arrives of four documents."""
import http.server, threading

import primp

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


def came_to(document):
    try:
        primp.Client().post(url, json=document)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return bodies[-1]


print(came_to({"z": {"y": 3, "b": 4}, "a": 2}))
print("18446744073709551615 is sent" if came_to({"n": 2**64 - 1}) == '{"n":18446744073709551615}' else "it is not")
print(f"18446744073709551616: {came_to({'n': 2**64})}")
print(f"{{1: 2}}: {came_to({1: 2})}")
PYTHON

seen=$("$folder/venv/bin/python" sent.py)
echo "$seen"
[ "$seen" = '{"a":2,"z":{"b":4,"y":3}}
18446744073709551615 is sent
18446744073709551616: PrimpError: JSON number out of range
{1: 2}: PrimpError: unexpected type: '"'int' object is not an instance of 'str'" ] || { echo "this has changed"; exit 1; }
