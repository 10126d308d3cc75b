#!/bin/bash
# Runs a command beside a Swarm and a registry of its own (root, in a network of its own):
#   python -m deploy.testing.netns -- tests/orchestrator/lab.sh pytest tests/orchestrator
# The image debian:12 is copied from the engine on the default socket.
set -euo pipefail
LAB=$(mktemp -d "${TMPDIR:-/tmp}/mydocker-swarm-lab.XXXXXX")
SOCKET=unix://$LAB/docker.sock
OPTIONS=com.docker.network.bridge

down() {
  kill "$(cat "$LAB/pid")" "$REGISTRY" 2> /dev/null || true
  for _ in $(seq 100); do [ -e "$LAB/pid" ] || break; sleep .1; done
  # What a killed engine leaves: its containerd and shims, and mounts below its folder.
  for process in $(grep -la -- "$LAB/" /proc/[0-9]*/cmdline 2> /dev/null | cut -d/ -f3); do
    [ "$process" = $$ ] || kill -9 "$process" 2> /dev/null || true
  done
  awk -v lab="$LAB/" 'index($2, lab) == 1 {print $2}' /proc/self/mounts | sort -r | xargs -r -n1 umount -l
  rm -rf "$LAB"
}

cat > "$LAB/daemon.json" << J
{"data-root": "$LAB/data", "exec-root": "$LAB/exec", "pidfile": "$LAB/pid", "hosts": ["$SOCKET"],
 "storage-driver": "overlay2", "log-level": "warn"}
J
cat > "$LAB/registry.yml" << Y
version: 0.1
storage: {filesystem: {rootdirectory: $LAB/registry}}
http: {addr: "127.0.0.1:5000"}
Y
setsid dockerd --config-file "$LAB/daemon.json" > "$LAB/dockerd.log" 2>&1 < /dev/null &
setsid docker-registry serve "$LAB/registry.yml" > "$LAB/registry.log" 2>&1 < /dev/null &
REGISTRY=$!
trap down EXIT
for _ in $(seq 200); do
  curl -sf --unix-socket "$LAB/docker.sock" http://engine/_ping > /dev/null && break
  sleep .05
done
docker -H "$SOCKET" swarm init --advertise-addr 127.0.0.1 > /dev/null
docker -H "$SOCKET" network create --config-only --subnet 10.98.0.0/22 -o $OPTIONS.name=mdlab0 \
  -o $OPTIONS.enable_icc=false -o $OPTIONS.host_binding_ipv4=127.0.0.1 lab-config > /dev/null
docker -H "$SOCKET" network create -d bridge --scope swarm --config-from lab-config \
  mydocker-open > /dev/null
docker -H unix:///var/run/docker.sock save debian:12 | docker -H "$SOCKET" load > /dev/null
MYDOCKER_TEST_ENGINE=$SOCKET MYDOCKER_TEST_REGISTRY=127.0.0.1:5000 "$@"
