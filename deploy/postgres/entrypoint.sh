#!/bin/sh
# Make the database on the first start, bring the roles up to date on every start, then serve.
set -eu
secrets=/run/secrets
data=/data/main
port=${POSTGRES_PORT:-5432}

if [ ! -e $data/PG_VERSION ]; then
    initdb -D $data -U postgres --encoding=UTF8 --locale=C.UTF-8 --data-checksums \
        --auth-local=trust --auth-host=scram-sha-256 --pwfile=$secrets/postgres-password >/dev/null
fi

# Neither rows (DETAIL) nor statements, of which one sets a password; as in the demo.
log_options="-c log_min_messages=warning -c log_error_verbosity=terse -c log_min_error_statement=panic"
# Roles first, over a socket only this container has; nobody else can connect meanwhile.
pg_ctl -D $data -w -o "$log_options -c listen_addresses='' -c unix_socket_directories=/tmp" start >/dev/null
query() { psql -X -q -h /tmp -U postgres "$@"; }
query -d postgres -tAc "SELECT 1 FROM pg_database WHERE datname = 'mydocker'" | grep -q 1 ||
    query -d postgres -c "CREATE DATABASE mydocker"
{
    for role in api orchestrator builder lti; do
        printf '\\set %s_password %s\n' $role "$(cat $secrets/$role-password)"
    done
    cat /opt/mydocker/roles.sql
} | query -d mydocker -f -
pg_ctl -D $data -w -m fast stop >/dev/null

exec postgres -D $data $log_options -c listen_addresses="${POSTGRES_LISTEN:-127.0.0.1}" -c port="$port" \
    -c unix_socket_directories=/tmp -c max_connections=200 -c timezone=UTC -c jit=off
