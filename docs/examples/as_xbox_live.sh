#!/bin/sh
# as_xbox_live.sh COMMAND...: run a client as it is, in a private network where the real host names lead to handlesfake
# on port 443. Linux, without privileges; needs unshare (util-linux) and ip (iproute2). Nothing leaves that network.
# HANDLESFAKE says how handlesfake is started, SETUP names a script that runs before the command, once it answers.
set -eu
if [ -z "${IN_PRIVATE-}" ]; then
  exec unshare --user --map-root-user --net --mount env IN_PRIVATE=1 "$0" "$@"
fi
folder=$(mktemp -d)
ip link set lo up
echo '127.0.0.1 localhost sessiondirectory.xboxlive.com rta.xboxlive.com' > "$folder/hosts"
mount --bind "$folder/hosts" /etc/hosts
${HANDLESFAKE:-handlesfake} serve --port 443 --tls "$folder" --ready-file "$folder/ready.json" ${SERVE-} > /dev/null &
server=$!
trap 'kill $server; wait $server || true; rm -r "$folder"' EXIT
until [ -e "$folder/ready.json" ]; do kill -0 $server; sleep 0.1; done
MPSD_CONTROL=$(sed 's/.*"control": "\([^"]*\)".*/\1/' "$folder/ready.json")
export MPSD_CONTROL SSL_CERT_FILE="$folder/ca.pem" NODE_EXTRA_CA_CERTS="$folder/ca.pem"
export REQUESTS_CA_BUNDLE="$folder/ca.pem" CURL_CA_BUNDLE="$folder/ca.pem"
if [ -n "${SETUP-}" ]; then . "$SETUP"; fi
"$@"
