#!/bin/sh
# Make .venv for an operator's commands (`python -m deploy.compose`, `python -m deploy.node`): what
# they import, at the locked versions, and nothing of what development needs. May be run again.
set -eu
cd "$(dirname "$0")/../.."
python=${MYDOCKER_PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Python 3.11 or newer is needed: apt-get install python3." >&2
    exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    deploy/setup/apt-install.sh "Python environments" python3-venv
fi
"$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
    -r requirements/runtime.txt
folder=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$PWD/services/kit" >"$folder/mydocker.pth"
echo "Ready: .venv/bin/python -m deploy.compose --help"
