#!/bin/sh
# Restore database, built images and work folders of a backup into a stack that has none yet.
# usage: deploy/compose/restore.sh FOLDER    (before the first `docker compose up`)
#
# Secrets and `init` come first: docs/operating/back-up.md has the whole procedure.
set -eu
folder=$(realpath "$1")
cd "$(dirname "$0")/../.."
compose=${COMPOSE:-docker compose}
for part in database.dump registry.tar work; do
    if [ ! -e "$folder/$part" ]; then
        echo "$folder is no complete backup: $part is missing." >&2
        exit 1
    fi
done

$compose up --detach --wait postgres
query() { $compose exec -T postgres psql -X -h /tmp -p 8106 -U postgres -d mydocker "$@"; }
tables=$(query -tAc "SELECT count(*) FROM pg_tables WHERE schemaname IN ('api', 'orchestrator', 'builder', 'lti')" </dev/null)
if [ "$tables" != 0 ]; then
    echo "The database has $tables tables: restore into a new one only (docs/operating/back-up.md)." >&2
    exit 1
fi
$compose exec -T postgres pg_restore -h /tmp -p 8106 -U postgres --dbname=mydocker --clean \
    --if-exists --exit-on-error --single-transaction <"$folder/database.dump"
echo "restored the database"

$compose run --rm -T --no-deps --entrypoint tar registry -C /data -xf - <"$folder/registry.tar"
echo "restored the registry"

deploy/compose/work_folders.sh restore "$folder/work"
echo "Ready. Start with: docker compose up -d"
