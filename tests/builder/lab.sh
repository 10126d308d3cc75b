#!/bin/bash
# A build engine and a registry of the tests' own, in a network namespace without a way out (root).
#   eval "$(tests/builder/lab.sh up)" && pytest tests/builder; tests/builder/lab.sh down
# The image debian:12 is copied from the engine on the default socket.
set -euo pipefail
LAB=${LAB:-${TMPDIR:-/tmp}/mydocker-build-lab}
NAME=mydocker-build
SOCKET=unix://$LAB/docker.sock

up() {
  mkdir -p "$LAB"
  ip netns add $NAME
  ip -n $NAME link set lo up
  cat > "$LAB/daemon.json" <<J
{"data-root": "$LAB/data", "exec-root": "$LAB/exec", "pidfile": "$LAB/pid", "hosts": ["$SOCKET"],
 "storage-driver": "overlay2", "log-level": "warn"}
J
  cat > "$LAB/registry.yml" <<Y
version: 0.1
storage: {filesystem: {rootdirectory: $LAB/registry}}
http: {addr: "127.0.0.1:5000"}
Y
  # Not 'ip netns exec': it remounts /sys and hides the cgroups.
  setsid nsenter --net=/run/netns/$NAME dockerd --config-file "$LAB/daemon.json" \
    > "$LAB/dockerd.log" 2>&1 < /dev/null &
  setsid nsenter --net=/run/netns/$NAME docker-registry serve "$LAB/registry.yml" \
    > "$LAB/registry.log" 2>&1 < /dev/null &
  echo $! > "$LAB/registry.pid"
  for _ in $(seq 200); do
    curl -sf --unix-socket "$LAB/docker.sock" http://engine/_ping > /dev/null && break
    sleep .05
  done
  docker save debian:12 | docker -H "$SOCKET" load > /dev/null
  echo "export MYDOCKER_TEST_BUILD_ENGINE=$SOCKET MYDOCKER_TEST_BUILD_REGISTRY=127.0.0.1:5000"
}

down() {
  kill "$(cat "$LAB/pid")" "$(cat "$LAB/registry.pid")" 2> /dev/null || true
  for _ in $(seq 100); do [ -e "$LAB/pid" ] || break; sleep .1; done
  # What a killed engine leaves: its containerd and shims, and mounts below its folder.
  for process in $(grep -la -- "$LAB/" /proc/[0-9]*/cmdline 2> /dev/null | cut -d/ -f3); do
    [ "$process" = $$ ] || kill -9 "$process" 2> /dev/null || true
  done
  awk -v lab="$LAB/" 'index($2, lab) == 1 {print $2}' /proc/self/mounts | sort -r | xargs -r -n1 umount -l
  ip netns del $NAME 2> /dev/null || true
  rm -rf "$LAB"
}

case ${1:-} in up | down) "$1" ;; *) echo "usage: $0 up|down" >&2; exit 2 ;; esac
