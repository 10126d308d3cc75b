#!/bin/sh
# A bridge for builds with a way out, by rules that carry our mark; then the engine. It never
# touches the machine's other rules.
set -eu
bridge=${BUILD_BRIDGE:-mdbuildc}
subnet=${BUILD_SUBNET:-172.31.250.0/24}
address=${subnet%.0/24}.1/24
mark=mydocker-compose

rule() { # table chain match...
    table=$1 chain=$2
    shift 2
    iptables -w -t "$table" -C "$chain" "$@" 2>/dev/null || iptables -w -t "$table" -I "$chain" 1 "$@"
}
forget() {
    iptables -w -t nat -D POSTROUTING -s "$subnet" ! -o "$bridge" -m comment --comment $mark -j MASQUERADE
    iptables -w -D FORWARD -i "$bridge" ! -o "$bridge" -m comment --comment $mark -j ACCEPT
    iptables -w -D FORWARD -o "$bridge" -m conntrack --ctstate RELATED,ESTABLISHED \
        -m comment --comment $mark -j ACCEPT
    ip link del "$bridge"
}

[ -e "/sys/class/net/$bridge" ] || ip link add "$bridge" type bridge
ip addr replace "$address" dev "$bridge"
ip link set "$bridge" up
rule nat POSTROUTING -s "$subnet" ! -o "$bridge" -m comment --comment $mark -j MASQUERADE
rule filter FORWARD -i "$bridge" ! -o "$bridge" -m comment --comment $mark -j ACCEPT
rule filter FORWARD -o "$bridge" -m conntrack --ctstate RELATED,ESTABLISHED \
    -m comment --comment $mark -j ACCEPT

# The builder, and nobody else, may speak to it: the socket belongs to its group.
rm -f /run/docker.pid
dockerd --host=unix:///run/build-engine/docker.sock --group=10001 --bridge="$bridge" \
    --iptables=false --ip6tables=false --ip-masq=false --log-level=warn &
engine=$!
trap 'kill $engine; wait $engine; forget; exit 0' TERM INT
wait $engine
