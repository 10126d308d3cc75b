#!/bin/sh
# Unpack packages of Debian 13 into /opt/engine of a Debian 12 image, without installing them:
# `unpack.sh docker-buildx`. From the mirror that the image names, checked by apt against the
# archive's signatures. Programs are linked into /opt/engine/bin.
set -eu
suite=trixie
here=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(apt-get update --print-uris | sed -n "s#^'\(.*\)/dists/$here/InRelease' .*#\1#p" | head -n 1)
[ -n "$mirror" ] || { echo "this image names no Debian mirror for $here" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
key=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$key] $mirror $suite main" >"$work/sources.list"
their_apt() {
    apt-get -q \
        -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::State="$work" -o Dir::State::status=/dev/null -o Dir::Cache="$work/cache" \
        -o APT::Sandbox::User=root -o APT::Update::Error-Mode=any "$@"
}
their_apt update
cd "$work"
their_apt download "$@"
mkdir -p /opt/engine/bin
for package in ./*.deb; do
    dpkg -x "$package" "$work/unpacked"
done
for folder in usr/sbin usr/bin usr/libexec/docker/cli-plugins; do
    # Links to programs of other packages are left out.
    for program in "$work/unpacked/$folder"/*; do
        [ ! -f "$program" ] || cp "$program" /opt/engine/bin/
    done
done
