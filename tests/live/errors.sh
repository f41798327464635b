#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What goes wrong around a live run: command lines, privileges, sockets of the dead and of the living, full disks, signals,
# and clients that do what no client should. Each has its exit status and says what is the matter; a run that can go on goes
# on, and its results are written. What needs root is left out without.
set -eu
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"
command -v python3 > /dev/null || skip "there is no python3"

scenario=$scenarios/live/home.ini
sed '/^\[expect/,$d' "$scenario" > "$work/home.ini"
live=
namespace=
# shellcheck disable=SC2317 # common.sh calls it
cleanup()
{
    [ -z "$live" ] || kill "$live" 2> /dev/null || :
    [ -z "$namespace" ] || ip netns del "$namespace" 2> /dev/null || :
    ! mountpoint -q "$work/disk" 2> /dev/null || umount "$work/disk"
}

# told STATUS TEXT ARGUMENT...: of mip6sim.
told()
{
    local status=$1 text=$2
    shift 2
    try "$status" "$@"
    err_has "$text"
}

# ---- command lines ----
told 2 'which scenario?' live
told 2 'one scenario at a time' live "$scenario" "$scenario"
told 2 "'home' is not LAN=IFNAME" live "$scenario" --tap home
told 2 "'home=' is not LAN=IFNAME" live "$scenario" --tap home=
told 2 "there is no LAN 'hom'; did you mean 'home'?" live "$scenario" --tap hom=tap0
told 2 "there is no LAN 'nowhere' (there are: home, visited)" live "$scenario" --tap nowhere=tap0
told 2 "'ha-access' is a point-to-point link" live "$scenario" --tap ha-access=tap0
told 2 "the LAN 'home' is named twice" live "$scenario" --tap home=tap0 --tap home=tap1
told 2 "the interface 'tap0' is named twice" live "$scenario" --tap home=tap0 --tap visited=tap0
for name in sixteen-letters- 'a b' a/b a%d a:b . ..; do
    told 2 'no interface has such a name' live "$scenario" --tap "home=$name"
done
told 2 "'5' has no unit" live "$scenario" --duration 5
told 2 'it must be more than 0s' live "$scenario" --duration 0s
told 2 'is negative' live "$scenario" --duration=-3s
told 2 "'soon' is not a duration" live "$scenario" --duration soon
told 2 'is not one of none, info, debug, trace' live "$scenario" --log chatty
told 2 '--seed' live "$scenario" --seed x
told 2 "there is no link 'nothing'" live "$scenario" --pcap nothing
told 2 'is not LAN=FILE' live "$scenario" --record "home=$work/x.pcap"
told 2 'is not LAN=FILE' live "$scenario" --tap home=tap0 --record "visited=$work/x.pcap"
told 2 'is not LAN=FILE' live "$scenario" --tap home=tap0 --record home
told 2 'is named twice' live "$scenario" --tap home=tap0 --record "home=$work/x.pcap" --record "home=$work/y.pcap"
told 2 "the file '$work/x.pcap' is named twice" live "$scenario" --tap home=tap0 --tap visited=tap1 --record "home=$work/x.pcap" \
    --record "visited=$work/x.pcap"
told 2 'the name of a socket has 1 to 107 octets' live "$scenario" --control "$work/$(printf 'x%.0s' {1..110})"
told 2 'the name of a socket has 1 to 107 octets' live "$scenario" --control ''
# What of the scenario nobody does here is told.
{
    cat "$work/home.ini"
    printf '[flow lonely]\nfrom = linux\nto = mn\n[sweep]\npoint-to-point ha-access / delay = 1ms; 2ms\n'
} > "$work/sweep.ini"
told 0 "of the sweep's 2 points only the first: point-to-point ha-access / delay = 1ms" live "$work/sweep.ini" \
    --duration 100ms --set 'scenario / replications = 3' --out "$work/out"
err_has 'of 3 replications only the first'
err_has 'flow lonely: "linux" is external'
told 2 'which socket?' ctl
told 2 'which command?' ctl "$work/socket"
told 1 'cannot reach it' ctl "$work/socket" show links
told 1 'cannot reach it' ctl "$scenario" show links
told 1 'File name too long' ctl "$work/$(printf 'x%.0s' {1..110})" show links
told 2 'one line' ctl "$work/socket" "show
links"
told 2 'one line' ctl "$work/socket" "$(printf 'x%.0s' {1..5000})"

