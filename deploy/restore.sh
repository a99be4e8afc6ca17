#!/usr/bin/env bash
# Restores a backup into a database that does not exist yet:
#
#   restore.sh SUPERUSER_URL NAME BACKUP LIST
#
# SUPERUSER_URL names any database of the cluster. Roles and logins must be there: `postern migrate`
# makes them. LIST is what `purge.sh` keeps. Until every letter on it is purged again no login of
# Postern may connect to NAME, so nothing can serve what was purged; a restore that stops half-way
# stays closed. Then: the keys from their own backups, `postern migrate`, `postern doctor`, start.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -eq 4 ] || { echo "usage: restore.sh SUPERUSER_URL NAME BACKUP LIST" >&2; exit 2; }
superuser=$1 name=$2 backup=$3 list=$4
[[ "$name" =~ ^[a-z][a-z0-9_]*$ ]] || { echo "restore.sh: not a plain name: $name" >&2; exit 2; }
quietly() { psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 "$@"; }
# The same address with another database: what stands between the host and the question mark.
base=${superuser%%\?*} options=
[ "$base" = "$superuser" ] || options=?${superuser#*\?}
restored=${base%/*}/$name$options

pg_restore --file=/dev/null "$backup"
# Closed in the moment it is made: nobody but a superuser or its owner has connected before.
quietly "$superuser" <<SQL
create database "$name" owner migrator connection limit 0;
revoke connect, temporary on database "$name" from public;
alter database "$name" connection limit -1;
SQL
pg_restore --exit-on-error --single-transaction --dbname="$restored" "$backup"
[ -f "$list" ] || { echo "restore.sh: there is no list $list: $name stays closed" >&2; exit 1; }
"$here/purge.sh" "$restored" "$list"
quietly "$superuser" <<SQL
grant connect, temporary on database "$name" to public;
SQL
echo "restore.sh: $name is restored and open" >&2
