#!/bin/sh
# Control groups that limit builds: `limits.sh lay GROUP` makes GROUP/1, GROUP/2, … one for each
# build at once; `limits.sh remove GROUP` removes them. BuildKit has no limits of its own: the
# builder names one of these groups as the parent of a build's containers, and the limits hold for
# all of them together. GROUP is an absolute path in the hierarchy, such as /mydocker-builds.
set -eu
group=$2
count=${MYDOCKER_BUILDS_AT_ONCE:-2}
memory=$((${MYDOCKER_BUILD_MEMORY_MIB:-4096} * 1048576))
processes=${MYDOCKER_BUILD_PROCESSES:-512}
# Microseconds of processor time per 100,000.
quota=$(awk -v cpu="${MYDOCKER_BUILD_CPU:-2}" 'BEGIN { print int(cpu * 100000) }')
root=/sys/fs/cgroup

limit_v2() { # slot
    at=$root
    for part in $(echo "$1" | tr / ' '); do
        echo '+cpu +memory +pids' >"$at/cgroup.subtree_control"
        at=$at/$part
        mkdir -p "$at"
    done
    echo "$memory" >"$at/memory.max"
    # Absent where the kernel has no swap accounting.
    [ ! -e "$at/memory.swap.max" ] || echo 0 >"$at/memory.swap.max"
    echo 1 >"$at/memory.oom.group"
    echo "$processes" >"$at/pids.max"
    echo "$quota 100000" >"$at/cpu.max"
}
limit_v1() { # slot
    for controller in cpu memory pids; do
        mkdir -p "$root/$controller$1"
    done
    at=$root/memory$1
    # Memory and swap together are never below memory alone: the order depends on what was set.
    swap=$at/memory.memsw.limit_in_bytes
    [ ! -e "$swap" ] || echo -1 >"$swap"
    echo "$memory" >"$at/memory.limit_in_bytes"
    [ ! -e "$swap" ] || echo "$memory" >"$swap"
    echo "$processes" >"$root/pids$1/pids.max"
    echo 100000 >"$root/cpu$1/cpu.cfs_period_us"
    echo "$quota" >"$root/cpu$1/cpu.cfs_quota_us"
}

case $1 in
lay)
    slot=1
    while [ "$slot" -le "$count" ]; do
        if [ -e "$root/cgroup.controllers" ]; then
            limit_v2 "$group/$slot"
        else
            limit_v1 "$group/$slot"
        fi
        slot=$((slot + 1))
    done
    ;;
remove)
    for at in "$root$group" "$root"/*"$group"; do
        [ ! -d "$at" ] || find "$at" -depth -type d -exec rmdir {} + 2>/dev/null || true
    done
    ;;
*)
    echo "limits.sh lay|remove GROUP" >&2
    exit 2
    ;;
esac
