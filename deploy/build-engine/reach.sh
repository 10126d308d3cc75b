#!/bin/sh
# What the build engine itself connects to: `reach.sh lay GROUP CHAIN MARK REGISTRY` lays the rules for
# processes of the group id GROUP, `reach.sh remove GROUP CHAIN MARK` removes them.
#
# The engine fetches base images from the machine's own network, and a registry may send it on: by a
# redirect, by the address of its tokens, or by a layer whose manifest names another place. The
# source policy does not see these. So the engine runs with a group id of its own, by which the
# firewall knows its connections: to the Internet, to name servers, to REGISTRY (host:port, where it
# pushes) and to MYDOCKER_BUILD_PRIVATE; to nothing else of this machine or of private networks.
set -eu
action=$1 group=$2 chain=$3 mark=$4 registry=${5:-}
ours="-m comment --comment $mark"
networks='127.0.0.0/8 169.254.0.0/16 0.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10
    192.0.0.192/32 224.0.0.0/4'
networks_v6='::1/128 ::ffff:0:0/96 fc00::/7 fe80::/10 ff00::/8'

refuse() { # match
    echo "-A $chain $1 -p tcp $ours -j REJECT --reject-with tcp-reset"
    echo "-A $chain $1 $ours -j REJECT"
}
accept() { # match
    echo "-A $chain $1 $ours -j ACCEPT"
}
rules() { # address family of the name servers, then networks
    echo '*filter'
    echo ":$chain - [0:0]"
    accept '-m conntrack --ctstate RELATED,ESTABLISHED'
    for server in $(awk '$1 == "nameserver" { print $2 }' /etc/resolv.conf | grep "$1"); do
        accept "-d $server -p udp --dport 53"
        accept "-d $server -p tcp --dport 53"
    done
    if [ "$1" = '\.' ]; then
        for address in $(getent ahostsv4 "${registry%:*}" | awk '{ print $1 }' | sort -u); do
            accept "-d $address -p tcp --dport ${registry##*:}"
        done
        for network in $(echo "${MYDOCKER_BUILD_PRIVATE:-}" | tr , ' '); do
            accept "-d $network"
        done
    fi
    refuse '-m addrtype --dst-type LOCAL'
    shift
    for network in "$@"; do
        refuse "-d $network"
    done
    echo COMMIT
}
lay() { # iptables or ip6tables, then as for rules
    tool=$1
    shift
    rules "$@" | "$tool-restore" -w --noflush
    # shellcheck disable=SC2086
    "$tool" -w -C OUTPUT $jump 2>/dev/null || "$tool" -w -I OUTPUT $jump
}
jump="-m owner --gid-owner $group $ours -j $chain"

case $action in
lay)
    registry=${registry%%/*}
    case $registry in *:*) ;; *) registry=$registry:443 ;; esac
    # shellcheck disable=SC2086
    lay iptables '\.' $networks
    if ip6tables -w -S OUTPUT >/dev/null 2>&1; then
        # shellcheck disable=SC2086
        lay ip6tables : $networks_v6
    fi
    ;;
remove)
    for tool in iptables ip6tables; do
        # shellcheck disable=SC2086
        "$tool" -w -D OUTPUT $jump 2>/dev/null || true
        "$tool" -w -F "$chain" 2>/dev/null || true
        "$tool" -w -X "$chain" 2>/dev/null || true
    done
    ;;
*)
    echo "reach.sh lay|remove GROUP CHAIN MARK [REGISTRY]" >&2
    exit 2
    ;;
esac