# Who is not there, and no mobile node either, has not left: what is for them is lost, and not misdirected.
{
    cat "$work/home.ini"
    printf '[flow astray]\nfrom = mn\nto = linux\nstart = 200ms\ninterval = 50ms\n'
} > "$work/astray.ini"
"$program" live "$work/astray.ini" --duration 6s --out "$work/out" > "$work/stdout" 2> "$work/stderr" ||
    fail "a flow to nobody: $(cat "$work/stderr")"
python3 - "$work/out/flows.csv" << 'END' || fail "a flow to nobody: $(cat "$work/out/flows.csv")"
import csv, sys
(row,) = (row for row in csv.DictReader(open(sys.argv[1])) if row["flow"] == "astray")
assert int(row["lost"]) > 20 and row["misdirected"] == "0", row
END

# ---- files ----
live_briefly()
{
    status=0
    "$program" live "$work/home.ini" --duration 200ms --out "$work/out" "$@" > "$work/stdout" 2> "$work/stderr" < /dev/null || status=$?
}
fails() # text, options of a live run
{
    text=$1
    shift
    live_briefly "$@"
    [ "$status" -eq 1 ] || fail "live $*: exit status $status"
    err_has "$text"
}
fails 'it is no socket, and is left alone' --control "$work/home.ini"
[ -f "$work/home.ini" ] || fail "a file is gone"
fails 'cannot listen there' --control "$work/none/socket"
fails "$work/none/journal" --record-random "$work/none/journal"
fails 'cannot make this directory' --out /proc/nowhere
fails 'No such file or directory' --store /proc/nowhere
# A journal that cannot be written is told; what has come of the run is there all the same.
if [ -c /dev/full ]; then
    rm -rf "$work/out"
    fails '/dev/full: cannot write' --record-random /dev/full
    [ -s "$work/out/run.json" ] || fail "no results beside a full disk"
fi

# ---- sockets ----
started()
{
    for _ in {1..50}; do
        if [ -S "$work/socket" ] && "$program" ctl "$work/socket" show links > /dev/null 2>&1; then
            return
        fi
        sleep 0.1
    done
    fail "it does not begin: $(cat "$work/errors")"
}
begin()
{
    "$program" live "$work/home.ini" --duration forever --control "$work/socket" --out "$work/out" "$@" > "$work/told" 2> "$work/errors" &
    live=$!
    started
}
# expect STATUS: of the run.
end()
{
    status=0
    wait "$live" || status=$?
    live=
    [ "$status" -eq "$1" ] || fail "the run ended with $status, not $1: $(cat "$work/errors")"
}
begin
fails 'another program listens' --control "$work/socket"
"$program" ctl "$work/socket" show links > /dev/null || fail "the living one has lost its socket"
kill -9 "$live"
{ wait "$live" || :; } 2> /dev/null
[ -S "$work/socket" ] || fail "no socket is left"
told 1 'cannot reach it' ctl "$work/socket" show links
begin # in the place of the dead one's
# Signals, and the command: the same results as of any run, and the socket is gone.
for ending in INT TERM stop; do
    [ -n "$live" ] || begin --pcap home
    sleep 0.3
    if [ "$ending" = stop ]; then
        "$program" ctl "$work/socket" stop
    else
        kill -"$ending" "$live"
    fi
    end 0
    [ ! -e "$work/socket" ] || fail "$ending: the socket is still there"
    for file in run.json handovers.csv flows.csv messages.csv; do
        [ -s "$work/out/$file" ] || fail "$ending: no $file"
    done
    has "$work/told" 'Results:'
    has "$work/told" 'Lag:'
done
[ -s "$work/out/home.pcap" ] || fail "no capture"
[ -s "$work/out/esp_sa" ] || fail "no keys beside the capture"
# What is expected is judged, if it ends early by what has been.
status=0
"$program" live "$scenario" --duration 500ms --out "$work/out" > "$work/stdout" 2> "$work/stderr" || status=$?
[ "$status" -eq 3 ] || fail "expectations: exit status $status"
err_has 'it ended at 500ms, the scenario at 15s'

