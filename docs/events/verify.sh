#!/bin/bash
# Checks the chain of an export: daybook export --format events ... | docs/events/verify.sh
# Needs bash, sed and openssl. Seals are checked by verify.py.
set -eu -o pipefail
export LC_ALL=C

bytes_of() { printf '%b' "$(sed 's/-//g; s/../\\x&/g' <<<"$1")"; }
fail() { echo "position $position: $1" >&2; exit 1; }
sha256() { openssl dgst -sha256 -r | cut -c1-64; }

position=0 head=
while IFS= read -r line; do
    stored=${line#'{"event":'}
    rest=${stored##*',"hash":"'}
    stored=${stored%',"hash":"'*}
    position=$((position + 1))
    if [ -z "$head" ]; then
        org=$(sed -E 's/.*,"orgId":"([0-9a-f-]{36})","position":.*/\1/' <<<"$stored")
        head=$(bytes_of "$org" | sha256)
    fi
    before=$(sed -E 's/.*"prevHash":"([0-9a-f]{64})".*/\1/' <<<"$rest")
    case $stored in *",\"position\":$position,\"propertyId\":"*) ;; *) before=none ;; esac
    [ "$before" = "$head" ] || fail "not the event that follows"
    head=$({ bytes_of "$head"; printf '%s' "$stored"; } | sha256)
    [ "${rest%%\"*}" = "$head" ] || fail "wrong hash"
done
echo "$position $head"
