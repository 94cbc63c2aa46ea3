#!/usr/bin/env bash
# Each deliberate bug of tests/simulation/mutations in a copy of the sources: the simulation must
# find them all. Called by ./dev simulate --mutations, and words go to standard error as there.
#
#   mutate.sh <root> <build dir> <jobs> <seeds>
set -euo pipefail

(($# == 4)) || {
    echo "usage: mutate.sh <root> <build dir> <jobs> <seeds>" >&2
    exit 2
}
root=$1 build=$2 jobs=$3 seeds=$4
tree="$build/mutations"
missed=0

say() { printf 'dev: %s\n' "$*" >&2; }

die() {
    say "$@"
    exit 1
}

# broke <output>, seed_of <output>: how a world broke, or the program in it, and which one.
broke() {
    grep -m 1 -E '^I[1-8]:' <<<"$1" || tail -n 1 "$build/simulation.log"
}

seed_of() {
    grep -m 1 -o 'seed [0-9]*' <<<"$1" || echo 'it died'
}

# Only what differs, and as of now: by older times, what was built of a bug before would be taken
# for what is built of the sources.
mkdir -p "$tree"
(cd "$root" && git ls-files -z -- CMakeLists.txt CMakePresets.json cmake deploy src tests |
    while IFS= read -r -d '' file; do
        cmp -s "$file" "$tree/$file" || cp --parents -t "$tree" "$file"
    done)
(cd "$tree" && cmake --preset release -DDAYBOOK_CONSOLE=OFF -DDAYBOOK_SIMULATION=ON) \
    >"$build/mutations.log" 2>&1 || die "could not configure (log: build/mutations.log)"
for patch in "$root"/tests/simulation/mutations/*.patch; do
    name=$(basename "$patch" .patch)
    patch -d "$tree" -s -p1 <"$patch" || die "$name does not apply any more"
    ninja -C "$tree/build/release" -j "$jobs" simulation_tests >"$build/mutations.log" 2>&1 ||
        die "$name does not compile any more (log: build/mutations.log)"
    if found=$(DAYBOOK_SIMULATION_SEEDS=$seeds "$tree/build/release/tests/simulation_tests" \
        2>"$build/simulation.log"); then
        say "$name: not found in $seeds seeds"
        missed=$((missed + 1))
    else
        say "$name: $(broke "$found"), $(seed_of "$found")"
    fi
    patch -d "$tree" -s -R -p1 <"$patch"
done
((missed == 0)) || die "$missed mutations were not found"
