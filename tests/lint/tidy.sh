#!/usr/bin/env bash
# Runs clang-tidy on our sources. Called by ./dev lint, when build/asan is configured.
#
#   tidy.sh <root> <build dir> <jobs> changed|all
set -euo pipefail
export LC_ALL=C.UTF-8

(($# == 4)) || {
    echo "usage: tidy.sh <root> <build dir> <jobs> changed|all" >&2
    exit 2
}
root=$1 build=$2 jobs=$3 which=$4

# changed_sources: the .cpp files of ours that differ from the commit before last, a header standing
# for the .cpp beside it. Everything, where there is no history to compare with.
changed_sources() {
    local file
    if ! git -C "$root" rev-parse --verify -q HEAD~1 >/dev/null 2>&1; then
        all_sources
        return
    fi
    {
        git -C "$root" diff --name-only --diff-filter=d HEAD~1 -- src tests
        git -C "$root" ls-files --others --exclude-standard -- src tests
    } | while read -r file; do
        case $file in
            *.cpp) printf '%s\n' "$root/$file" ;;
            *.h) if [[ -f $root/${file%.h}.cpp ]]; then printf '%s\n' "$root/${file%.h}.cpp"; fi ;;
        esac
    done | sort -u
}

all_sources() {
    find "$root/src" "$root/tests" -name '*.cpp' | sort
}

# tidy_sources: of the files on standard input, those that the asan build compiles (fuzz targets and
# benchmarks have their own presets).
tidy_sources() {
    local file
    while read -r file; do
        if grep -qF "\"file\": \"$file\"" "$build/asan/compile_commands.json"; then
            printf '%s\0' "$file"
        fi
    done
}

"${which}_sources" | tidy_sources |
    xargs -0 -r -n 1 -P "$jobs" clang-tidy-19 --quiet -p "$build/asan" 2>"$build/tidy.log"
