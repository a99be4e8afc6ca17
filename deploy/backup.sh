#!/usr/bin/env bash
# Writes one backup of the database: `backup.sh SUPERUSER_URL FOLDER`, and prints its name.
#
# It holds nothing that opens a letter. Apart from it, each in a place of its own, belong: gate.key
# (without it nobody's words open anything), log.key, notifier.key, and the list of purged letters
# that `purge.sh` keeps, which must be newer than any backup it is used with.
set -euo pipefail
umask 077
[ $# -eq 2 ] || { echo "usage: backup.sh SUPERUSER_URL FOLDER" >&2; exit 2; }
url=$1 folder=$2
part=$(mktemp "$folder/.postern-XXXXXX")
trap 'rm -f "$part"' EXIT
pg_dump --format=custom --lock-wait-timeout=60s --file="$part" "$url"
# A file that cannot be read whole is no backup.
pg_restore --file=/dev/null "$part"
sync "$part"
name=$folder/postern-$(date --utc +%Y%m%dT%H%M%SZ).dump
ln "$part" "$name"
sync "$folder"
echo "$name"
