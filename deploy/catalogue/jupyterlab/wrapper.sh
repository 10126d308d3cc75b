#!/bin/sh
# JupyterLab.
#   wrapper.sh           starts it on port 8888
#   wrapper.sh prepare   is run once by the Dockerfile, as root
set -eu

WORK=/home/student/work
FONTS=/opt/jupyter/share/matplotlib-cache

main() {
  if [ ! -w "$WORK" ]; then
    echo "the work folder $WORK cannot be written by user $(id -u)" >&2
    exit 1
  fi
  export HOME=/home/student SHELL=/bin/bash
  # Where nothing but the work folder and /tmp can be written, settings live as long as the start.
  [ -w "$HOME" ] || HOME=$(mktemp -d /tmp/student.XXXXXX)
  use_font_cache
  # There before Python looks, so that a package can be imported as soon as it is installed.
  mkdir -p "$WORK/.packages"
  # Notebooks need no password of the platform.
  unset MYDOCKER_PASSWORD

  # No token and no password of its own: the edge lets only this environment's owner in, request
  # by request, and nothing else can reach this port. A second login would help nobody.
  # The host name is the platform's (allow_remote_access); the page's origin still has to be that
  # very host, which keeps other sites from opening kernels and terminals (allow_origin unset).
  exec jupyter-lab \
    --no-browser \
    --ServerApp.ip=0.0.0.0 \
    --ServerApp.port=8888 \
    --ServerApp.port_retries=0 \
    --ServerApp.base_url="${MYDOCKER_BASE_URL:-/}" \
    --ServerApp.root_dir="$WORK" \
    --ServerApp.allow_remote_access=True \
    --ServerApp.quit_button=False \
    --IdentityProvider.token= \
    --PasswordIdentityProvider.hashed_password= \
    --LabApp.collaborative=False
}

# Matplotlib looks for every font at its first import, for seconds, unless it finds what it knew.
use_font_cache() {
  export MPLCONFIGDIR="$HOME/.cache/matplotlib"
  mkdir -p "$MPLCONFIGDIR"
  cp -n "$FONTS"/* "$MPLCONFIGDIR"/ 2> /dev/null || true
}

prepare() {
  mkdir -p "$FONTS"
  MPLCONFIGDIR="$FONTS" python3 -c 'import matplotlib.font_manager'
  python3 - << 'PYTHON'
import json
from pathlib import Path

kernel = Path("/opt/jupyter/share/jupyter/kernels/python3/kernel.json")
spec = json.loads(kernel.read_text())
spec["env"] = {"PYTHONPATH": "/home/student/work/.packages"}
kernel.write_text(json.dumps(spec, indent=1))
PYTHON
  cat >> /etc/bash.bashrc << 'BASH'
export PYTHONPATH=/home/student/work/.packages
case ":$PATH:" in *:/opt/jupyter/bin:*) ;; *) PATH=/opt/jupyter/bin:$PATH ;; esac
BASH
}

case ${1:-start} in
  start) main ;;
  prepare) prepare ;;
  *) echo "usage: wrapper.sh [prepare]" >&2; exit 2 ;;
esac
