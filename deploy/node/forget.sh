#!/bin/sh
# Forget what a killed engine left behind, then start the engine: forget.sh DATA_ROOT EXEC_ROOT [COMMAND…]
#
# After SIGKILL or a power cut the engine refuses its own networks ("network … exists"), and the
# network namespaces of its dead containers still answer for their old addresses, which new
# containers get again: their ports stay silent. As a systemd drop-in: ExecStartPre=.
# Networks that were made by hand on this node are forgotten too; those of the Swarm come back.
rm -f "$1/network/files/local-kv.db"
for space in "$2"/netns/*; do
    [ -e "$space" ] || continue
    umount -l "$space" 2>/dev/null
    rm -f "$space"
done
shift 2
[ $# -eq 0 ] || exec "$@"
