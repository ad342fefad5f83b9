#!/usr/bin/env bash
# A MariaDB of the tests' own: its own folder, a loopback port, nothing of the system's. As durable as a real one.
#   mariadb.sh start FOLDER PORT    makes the folder where it is missing, starts the server and waits until it answers
#   mariadb.sh stop FOLDER          stops it
set -euo pipefail
command=$1
folder=$2
pid_file=$folder/mariadbd.pid
# Its own: a server that starts removes every temporary table from this folder, and one whose tables are gone crashes.
temporary=$folder/tmp

start() {
  local port=$1
  mkdir -p "$temporary"
  if [ ! -d "$folder/data/mysql" ]; then
    mariadb-install-db --no-defaults --datadir="$folder/data" --tmpdir="$temporary" --auth-root-authentication-method=normal \
      --skip-test-db ${as_user:+"$as_user"} >"$folder/install.log" 2>&1
  fi
  # What it prints goes to a file: a pipe of the caller's would stay open as long as the server lives.
  nohup mariadbd --no-defaults --datadir="$folder/data" --tmpdir="$temporary" \
    --socket="$folder/mariadbd.sock" --pid-file="$pid_file" --bind-address=127.0.0.1 --port="$port" \
    --skip-name-resolve ${as_user:+"$as_user"} \
    --innodb-flush-log-at-trx-commit=1 --max-connections=500 --innodb-buffer-pool-size=128M --performance-schema=OFF \
    >"$folder/server.log" 2>&1 </dev/null &
  for _ in $(seq 300); do
    if mariadb-admin --no-defaults --protocol=tcp --host=127.0.0.1 --port="$port" --user=root --silent ping >/dev/null 2>&1; then
      return
    fi
    sleep 0.1
  done
  tail -n 20 "$folder/server.log" >&2
  exit 1
}

stop() {
  [ -f "$pid_file" ] || return 0
  local pid
  pid=$(cat "$pid_file")
  kill "$pid" 2>/dev/null || return 0
  for _ in $(seq 300); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -9 "$pid"
}

# The server refuses to run as root unless told so.
as_user=
[ "$(id -u)" != 0 ] || as_user=--user=root
case $command in
  start) start "$3" ;;
  stop) stop ;;
  *) exit 2 ;;
esac
