#!/usr/bin/env bash
# The demo behind ./dev run: a daemon with an empty store of its own, one user with one hour, one NAS. Prints what to
# type next and runs until Ctrl-C; everything it makes is in the build folder and goes away with it.
set -euo pipefail

bin=build/release/bin auth_port=1812 acct_port=1813 api_port=8080
while [ $# -gt 0 ]; do
    case "$1" in
        --bin) bin=$2 ;;
        --auth-port) auth_port=$2 ;;
        --acct-port) acct_port=$2 ;;
        --api-port) api_port=$2 ;;
        *) echo "usage: run.sh [--bin DIR] [--auth-port N] [--acct-port N] [--api-port N]" >&2; exit 2 ;;
    esac
    shift 2
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(cd "$bin" && pwd)
umask 077
demo=$(mktemp -d "$(dirname "$bin")/demo.XXXXXX")
state=$demo/state
daemon=

finish() {
    trap '' INT TERM
    if [ -n "$daemon" ]; then
        kill -TERM "$daemon" 2>/dev/null || true
        wait "$daemon" 2>/dev/null || true
    fi
    rm -rf "$demo"
}
trap finish EXIT
trap 'exit 0' INT TERM

sed -e "s|@state_dir@|$state|g" -e "s|@auth_port@|$auth_port|g" -e "s|@acct_port@|$acct_port|g" \
    -e "s|@api_port@|$api_port|g" "$here/hourglass.toml" >"$demo/hourglass.toml"

"$bin/hourglassd" --config "$demo/hourglass.toml" &
daemon=$!
api=http://127.0.0.1:$api_port
until curl -sf -o "$demo/ready" "$api/readyz"; do
    kill -0 "$daemon" 2>/dev/null || { wait "$daemon" || status=$?; daemon=; exit "${status:-1}"; }
    sleep 0.1
done
rm -f "$demo/ready"

export HOURGLASS_URL=$api HOURGLASS_TOKEN
HOURGLASS_TOKEN=$(cat "$state/admin.token")
user=$(printf demo | "$bin/hourglass" user add demo --password-stdin --organization 1 --time 1h --json |
    sed -n 's/^ *"id": *\([0-9]*\).*/\1/p' | head -n 1)

radtest_server=127.0.0.1
[ "$auth_port" = 1812 ] || radtest_server=127.0.0.1:$auth_port
acct_server=127.0.0.1
[ "$acct_port" = 1813 ] || acct_server=127.0.0.1:$acct_port
report="radclient -x $acct_server acct testing123"
session="User-Name=demo,NAS-Identifier=lab,Acct-Session-Id=first"

cat <<TEXT

Hourglass is running. User demo, password demo, one hour of time; NAS 127.0.0.1, secret testing123.
In another terminal:

  1. Log in; the answer says how long he may stay:
     radtest demo demo $radtest_server 0 testing123

  2. A session starts, and reports 600 seconds. Repeat the report as often as you like:
     echo '$session,Acct-Status-Type=Start' | $report
     echo '$session,Acct-Status-Type=Interim-Update,Acct-Session-Time=600' | $report

  3. What is left (user_time, in seconds):
     TOKEN=\$(cat $state/admin.token)
     curl -s -H "Authorization: Bearer \$TOKEN" '$api/api/v1/user_token/$user/?balance=true'

  4. The same from the command line, and one hour more:
     export HOURGLASS_URL=$api HOURGLASS_TOKEN=\$TOKEN
     $bin/hourglass user show demo
     $bin/hourglass user edit demo --time 2h

Ctrl-C ends it and removes all it made.
TEXT
wait "$daemon"
