#!/bin/bash
# Makes Postern's roles and database on an empty cluster, and gives each login its own password.
# Runs as the superuser, in the database container's first start (docker-entrypoint-initdb.d).
set -euo pipefail

psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --file /postern/roles.sql

for role in migrator api worker notifier records verifier; do
  # psql quotes the password itself; it never stands in a shell word or in the server's log.
  psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set role="${role}_login" --set password="$(cat "/run/secrets/${role}_password")" <<'SQL'
set log_statement = 'none';
set log_min_error_statement = 'panic';
alter role :"role" password :'password';
SQL
done

psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --command 'create database postern owner migrator'
