#!/bin/sh
# Starts SSH on port 22 for the one account of this environment.
set -eu

WORK=/home/student/work
# Beside the work, so that the fingerprint a student has accepted stays right after a restart.
# Owned by root and closed: not the student's to read.
KEYS=$WORK/.ssh-host-key

main() {
  name_account
  make_host_key
  # From here on nobody needs the password in clear.
  unset MYDOCKER_PASSWORD
  # -w no root, -e log to the container's output, -T few guesses, -K notice dead clients.
  exec dropbear -F -E -w -T 4 -K 60 -p 22 -r "$KEYS/ed25519"
}

# The account of user id 1000 gets the name and password this person sees on screen.
name_account() {
  user=${MYDOCKER_USERNAME:?must name the person}
  hash=$(printf '%s' "${MYDOCKER_PASSWORD:?must hold the password}" | openssl passwd -6 -stdin)
  current=$(id -un 1000)
  if [ "$user" != "$current" ] && id "$user" > /dev/null 2>&1; then
    echo "the user name $user belongs to the system" >&2
    exit 1
  fi
  usermod --login "$user" --password "$hash" "$current"
}

make_host_key() {
  chown 1000:1000 "$WORK"
  # Whatever is not our own folder with our own key in it is replaced.
  if [ -L "$KEYS" ] || [ ! -f "$KEYS/ed25519" ] || [ "$(stat -c %u "$KEYS")" != 0 ]; then
    rm -rf "$KEYS"
    mkdir -m 700 "$KEYS"
    dropbearkey -t ed25519 -f "$KEYS/ed25519" > /dev/null 2>&1
  fi
}

main
