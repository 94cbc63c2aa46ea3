#!/usr/bin/env bash
# The files of deploy/ are what those who read them would take: systemd, haproxy, NATS, sh, and the
# schemas of Kubernetes and compose. Needs no network; ./dev has brought what it needs.
set -euo pipefail
cd "$(dirname "$0")/../.."

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

# unit_findings <sed script>: what systemd says of our units, changed by the script; what it finds
# in others of this machine is not ours. It wants the program to be there.
unit_findings() {
    local unit
    for unit in daybook.service daybook@.service; do
        sed -e 's#/usr/bin/daybook#/bin/true#' -e "$1" "deploy/systemd/$unit" >"$temporary/$unit"
    done
    systemd-analyze verify "$temporary"/daybook*.service 2>&1 | grep -F daybook || true
}

# A check that accepts everything would be green for ever.
if [[ $(unit_findings 's/^Restart=/Restat=/') != *daybook.service*Restat*daybook@.service* ]]; then
    echo "systemd-analyze accepts what it should not"
    exit 1
fi
findings=$(unit_findings '')
if [[ $findings ]]; then
    echo "$findings"
    exit 1
fi
haproxy -c -f deploy/haproxy.cfg
nats-server -t -c deploy/nats.conf
for script in postinst prerm postrm; do sh -n "deploy/debian/$script"; done
node tests/deploy/validate.mjs