# ---- clients ----
begin
python3 - "$work/socket" "$program" << 'END' || fail "clients: $(cat "$work/errors")"
import socket, subprocess, sys, threading, time
path, program = sys.argv[1:]

def client(timeout=10):
    s = socket.socket(socket.AF_UNIX)
    s.connect(path)
    s.settimeout(timeout)
    return s

def alive():
    s = client()
    s.sendall(b'json show links\n')
    assert s.recv(100).startswith(b'ok '), 'it does not answer any more'

def cut_off(s):
    try:
        while s.recv(1 << 16):
            pass
        return True
    except ConnectionResetError:
        return True

# 1 MiB without a newline: cut off long before.
s = client()
try:
    s.sendall(b'x' * (1 << 20))
except (BrokenPipeError, ConnectionResetError):
    pass
assert cut_off(s)
alive()
# NULs, and what is no UTF-8.
s = client(); s.sendall(b'text show\0links\n'); assert cut_off(s)
s = client(); s.sendall(b'text show \xff\xfe\n'); assert s.recv(100).startswith(b'error '); s.close()
alive()
# Who asks for much, takes a little, and is gone; a line in single octets; many lines at once.
for _ in range(20):
    s = client(); s.sendall(b'text show associations\n' * 200); s.recv(10); s.close()
alive()
s = client()
for octet in b'text show nodes\n':
    s.sendall(bytes([octet]))
