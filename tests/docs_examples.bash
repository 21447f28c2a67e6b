# The shell in which docs_examples.py runs the examples: what they take from a machine with Hourglass installed is
# here a function. For each line on standard input it runs the file `step`, its output into `output`; the first command
# that fails ends the shell, and the daemon with it.
set -eo pipefail

hourglassd() { command "$BIN/hourglassd" --config "$MACHINE/etc/hourglass.toml" "$@"; }
hourglass() {
    [ "$1" != restore ] || set -- "$@" --config "$MACHINE/etc/hourglass.toml"
    [ "$1" != simulate ] || set -- "$@" --auth-port "$AUTH_PORT" --acct-port "$ACCT_PORT" --coa-port 0
    command "$BIN/hourglass" "$@"
}
sudo() { "$@"; }
curl() { command curl --fail-with-body "$@"; }
radtest() { command radtest "${@/#127.0.0.1/127.0.0.1:$AUTH_PORT}"; }
radclient() {
    local port=$ACCT_PORT
    [[ " $* " != *" auth "* ]] || port=$AUTH_PORT
    command radclient "${@/#127.0.0.1/127.0.0.1:$port}"
}
# Nobody here is called hourglass.
install() { command install "${@/#--*=hourglass/--verbose}"; }

ready() { command curl -sf "http://$LISTENS/readyz" >/dev/null; }

start() {
    "$BIN/hourglassd" --config "$MACHINE/etc/hourglass.toml" >>"$MACHINE/log" 2>&1 </dev/null &
    daemon=$!
    until ready; do
        kill -0 "$daemon"
        sleep 0.05
    done
}

stop() {
    kill -TERM "$daemon"
    wait "$daemon"
    daemon=
}

systemctl() {
    case $1 in
        start) start ;;
        stop) stop ;;
        restart) stop; start ;;
        reload) hourglassd --check && kill -HUP "$daemon" ;;
        *) echo "systemctl $1 is not for here"; return 1 ;;
    esac
}

finish() {
    [ -z "${daemon:-}" ] || stop || true
}
trap finish EXIT

export HOURGLASS_URL=http://$LISTENS HOURGLASS_TOKEN TOKEN
cd "$MACHINE"
start
TOKEN=$(cat state/admin.token)
HOURGLASS_TOKEN=$TOKEN
hourglass user add demo --password demo --organization 1 --time 1h >/dev/null
echo ready
while read -r _; do
    . "$MACHINE/step" >"$MACHINE/output" 2>&1 </dev/null
    echo done
done
