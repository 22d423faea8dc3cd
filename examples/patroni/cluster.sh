#!/bin/sh
# Three PostgreSQL servers under Patroni, and the etcd that says which of them leads, on one machine,
# from Debian's packages `postgresql`, `patroni` and `etcd-server`. No service manager, no container.
#
#   cluster.sh start        everything, in the background; prints the URL for `kept serve --database`
#   cluster.sh url          that URL again
#   cluster.sh status       who leads, and who follows how far behind
#   cluster.sh leader       the name of whoever leads
#   cluster.sh settled      succeeds when one leads two others, one of whom has everything
#   cluster.sh stop         everything; what is stored stays
#   cluster.sh etcd         etcd alone, in the foreground
#   cluster.sh node NAME    one server alone, in the foreground: a, b or c
#
# Settings, with what they are unless you say otherwise:
#   DIR=/tmp/kept-patroni   what is stored, and what each process says
#   PORTS=5500              the first of eight ports in a row; or all eight, as `PORTS="5500 5613 …"`
#   PGBIN                   PostgreSQL's programs: the newest version that Debian installed
#
# PostgreSQL refuses to run as root. Started by root, everything runs as `postgres`.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
DIR=${DIR:-/tmp/kept-patroni}
PORTS=${PORTS:-5500}
PGBIN=${PGBIN:-$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)}
export DIR PORTS PGBIN PATH="$PGBIN:$PATH"

# The port at a place, from 0: etcd's two, then of each server PostgreSQL's and Patroni's.
port() {
    # shellcheck disable=SC2086
    set -- "$1" $PORTS
    if [ $# -eq 2 ]; then
        echo $(($2 + $1))
    else
        shift $(($1 + 1))
        echo "$1"
    fi
}

place() {
    case $1 in
        a) echo 2 ;;
        b) echo 4 ;;
        c) echo 6 ;;
        *) echo "name a server: a, b or c, not \`$1\`" >&2; exit 1 ;;
    esac
}

# `url ACCOUNT DATABASE`
url() {
    hosts=127.0.0.1:$(port 2),127.0.0.1:$(port 4),127.0.0.1:$(port 6)
    # A server that only reads is passed over: whoever leads is found, also after a failover.
    echo "postgres://$1@$hosts/$2?target_session_attrs=read-write"
}

# Everything below runs as an account that PostgreSQL accepts.
unprivileged() {
    mkdir -p "$DIR"
    [ "$(id -u)" -eq 0 ] || return 0
    chown postgres: "$DIR"
    exec setpriv --reuid=postgres --regid=postgres --init-groups "$here/cluster.sh" "$@"
}

etcd_alone() {
    client=http://127.0.0.1:$(port 0)
    peer=http://127.0.0.1:$(port 1)
    exec etcd --name one --data-dir "$DIR/etcd" --logger zap --log-level warn \
        --listen-client-urls "$client" --advertise-client-urls "$client" \
        --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" \
        --initial-cluster "one=$peer"
}

node() {
    first=$(place "$1")
    postgresql=127.0.0.1:$(port "$first")
    rest=127.0.0.1:$(port $((first + 1)))
    export PATRONI_NAME="$1"
    export PATRONI_ETCD3_HOSTS="127.0.0.1:$(port 0)"
    export PATRONI_RESTAPI_LISTEN="$rest" PATRONI_RESTAPI_CONNECT_ADDRESS="$rest"
    export PATRONI_POSTGRESQL_LISTEN="$postgresql" PATRONI_POSTGRESQL_CONNECT_ADDRESS="$postgresql"
    export PATRONI_POSTGRESQL_DATA_DIR="$DIR/$1" PATRONI_POSTGRESQL_BIN_DIR="$PGBIN"
    export PATRONI_POSTGRESQL_PGPASS="$DIR/$1.pgpass"
    sed "s|^  dcs:|  post_bootstrap: $here/bootstrap.sh\n&|" "$here/patroni.yml" > "$DIR/$1.yml"
    exec patroni "$DIR/$1.yml"
}

status() {
    PATRONI_ETCD3_HOSTS="127.0.0.1:$(port 0)" patronictl --config-file "$DIR/a.yml" list kept
}

# Whether somebody leads, one follows who has everything, and another one follows too: before that,
# writes wait, or a failover would find nobody.
settled() {
    # A server that is being copied is there too, under another name.
    follow="SELECT count(*) = 2 AND bool_or(sync_state = 'sync') FROM pg_stat_replication \
        WHERE state = 'streaming' AND application_name IN ('a', 'b', 'c')"
    psql --quiet --no-psqlrc --tuples-only --no-align "$(url postgres postgres)" \
        --command "$follow" 2> "$DIR/psql.log" | grep -q t &&
        psql --quiet --no-psqlrc "$(url kept kept)" --command '' 2> "$DIR/psql.log"
}

leader() {
    at=$(psql --quiet --no-psqlrc --tuples-only --no-align "$(url postgres postgres)" \
        --command 'SELECT inet_server_port()')
    for name in a b c; do
        [ "$(port "$(place $name)")" != "$at" ] || echo $name
    done
}

start() {
    for part in etcd "node a" "node b" "node c"; do
        name=${part#node }
        # shellcheck disable=SC2086
        setsid "$here/cluster.sh" $part >> "$DIR/$name.log" 2>&1 &
        echo $! > "$DIR/$name.pid"
    done
    for _ in $(seq 120); do
        if settled; then
            url kept kept
            return 0
        fi
        sleep 0.5
    done
    echo "nobody leads two others after a minute: \`$DIR/*.log\` says why" >&2
    exit 1
}

stop() {
    # Patroni stops its server when it is told to stop.
    for name in a b c etcd; do
        pid=$(cat "$DIR/$name.pid" 2> /dev/null) || continue
        kill "$pid" 2> /dev/null || continue
        while kill -0 "$pid" 2> /dev/null; do sleep 0.1; done
        rm -f "$DIR/$name.pid"
    done
}

case ${1:-} in
    url) url kept kept ;;
    status) status ;;
    leader) leader ;;
    settled) settled ;;
    start | stop) unprivileged "$@"; "$1" ;;
    etcd) unprivileged "$@"; etcd_alone ;;
    node) unprivileged "$@"; node "${2:-}" ;;
    *) sed -n '2,/^set/p' "$0" | sed -n 's/^# \{0,1\}//p'; exit 1 ;;
esac
