#!/usr/bin/env bash
# Runs fuzz targets that are built, one after the other. What they learn stays in build/fuzz/corpus,
# what crashes them in build/fuzz/found. Called by ./dev fuzz; words go to standard error as there.
#
#   run.sh <root> <build dir> <seconds> <target>…
set -euo pipefail

(($# >= 4)) || {
    echo "usage: run.sh <root> <build dir> <seconds> <target>…" >&2
    exit 2
}
root=$1 build=$2 seconds=$3
shift 3

say() { printf 'dev: %s\n' "$*" >&2; }

die() {
    say "$@"
    exit 1
}

for name in "$@"; do
    log="$build/fuzz/$name.log"
    corpora=("$build/fuzz/corpus/$name")
    options=(-max_total_time="$seconds")
    mkdir -p "${corpora[0]}" "$build/fuzz/found"
    if [[ -d $root/tests/fuzz/corpus/$name ]]; then corpora+=("$root/tests/fuzz/corpus/$name"); fi
    if [[ -f $root/tests/fuzz/$name.dict ]]; then options+=(-dict="$root/tests/fuzz/$name.dict"); fi
    say "fuzzing $name for $seconds s"
    if ! (cd "$root" && ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-19 \
        "$build/fuzz/tests/$name" "${options[@]}" -timeout=10 -print_final_stats=1 \
        -artifact_prefix="$build/fuzz/found/$name-" "${corpora[@]}") >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        die "$name has found a failure (log: build/fuzz/$name.log, input: build/fuzz/found)"
    fi
    covered=$(perl -ne 'BEGIN { $most = 0 } $most = $1 if /\bcov: (\d+)/ && $1 > $most;
        END { print $most }' "$log")
    # A library built without the coverage hooks would stay at 1 and be green for ever.
    ((covered > 1)) || die "$name never covered more than $covered edge: it tests nothing"
    say "$name: $covered edges covered, no failure"
done
