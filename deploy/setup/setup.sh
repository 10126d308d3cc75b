#!/bin/sh
# Make .venv and frontend/node_modules as the lock files say. Does nothing where both are right.
# With `tests`: what only tests need of npm as well.
set -eu
cd "$(dirname "$0")/../.."

# Behind a TLS proxy: pip and npm bring authorities of their own, so name the machine's.
bundle=/etc/ssl/certs/ca-certificates.crt
if [ -e $bundle ] && [ -n "$(find /usr/local/share/ca-certificates -name '*.crt' 2>/dev/null | head -1)" ]; then
    export PIP_CERT="${PIP_CERT:-$bundle}" NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$bundle}"
    export REQUESTS_CA_BUNDLE="${REQUESTS_CA_BUNDLE:-$bundle}" SSL_CERT_FILE="${SSL_CERT_FILE:-$bundle}"
fi

# step TITLE COMMAND... : run it, count the seconds, show its words only when it fails.
step() {
    title=$1
    shift
    log=$(mktemp)
    began=$(date +%s)
    "$@" >"$log" 2>&1 &
    pid=$!
    trap 'kill $pid 2>/dev/null; rm -f "$log"; exit 130' INT TERM
    shown=2
    while kill -0 $pid 2>/dev/null; do
        sleep 1
        spent=$(($(date +%s) - began))
        if [ $spent -ge $shown ]; then
            echo "  … $title  $spent s"
            shown=$((spent + 10))
        fi
    done
    if wait $pid; then
        echo "  ✓ $title  $(($(date +%s) - began)) s"
        trap - INT TERM
        rm -f "$log"
    else
        echo "  ✗ $title" >&2
        { head -n 6 "$log"; echo "  […]"; tail -n 8 "$log"; } >&2
        rm -f "$log"
        exit 1
    fi
}

find_python() {
    # MYDOCKER_PYTHON: another one, to try it.
    for name in ${MYDOCKER_PYTHON:-python3.11 python3 python3.12 python3.13}; do
        if command -v $name >/dev/null &&
            $name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo $name
            return
        fi
    done
}

python_environment() {
    wanted=$(cat requirements/dev.txt services/*/pyproject.toml | sha256sum)
    if [ "$(cat .venv/.made-from 2>/dev/null)" = "$wanted" ]; then return; fi
    python=$(find_python)
    if [ -z "$python" ]; then
        echo "Python 3.11 or newer is needed: apt-get install python3." >&2
        exit 1
    fi
    if ! $python -c 'import venv, ensurepip' 2>/dev/null; then
        deploy/setup/apt-install.sh "Python environments" python3-venv
    fi
    if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
        rm -rf .venv
        step "make .venv" "$python" -m venv .venv
    fi
    # pip, not a faster tool: it already knows the mirrors and proxies of this machine.
    step "install Python packages" .venv/bin/python -m pip install --quiet --require-hashes \
        --disable-pip-version-check -r requirements/dev.txt
    step "install our packages" .venv/bin/python -m pip install --quiet --no-deps \
        --disable-pip-version-check --no-build-isolation \
        -e services/kit -e services/api -e services/orchestrator -e services/builder \
        -e services/lti-gateway -e services/bastion
    echo "$wanted" >.venv/.made-from
}

page_tools() {
    [ -e frontend/package-lock.json ] || return 0
    wanted=$(cat frontend/package.json frontend/package-lock.json | sha256sum)
    if [ "$(cat frontend/node_modules/.made-from 2>/dev/null)" = "$wanted" ]; then return; fi
    if ! command -v npm >/dev/null; then
        echo "Node 20 or newer with npm is needed to build the page: install it." >&2
        exit 1
    fi
    step "install the page's packages" npm ci --prefix frontend --no-audit --no-fund
    echo "$wanted" >frontend/node_modules/.made-from
}

# A certified OpenID Connect provider, for the tests of sign-in.
test_provider() {
    folder=tests/sign_in/provider
    wanted=$(cat $folder/package.json $folder/package-lock.json | sha256sum)
    if [ "$(cat $folder/node_modules/.made-from 2>/dev/null)" = "$wanted" ]; then return; fi
    step "install the provider of the tests" npm ci --prefix $folder --no-audit --no-fund
    echo "$wanted" >$folder/node_modules/.made-from
}

# Rules of OpenAPI descriptions, for `make check`.
spectral() {
    folder=tools/spectral
    wanted=$(cat $folder/package.json $folder/package-lock.json | sha256sum)
    if [ "$(cat $folder/node_modules/.made-from 2>/dev/null)" = "$wanted" ]; then return; fi
    step "install Spectral" npm ci --prefix $folder --no-audit --no-fund
    echo "$wanted" >$folder/node_modules/.made-from
}

python_environment
page_tools
if [ "${1:-}" = spectral ]; then spectral; fi
if [ "${1:-}" = tests ]; then test_provider; fi
