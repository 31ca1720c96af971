#!/usr/bin/env bash
# curl_cffi 0.17.0: `{"a": ["1", "2"]}` is `a=1&a=2` as `params=`, and the text of a Python list as `data=`.
#
# One would have guessed that a client with the face of requests reads the same mapping in the same way in both places, as
# requests, httpx, httpx2 and niquests do: a list is a key that comes several times.
# Seen: only the query is read so. A form gets urlencode() without doseq, so that a list, or a tuple, arrives as one value in
# Python's own notation, and the answer is as good as any. True is `true` in a query and `True` in a form. A list of pairs,
# data=[("a", "1"), ("a", "2")], is sent right.
#
# Output seen:
#   requests   params=  a=1&a=2                      data=  a=1&a=2
#   curl_cffi  params=  a=1&a=2                      data=  a=['1', '2']
#   curl_cffi  params=  a=true                       data=  a=True
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check --no-compile 'curl_cffi==0.17.0' 'requests==2.34.2'
cd "$folder"

cat > sent.py <<'PYTHON'
"""What arrives of one mapping, as a query and as a form."""
import http.server, threading, urllib.parse

import requests
from curl_cffi import requests as curl_cffi

arrived = []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        arrived.append(urllib.parse.unquote_plus(body or self.path.partition("?")[2]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/"


def tell(name, client, mapping):
    client.post(url, params=mapping, timeout=10)
    client.post(url, data=mapping, timeout=10)
    print(f"{name:<10} params=  {arrived[-2]:<28} data=  {arrived[-1]}")


tell("requests", requests, {"a": ["1", "2"]})
tell("curl_cffi", curl_cffi, {"a": ["1", "2"]})
tell("curl_cffi", curl_cffi, {"a": True})
PYTHON

seen=$("$folder/venv/bin/python" sent.py)
echo "$seen"
[ "$seen" = "requests   params=  a=1&a=2                      data=  a=1&a=2
curl_cffi  params=  a=1&a=2                      data=  a=['1', '2']
curl_cffi  params=  a=true                       data=  a=True" ] || { echo "this has changed"; exit 1; }
