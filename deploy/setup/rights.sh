#!/bin/sh
# Root rights, asked for once and early; or one sentence that says what to do.
set -eu
if [ "$(id -u)" = 0 ]; then exit 0; fi
if ! command -v sudo >/dev/null; then
    echo "Engines and networks need root rights: run this as root, or install sudo." >&2
    exit 1
fi
# Without a question where sudo asks none; with one where somebody is there to answer.
if sudo -n true 2>/dev/null; then exit 0; fi
if [ -t 0 ] && sudo -v -p "Engines and networks need root rights. Password of %u: "; then exit 0; fi
echo "Engines and networks need root rights, and sudo does not give them to $(id -un) here:" \
    "run this as root, or from a terminal as somebody who may use sudo." >&2
exit 1
