#!/usr/bin/env bash
# A PostgreSQL server of the tests' own, in a new directory: durable, and reached by a socket there.
#
#   postgres.sh start DIR                 until `stop`; nothing happens where one runs already
#   postgres.sh run DIR [NAME=VALUE…]     becomes the server, which ends with SIGINT or with its
#                                         parent; with these settings besides; in a directory
#                                         where one was it goes on there
#   postgres.sh standby DIR PRIMARY [NAME=VALUE…]
#                                         the same, following the server whose socket is in PRIMARY
#   postgres.sh stop DIR                  ends it by its process id and removes the directory
#
# PostgreSQL refuses root: then it runs as the user postgres, whom Debian's package makes.
set -euo pipefail
export LC_ALL=C.UTF-8

readonly action=$1 directory=$2
shift 2
if [[ $action == standby ]]; then
    readonly primary=$1
    shift
fi
readonly programs=/usr/lib/postgresql/15/bin
settings=(-c "unix_socket_directories=$directory" -c listen_addresses= -c fsync=on
    -c max_connections=200 -c shared_buffers=64MB -c max_locks_per_transaction=256)
for each in "$@"; do settings+=(-c "$each"); done
readonly settings

as_user=()
if ((EUID == 0)); then
    as_user=(setpriv --reuid=postgres --regid=postgres --init-groups --pdeathsig)
fi
# with_user <signal or clear>: what this process becomes gets it when its parent ends.
with_user() {
    local signal=$1
    shift
    if ((EUID == 0)); then set -- "${as_user[@]}" "$signal" "$@"; fi
    "$@"
}

make_directory() {
    mkdir -p "$directory"
    chmod 755 "$directory"
    if ((EUID == 0)); then chown postgres "$directory"; fi
}

make() {
    make_directory
    with_user clear "$programs/initdb" -D "$directory/data" -U daybook --auth=trust \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions \
        >"$directory/initdb.log" 2>&1 || { cat "$directory/initdb.log" >&2 && exit 1; }
}

# become_server: what pdeathsig sends is how it is ended.
become_server() {
    local program=("$programs/postgres" -D "$directory/data" "${settings[@]}")
    if ((EUID == 0)); then program=("${as_user[@]}" INT "${program[@]}"); fi
    exec "${program[@]}" >>"$directory/server.log" 2>&1
}

case $action in
start)
    if with_user clear "$programs/pg_ctl" -D "$directory/data" status >/dev/null 2>&1; then exit; fi
    rm -rf "$directory"
    make
    with_user clear "$programs/pg_ctl" -D "$directory/data" -w -l "$directory/data/server.log" \
        -o "${settings[*]}" start >/dev/null
    ;;
run)
    if [[ ! -e $directory/data/PG_VERSION ]]; then make; fi
    become_server
    ;;
standby)
    make_directory
    port=5432
    for each in "$@"; do if [[ $each == port=* ]]; then port=${each#*=}; fi; done
    with_user clear "$programs/pg_basebackup" -h "$primary" -p "$port" -U daybook \
        -D "$directory/data" --write-recovery-conf --checkpoint=fast --no-sync >&2
    become_server
    ;;
stop)
    if [[ -e $directory/data/postmaster.pid ]]; then
        with_user clear "$programs/pg_ctl" -D "$directory/data" -w -m fast stop >/dev/null
    fi
    rm -rf "$directory"
    ;;
*)
    echo "postgres.sh start|run|standby|stop DIR" >&2
    exit 2
    ;;
esac
