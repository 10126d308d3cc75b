#!/bin/sh
# Save what cannot be made again: settings, secrets, database, built images, work folders.
# usage: deploy/compose/backup.sh FOLDER    (a new one; the platform goes on running)
#
# The order matters while people work: the database comes first, so that everything its rows name
# is still found in what is saved later. The result holds every secret of the platform.
set -eu
umask 077
folder=$(realpath -m "$1")
cd "$(dirname "$0")/../.."
compose=${COMPOSE:-docker compose}
settings=${COMPOSE_ENV_FILES:-.env}
if [ -e "$folder" ]; then
    echo "$folder exists: name a new folder." >&2
    exit 1
fi
setting() { # name, value where .env does not say
    value=$(sed -n "s/^$1=['\"]\{0,1\}\([^'\"]*\)['\"]\{0,1\}\$/\1/p" "$settings" | tail -n 1)
    echo "${value:-$2}"
}

draft=$folder.part
rm -rf "$draft"
mkdir -p "$draft"
cp "$settings" "$draft/settings"
cp -a "$(setting MYDOCKER_SECRETS deploy/compose/secrets)" "$draft/secrets"
for name in certificates sign-in; do
    variable=MYDOCKER_$(echo $name | tr a-z- A-Z_)
    source=$(setting "$variable" "deploy/compose/$name")
    if [ -d "$source" ]; then cp -a "$source" "$draft/$name"; fi
done
echo "saved settings and secrets"

$compose exec -T postgres pg_dump -h /tmp -p 8106 -U postgres --format=custom mydocker \
    >"$draft/database.dump"
echo "saved the database ($(wc -c <"$draft/database.dump") bytes)"

# Names before contents: an image pushed meanwhile is then missing as a whole, never in part.
# shellcheck disable=SC2016
$compose exec -T registry sh -c 'cd /data && mkdir -p docker/registry/v2/repositories \
    docker/registry/v2/blobs && tar -cf - docker/registry/v2/repositories docker/registry/v2/blobs' \
    >"$draft/registry.tar"
echo "saved the registry ($(wc -c <"$draft/registry.tar") bytes)"

deploy/compose/work_folders.sh save "$draft/work" "$(setting MYDOCKER_NAME mydocker)"
mv "$draft" "$folder"
echo "$folder is complete: encrypt it, and keep it on another machine"
