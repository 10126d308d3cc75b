#!/bin/sh
# Install Debian packages without letting them start or enable their daemons.
# usage: apt-install.sh REASON PACKAGE...     (root, or sudo is asked)
set -eu
reason=$1
shift
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Needed: $* ($reason). You have no root rights and there is no sudo:" \
            "ask an administrator to run 'apt-get install $*'." >&2
        exit 1
    fi
    exec sudo "$0" "$reason" "$@"
fi
if ! command -v apt-get >/dev/null; then
    echo "Needed: $* ($reason). This is no Debian system: install them with its own tools." >&2
    exit 1
fi
echo "  · installing Debian packages: $* ($reason)"

# Debian asks this file whether a package may start its daemon; ours says no, then goes away.
policy=/usr/sbin/policy-rc.d
kept=$(mktemp)
log=$(mktemp)
had=no
if [ -e $policy ]; then
    had=yes
    cp -p $policy "$kept"
fi
restore() {
    if [ $had = yes ]; then cp -p "$kept" $policy; else rm -f $policy; fi
    rm -f "$kept" "$log"
}
trap restore EXIT
trap 'exit 130' INT TERM
printf '#!/bin/sh\nexit 101\n' >$policy
chmod 755 $policy

before=$(ls /lib/systemd/system 2>/dev/null | sort)
export DEBIAN_FRONTEND=noninteractive
if ! apt-get install -y --no-install-recommends "$@" >"$log" 2>&1; then
    if ! { apt-get update && apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
        echo "apt-get could not install $*: $(grep -E '^E:' "$log" | head -3 | tr '\n' ' ')" >&2
        exit 1
    fi
fi

# What we brought in must not start at the next boot either: the demo runs its own copies.
for unit in docker.socket docker.service containerd.service docker-registry.service; do
    case "$before" in *"$unit"*) continue ;; esac
    if [ -e "/lib/systemd/system/$unit" ] && command -v systemctl >/dev/null; then
        systemctl disable --quiet "$unit" 2>/dev/null || true
    fi
done
