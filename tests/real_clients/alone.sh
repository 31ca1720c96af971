#!/bin/sh
# Runs a command where nothing but this machine is on the network, and where the names of the services lead to it.
#
#     unshare --map-root-user --net --mount sh tests/real_clients/alone.sh COMMAND
set -eu
ip link set lo up
hosts=$(mktemp)
cat > "$hosts" <<NAMES
127.0.0.1 localhost sessiondirectory.xboxlive.com rta.xboxlive.com
127.0.0.1 login.live.com login.microsoftonline.com sisu.xboxlive.com title.mgt.xboxlive.com
127.0.0.1 device.auth.xboxlive.com title.auth.xboxlive.com user.auth.xboxlive.com xsts.auth.xboxlive.com
NAMES
mount --bind "$hosts" /etc/hosts
rm "$hosts"
exec "$@"
