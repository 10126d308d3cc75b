#!/bin/sh
# A bridge for builds with a way out, by rules that carry our mark; then the engine. It never
# touches the machine's other rules.
set -eu
bridge=${BUILD_BRIDGE:-mdbuildc}
subnet=${BUILD_SUBNET:-172.31.250.0/24}
address=${subnet%.0/24}.1/24
mark=mydocker-compose

out=$(echo "$bridge-OUT" | tr a-z A-Z)
host=$(echo "$bridge-HOST" | tr a-z A-Z)
answers='-m conntrack --ctstate RELATED,ESTABLISHED'
ours="-m comment --comment $mark"

# What steps of a build reach, as in deploy/machine/network/firewall.py (a test compares): the world; no
# container and no service of this machine, no metadata of a cloud, and no private network but those
# of MYDOCKER_BUILD_PRIVATE.
build_rules() {
    echo '*filter'
    echo ":$out - [0:0]"
    echo ":$host - [0:0]"
    for chain in "$out" "$host"; do
        echo "-A $chain $answers $ours -j ACCEPT"
        for server in $resolvers; do
            for protocol in udp tcp; do
                echo "-A $chain -d $server -p $protocol --dport 53 $ours -j ACCEPT"
            done
        done
    done
    for network in 169.254.0.0/16 100.100.100.200/32 192.0.0.192/32; do
        refuse "$out -d $network"
    done
    for name in mdenv+ docker0 docker_gwbridge br-+ "$bridge"; do
        refuse "$out -o $name"
    done
    for network in $(echo "${MYDOCKER_BUILD_PRIVATE:-}" | tr , ' '); do
        echo "-A $out -d $network $ours -j ACCEPT"
    done
    for network in 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10; do
        refuse "$out -d $network"
    done
    echo "-A $out $ours -j ACCEPT"
    refuse "$host"
    echo COMMIT
}
refuse() { # chain and match
    echo "-A $1 -p tcp $ours -j REJECT --reject-with tcp-reset"
    echo "-A $1 $ours -j REJECT --reject-with icmp-admin-prohibited"
}
lead_in() { # table chain match...
    table=$1 chain=$2
    shift 2
    iptables -w -t "$table" -C "$chain" "$@" 2>/dev/null \
        || iptables -w -t "$table" -I "$chain" "$@"
}
docker_user_first() { # engines do the same when they start
    first=$(iptables -w -S FORWARD | grep '^-A' | head -n 1)
    [ "$first" = '-A FORWARD -j DOCKER-USER' ] && return
    iptables -w -D FORWARD -j DOCKER-USER 2>/dev/null || true
    iptables -w -I FORWARD -j DOCKER-USER
}
forget() {
    iptables -w -t nat -D POSTROUTING -s "$subnet" ! -o "$bridge" $ours -j MASQUERADE
    iptables -w -D DOCKER-USER -i "$bridge" $ours -j "$out"
    iptables -w -D FORWARD -o "$bridge" $answers $ours -j ACCEPT
    iptables -w -D INPUT -i "$bridge" $ours -j "$host"
    for chain in "$out" "$host"; do
        iptables -w -F "$chain"
        iptables -w -X "$chain"
    done
    ip link del "$bridge"
}

resolvers=$(awk '$1 == "nameserver" && $2 ~ /^[0-9.]+$/ && $2 !~ /^127\./ { print $2 }' /etc/resolv.conf)
if [ "${1:-}" = rules ]; then
    build_rules
    exit
fi
[ -e "/sys/class/net/$bridge" ] || ip link add "$bridge" type bridge
ip addr replace "$address" dev "$bridge"
ip link set "$bridge" up
build_rules | iptables-restore -w --noflush
iptables -w -N DOCKER-USER 2>/dev/null || true
lead_in nat POSTROUTING -s "$subnet" ! -o "$bridge" $ours -j MASQUERADE
# Docker before version 28 puts the rules of each new network first in FORWARD, behind DOCKER-USER.
lead_in filter DOCKER-USER -i "$bridge" $ours -j "$out"
lead_in filter FORWARD -o "$bridge" $answers $ours -j ACCEPT
lead_in filter INPUT -i "$bridge" $ours -j "$host"
docker_user_first
# Rules of earlier versions: one let builds reach everything, one came too late.
while iptables -w -D FORWARD -i "$bridge" ! -o "$bridge" $ours -j ACCEPT 2>/dev/null; do :; done
while iptables -w -D FORWARD -i "$bridge" $ours -j "$out" 2>/dev/null; do :; done

here=$(dirname "$0")
builds=/mydocker-builds
sh "$here/limits.sh" lay "$builds"

# What of the cache is kept: by age, then by size.
sed -e "s/CACHE_HOURS/$((${MYDOCKER_BUILD_CACHE_DAYS:-14} * 24))/" \
    -e "s/CACHE_GB/${MYDOCKER_BUILD_CACHE_GB:-20}/" "$here/daemon.json" >/run/build-engine.json

# The builder, and nobody else, may speak to it: the socket belongs to its group.
rm -f /run/docker.pid
dockerd --config-file=/run/build-engine.json --host=unix:///run/build-engine/docker.sock --group=10001 --bridge="$bridge" \
    --iptables=false --ip6tables=false --ip-masq=false --log-level=warn &
engine=$!
# What is gone already is no reason to leave the rest.
trap 'set +e; kill $engine; wait $engine; forget; sh "$here/limits.sh" remove "$builds"; exit 0' TERM INT
wait $engine
