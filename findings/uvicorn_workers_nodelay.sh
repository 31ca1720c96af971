#!/usr/bin/env bash
# uvicorn 0.54.0 (with Python 3.11 to 3.14, Linux, without uvloop): with two workers, each request on a connection that
# is kept alive takes 40 ms and more; with one worker, the same application takes about 1 ms.
#
# Guess written down before: two workers answer one client as fast as one worker does.
# Seen: with more than one worker uvicorn binds the socket itself, as socket.socket(family). Its protocol is then 0, not
# IPPROTO_TCP, and asyncio sets TCP_NODELAY only on sockets that say TCP. uvicorn writes head and body one after the
# other, so that the body waits until the client has acknowledged the head, which Linux delays by 40 ms. With one worker
# asyncio binds the socket from what getaddrinfo says, and that names the protocol.
# Whoever gives asyncio a socket of socket.socket() or socket.create_server() meets the same. handlesfake did.
#
# Output seen: "one worker: under 20 ms; two workers: 40 ms and more".
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check 'uvicorn==0.54.0' 'h11==0.16.0'
cd "$folder"

cat > served.py <<'PYTHON'
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})
PYTHON

cat > fastest.py <<'PYTHON'
"""The fastest of 20 requests on one connection, in milliseconds: a busy machine only makes the others slower."""
import http.client, sys, time

for _ in range(200):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
        connection.connect()
        break
    except ConnectionRefusedError:
        time.sleep(0.1)
seconds = []
for _ in range(25):
    before = time.perf_counter()
    connection.request("GET", "/")
    connection.getresponse().read()
    seconds.append(time.perf_counter() - before)
print(int(min(seconds[5:]) * 1000))
PYTHON

fastest() { # WORKERS
    local port
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    "$folder/venv/bin/python" -m uvicorn served:app --port "$port" --log-level error --workers "$1" >/dev/null 2>&1 &
    server=$!
    "$folder/venv/bin/python" fastest.py "$port"
    kill "$server"
    wait "$server" 2>/dev/null || true
}

one=$(fastest 1)
two=$(fastest 2)
echo "one worker: $one ms; two workers: $two ms"
[ "$one" -lt 20 ] && [ "$two" -ge 35 ] || { echo "this has changed"; exit 1; }
echo "one worker: under 20 ms; two workers: 40 ms and more"
