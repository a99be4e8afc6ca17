#!/usr/bin/env bash
# Purges letters for good, after the years an agency must keep them, and remembers which:
#
#   purge.sh URL LIST AGENCY STATEMENT…   these revisions, by the ids of their `submit` statements
#   purge.sh URL LIST                     everything on the list again, as after a restore
#
# URL is that of `records_login`, or a superuser's. LIST is a file of lines `AGENCY STATEMENT`, kept
# apart from every backup. A letter is on the list, and safely on the disk, before it is purged.
# The ciphertext goes; every statement, the log and its tree stay as they are.
set -euo pipefail
umask 077
[ $# -eq 2 ] || [ $# -ge 4 ] || { echo "usage: purge.sh URL LIST [AGENCY STATEMENT…]" >&2; exit 2; }
url=$1 list=$2
shift 2
if [ $# -gt 0 ]; then
  agency=$1
  shift
  for statement in "$@"; do
    line="$agency $statement"
    [[ "$line" =~ ^[0-9a-f]{32}\ [0-9a-f]{64}$ ]] \
      || { echo "purge.sh: not an agency and a statement in hex: $line" >&2; exit 2; }
    grep -qxF "$line" "$list" 2> /dev/null || echo "$line" >> "$list"
  done
  sync "$list"
fi
[ -f "$list" ] || { echo "purge.sh: there is no list $list; an empty file says that nothing was purged" >&2; exit 2; }
if grep -nvxE '[0-9a-f]{32} [0-9a-f]{64}' "$list" >&2; then
  echo "purge.sh: these lines of $list name no letter; nothing was done" >&2
  exit 2
fi
# Hexadecimal only, so nothing in a line can be anything but an id.
{
  echo "begin;"
  while read -r agency statement; do
    echo "select set_config('role', 'records', true), set_config('app.agency', '$agency', true),"
    echo "  set_config('app.actor', '', true);"
    echo "delete from ciphertexts where statement_id = '\\x$statement';"
  done < "$list"
  echo "commit;"
} | psql --no-psqlrc --quiet --output=/dev/null --set=ON_ERROR_STOP=1 "$url"
echo "purge.sh: $(wc -l < "$list") purged letters are gone" >&2