assert s.recv(100).startswith(b'ok ')
s = client(); s.sendall(b'text show links\ntext show nodes\ntext nonsense\n')
time.sleep(0.3)
answer = s.recv(1 << 20)
assert answer.count(b'ok ') == 2 and answer.count(b'error ') == 1, answer
# A hundred at once, each with an answer, while as many hang.
hanging = [client() for _ in range(100)]
failed = []
def ask(i):
    run = subprocess.run([program, 'ctl', path, 'show', 'links'], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if run.returncode:
        failed.append(run.stderr)
threads = [threading.Thread(target=ask, args=(i,)) for i in range(100)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not failed, failed[:3]
more = [client() for _ in range(300)]
alive()
for s in hanging + more: s.close()
# Orders by the hundred.
s = client(60)
for i in range(300):
    s.sendall(b'text link ha-access delay %dms\n' % (i % 9 + 1))
    assert s.recv(1000).startswith(b'ok '), i
END
kill -0 "$live" || fail "it is gone"
"$program" ctl "$work/socket" stop
end 0

# ---- privileges ----
if [ "$(id -u)" -eq 0 ] && [ -c /dev/net/tun ] && command -v setpriv > /dev/null; then
    status=0
    setpriv --bounding-set=-net_admin --inh-caps=-net_admin "$program" live "$scenario" --tap home=mip6sim-none --duration 1s \
        --out "$work/out" > "$work/stdout" 2> "$work/stderr" || status=$?
    [ "$status" -eq 1 ] || fail "without CAP_NET_ADMIN: exit status $status"
    err_has 'this needs CAP_NET_ADMIN'
    namespace=mip6sim-e-$$
    if ip netns add "$namespace" 2> /dev/null && ip netns exec "$namespace" true 2> /dev/null; then
        # An interface that is no TAP, and one that another process has.
        ip netns exec "$namespace" "$program" live "$scenario" --tap home=lo --duration 1s --out "$work/out" > "$work/stdout" \
            2> "$work/stderr" && fail "lo is a TAP"
        err_has 'is no TAP'
        ip netns exec "$namespace" "$program" live "$work/home.ini" --tap home=tap0 --duration forever --control "$work/socket" \
            --out "$work/out" > "$work/told" 2> "$work/errors" &
        live=$!
        started
        ip netns exec "$namespace" "$program" live "$scenario" --tap home=tap0 --duration 1s --out "$work/other" > "$work/stdout" \
            2> "$work/stderr" && fail "a TAP for two"
        err_has 'another process has it'
        # The interface is taken away while it runs.
        ip netns exec "$namespace" ip link del tap0 2> /dev/null || :
        # utime + stime: it does not go round and round for what is there no more.
        before=$(awk '{ print $14 + $15 }' "/proc/$live/stat")
        sleep 1
        after=$(awk '{ print $14 + $15 }' "/proc/$live/stat")
        [ $((after - before)) -le 30 ] || fail "without its interface it works $((after - before)) ticks in a second"
        has "$work/errors" 'tap0 has been deleted; "home" goes on without it'
        "$program" ctl "$work/socket" show links > /dev/null || fail "without its interface it is gone: $(cat "$work/errors")"
        "$program" ctl "$work/socket" stop
        end 0
        # One whose MTU is another than the LAN's is told of, with what to do; one that is as it should be is not.
        ip netns exec "$namespace" ip tuntap add dev small0 mode tap
        ip netns exec "$namespace" ip link set dev small0 mtu 1400
        ip netns exec "$namespace" "$program" live "$work/home.ini" --tap home=small0 --duration forever --control "$work/socket" \
            --out "$work/out" > "$work/told" 2> "$work/errors" &
        live=$!
        started
        has "$work/errors" 'the interface small0 has an MTU of 1400, its LAN "home" one of 1500'
        has "$work/errors" 'ip link set dev small0 mtu 1500'
        "$program" ctl "$work/socket" show taps > "$work/answer"
        has "$work/answer" 'small0 on home, up: '
        has "$work/answer" ' frames in, '
        ip netns exec "$namespace" ip link set dev small0 mtu 1500
        "$program" ctl "$work/socket" show taps --json > "$work/answer"
        python3 -c 'import json, sys; (tap,) = json.load(open(sys.argv[1])); assert tap["interface"] == "small0" and tap["lan"] == "home" \
and tap["state"] == "up" and tap["out"] > 0 and tap["too long"] == 0 and tap["mtu"] == 1500, tap' "$work/answer" || fail "show taps --json"
        ip netns exec "$namespace" ip link set dev small0 down
        sleep 0.2
        "$program" ctl "$work/socket" show taps > "$work/answer"
        has "$work/answer" 'small0 on home, down: '
        ip netns exec "$namespace" ip link set dev small0 up
        "$program" ctl "$work/socket" stop
        end 0
        has "$work/told" 'small0 on home, up: '
        ip netns exec "$namespace" "$program" live "$work/home.ini" --tap home=small0 --duration 200ms --out "$work/out" \
            > "$work/stdout" 2> "$work/stderr" || fail "the LAN's MTU: $(cat "$work/stderr")"
        lacks "$work/stderr" 'MTU'
        # A TAP made for several queues.
        ip netns exec "$namespace" ip tuntap add dev many0 mode tap multi_queue
        ip netns exec "$namespace" "$program" live "$work/home.ini" --tap home=many0 --duration 200ms --out "$work/out" \
            > "$work/stdout" 2> "$work/stderr" || fail "several queues: $(cat "$work/stderr")"
        # Of a sweep the first point; results and stable storage where nothing can be written: told before all.
        mkdir "$work/fixed"
        if mount -t tmpfs -o ro none "$work/fixed" 2> /dev/null; then
            try 1 live "$work/home.ini" --duration 1s --out "$work/fixed"
            err_has "$work/fixed: nothing can be written there"
            lacks "$work/stderr" ' runs'
            try 1 live "$work/home.ini" --duration 1s --out "$work/out" --store "$work/fixed"
            err_has "$work/fixed: Read-only file system"
            umount "$work/fixed"
        fi
        # A disk that is full: the record is short, and that is told; the results are elsewhere, and whole.
        mkdir "$work/disk"
        if mount -t tmpfs -o size=8k none "$work/disk" 2> /dev/null; then
            status=0
            ip netns exec "$namespace" "$program" live "$work/home.ini" --tap home=tap0 --record "home=$work/disk/home.pcap" \
                --duration 3s --set 'lan home / router-advertisement-interval = 30ms..40ms' --out "$work/out" \
                > "$work/stdout" 2> "$work/stderr" || status=$?
            [ "$status" -eq 1 ] || fail "a full disk: exit status $status: $(cat "$work/stderr")"
            err_has 'home.pcap'
            out_has 'Results:'
        fi
    fi
fi
finish "what goes wrong is told, and harms nothing else"
