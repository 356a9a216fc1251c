#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# Runs a command against a throwaway PostgreSQL cluster on loopback, gone when the command ends.
#   bash scripts/with-postgres.sh [--durable] <command…>
# The command sees TEST_DATABASE_URL and DATABASE_URL (an empty database), and PG_BIN (the server's tools). Its user
# owns the database and may create databases and roles, but is no superuser: row security holds for it as in the field.
# Without --durable the cluster never syncs to disk: right for tests, wrong for measurements.
# Needs PostgreSQL 15 or newer; PG_BIN chooses its folder. As root the server runs as user `postgres`.
set -euo pipefail

durable=no
if [ "${1:-}" = "--durable" ]; then durable=yes; shift; fi
if [ $# -eq 0 ]; then sed -n '3,8s/^# \{0,1\}//p' "$0" >&2; exit 2; fi

find_tools() {
  local folder
  if [ -n "${PG_BIN:-}" ] && [ -x "$PG_BIN/initdb" ]; then return; fi
  for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -Vr); do
    if [ -x "$folder/initdb" ]; then PG_BIN=$folder; return; fi
  done
  if command -v initdb >/dev/null; then PG_BIN=$(dirname "$(readlink -f "$(command -v initdb)")"); return; fi
  echo "with-postgres: PostgreSQL's initdb is not installed (Debian: apt-get install postgresql)" >&2
  exit 3
}
find_tools
export PG_BIN

# Below the ports that the system gives away: one of those may be somebody's before the server has started.
free_port() {
  node -e '(function look() { const port = 10100 + Math.floor(Math.random() * 21000), probe = require("net").createServer();
    probe.on("error", look).listen(port, "127.0.0.1", () => { console.log(port); probe.close() }) })()'
}

home=$(mktemp -d "${TMPDIR:-/tmp}/campanella-pg.XXXXXX")
port=$(free_port)
as_server=()
if [ "$(id -u)" = 0 ]; then
  chown postgres "$home"
  as_server=(setpriv --reuid postgres --regid postgres --init-groups)
fi
# With the parent's death the server gets SIGINT (a fast stop), so even `kill -9` leaves none behind.
if command -v setpriv >/dev/null; then run_server=("${as_server[@]}"); [ ${#run_server[@]} -gt 0 ] || run_server=(setpriv)
  run_server+=(--pdeathsig INT); else run_server=(); fi

server=
child=
cleanup() {
  trap '' INT TERM HUP
  if [ -n "$child" ]; then kill -TERM -- "-$child" 2>/dev/null || true; wait "$child" 2>/dev/null || true; fi
  if [ -n "$server" ]; then kill -INT "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$home"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

cd_safe() { (cd / && "$@"); }
cd_safe "${as_server[@]}" "$PG_BIN/initdb" -D "$home/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 \
  --no-sync >"$home/initdb.log" 2>&1 || { cat "$home/initdb.log" >&2; exit 3; }

settings=(-c listen_addresses=127.0.0.1 -c "port=$port" -c "unix_socket_directories=$home" -c max_connections=200
  -c shared_buffers=256MB -c max_wal_size=2GB -c autovacuum_naptime=10s)
if [ $durable = no ]; then
  settings+=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off)
fi
(cd / && exec "${run_server[@]}" "$PG_BIN/postgres" -D "$home/data" "${settings[@]}") >"$home/server.log" 2>&1 &
server=$!
for _ in $(seq 1 150); do
  if "$PG_BIN/pg_isready" -q -h 127.0.0.1 -p "$port"; then ready=yes; break; fi
  kill -0 "$server" 2>/dev/null || break
  sleep 0.1
done
if [ "${ready:-no}" != yes ]; then cat "$home/server.log" >&2; exit 3; fi
admin=(-h 127.0.0.1 -p "$port" -U postgres)
"$PG_BIN/createuser" "${admin[@]}" --createdb --createrole campanella
"$PG_BIN/createdb" "${admin[@]}" --owner campanella campanella
# The benchmark starts each round from a checkpoint.
"$PG_BIN/psql" "${admin[@]}" -qX -c 'grant pg_checkpoint, pg_signal_backend to campanella'

export TEST_DATABASE_URL="postgres://campanella@127.0.0.1:$port/campanella"
export DATABASE_URL="$TEST_DATABASE_URL"
status=0
if [ -t 0 ]; then
  "$@" || status=$?
else
  set -m
  "$@" <&0 &
  child=$!
  set +m
  wait "$child" || status=$?
  child=
fi
exit "$status"
