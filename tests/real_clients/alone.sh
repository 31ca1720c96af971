#!/bin/sh
# Runs a command where nothing but this machine is on the network, and where the names of the service lead to it.
#
#     unshare --map-root-user --net --mount sh tests/real_clients/alone.sh COMMAND
set -eu
ip link set lo up
hosts=$(mktemp)
echo "127.0.0.1 localhost sessiondirectory.xboxlive.com rta.xboxlive.com" > "$hosts"
echo "127.0.0.2 login.live.com user.auth.xboxlive.com xsts.auth.xboxlive.com" >> "$hosts"
mount --bind "$hosts" /etc/hosts
rm "$hosts"
exec "$@"
