# ./dev bench, soak and profile: read by ./dev, whose functions these use.

# run_bench <argument…>: the program of the benchmarks, on the release build.
run_bench() {
    build_bench
    exec "$build/release/tests/daybook_bench" "$@"
}

build_bench() {
    setup "${packages_build[@]}" "${packages_gtest[@]}"
    build_console
    build_preset release -DDAYBOOK_BENCH=ON daybook daybook_bench
    export DAYBOOK_BINARY="${DAYBOOK_BINARY:-$build/release/daybook}"
    cd "$root"
}

command_bench() {
    setup "${packages_bench[@]}"
    setup_browser
    if [[ " $* " =~ " "(--peers|peer_|postgres_message_db) ]]; then
        npm_install "$root/tests/bench/peers"
    fi
    run_bench "$@"
}

command_soak() {
    local minutes=30
    if (($# > 0)); then
        [[ $1 == --minutes ]] || die "soak does not know '$1': ./dev soak [--minutes N]"
        need_number --minutes "${2:-}"
        minutes=$2
    fi
    run_bench --soak "$minutes"
}

# A benchmark at its full size, recorded nowhere, with every `daybook serve` of it under perf:
# samples of its threads with their stacks. (perf loses its way where it follows a process and its
# children.)
command_profile() {
    local name=${1:-} bench folder="$build/profile/${1:-}" file
    case $name in
        append) bench=append_http_durable ;;
        report) bench=cached_report ;;
        fanout) bench=growth_streams ;;
        *) die "profile knows append, report and fanout" ;;
    esac
    setup linux-perf "${packages_bench[@]}"
    build_bench
    rm -rf "$folder" && mkdir -p "$folder"
    cat >"$folder/daybook" <<SCRIPT
#!/usr/bin/env bash
if [[ \${1:-} != serve ]]; then exec "$DAYBOOK_BINARY" "\$@"; fi
exec perf record -q -e cpu-clock -F 499 --call-graph dwarf,32768 -o "$folder/\$\$.data" \\
    "$DAYBOOK_BINARY" "\$@"
SCRIPT
    chmod +x "$folder/daybook"
    DAYBOOK_BINARY="$folder/daybook" "$build/release/tests/daybook_bench" --unrecorded "$bench" ||
        say "under perf it has not met its goals"
    for file in "$folder"/*.data; do
        perf script -i "$file" --no-inline -F comm,ip,sym 2>/dev/null
        echo
    done | perl "$root/tests/bench/flame.pl" daybook "./dev profile $name" >"$folder.svg"
    rm -rf "$folder"
    say "drawn: build/profile/$name.svg"
}
