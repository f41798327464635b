#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Orders and questions while a scenario runs: the timeline's verbs, what can be shown, set and captured; wrong commands
# change nothing; clients that hang, vanish or talk nonsense harm nothing. Needs no privileges.
set -eu
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

live=
# shellcheck disable=SC2317 # common.sh calls it
cleanup()
{
    [ -z "$live" ] || kill "$live" 2> /dev/null || :
}
socket=$work/socket
sed "/^\[expect/,\$d" "$scenarios/first-handover.ini" > "$work/scenario.ini"
"$program" live "$work/scenario.ini" --duration forever --control "$socket" --out "$work/out" \
    --set 'mobile-node mn / dad-transmits = 0' --set 'home-agent ha / home-address-dad = no' > "$work/told" 2> "$work/errors" &
live=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ -S "$socket" ] && break
    sleep 0.1
done
[ -S "$socket" ] || fail "no socket: $(cat "$work/errors")"
ctl() {
    "$program" ctl "$socket" "$@"
}
right() {
    ctl "$@" > "$work/answer" 2>&1 || fail "ctl $*: status $?: $(cat "$work/answer")"
}
wrong() { # what is said of it, command
    expected=$1
    shift
    status=0
    ctl "$@" > "$work/answer" 2>&1 || status=$?
    [ "$status" -eq 2 ] || fail "ctl $*: status $status: $(cat "$work/answer")"
    grep -q -- "$expected" "$work/answer" || fail "ctl $*: $(cat "$work/answer")"
}
sleep 0.5
# The timeline's verbs, in words and as it is written.
right attach mn visited
sleep 1
right show bindings
grep -q 'ha .*home agent .*2001:db8:1::1:0:1 .*2001:db8:2:' "$work/answer" || fail "no binding at ha: $(cat "$work/answer")"
grep -q 'mn .*to home agent .*bound' "$work/answer" || fail "mn is not bound: $(cat "$work/answer")"
right show bindings --json
python3 -c 'import json, sys; rows = json.load(open(sys.argv[1])); assert any(row["role"] == "home agent" for row in rows)' "$work/answer" ||
    fail "JSON: $(cat "$work/answer")"
for topic in neighbours neighbors nonces addresses routes associations advertisements prefixes nodes links faults taps lag; do
    right show "$topic"
    right show "$topic" --json
    python3 -m json.tool "$work/answer" > /dev/null || fail "JSON of $topic: $(cat "$work/answer")"
done
# Values of JSON have types.
right show lag
grep -Eq '^Lag: [1-9][0-9]* wakings, 99.9 % within [0-9.]+ ms, at most [0-9.]+ ms; [0-9]+ overruns of more than 10 ms$' "$work/answer" ||
    fail "show lag: $(cat "$work/answer")"
"$program" ctl --json "$socket" show lag > "$work/answer" || fail "an option before the socket"
python3 - "$program" "$socket" << 'END' || fail "types of JSON"
import json, subprocess, sys
def show(topic):
    return json.loads(subprocess.run([sys.argv[1], "ctl", sys.argv[2], "show", topic, "--json"], check=True, stdout=subprocess.PIPE).stdout)
def all_are(topic, column, *kinds):
    rows = show(topic)
    assert rows and all(type(row[column]) in kinds for row in rows), (topic, column, rows)
none = type(None)
all_are("bindings", "sequence", int)
all_are("bindings", "seconds left", float, none)
assert any(type(row["seconds left"]) is float for row in show("bindings"))
all_are("bindings", "role", str)
all_are("nonces", "index", int)
all_are("nonces", "nonce", str)
all_are("nonces", "seconds left", float)
all_are("neighbours", "router", bool)
assert {row["router"] for row in show("neighbours")} == {True, False}
assert any(row["seconds left"] is None for row in show("routes"))
all_are("associations", "index", int)
assert all(row["index"] >= 0x100 for row in show("associations"))
all_are("advertisements", "router lifetime", int)
all_are("advertisements", "mtu", int, none)
all_are("prefixes", "valid", int, none)
all_are("links", "delay", float)
all_are("links", "stations", int)
all_are("links", "captured", bool)
assert show("taps") == []
(lag,) = show("lag")
assert lag["wakings"] > 0 and 0 <= lag["99.9 % within"] and 0 < lag["at most"] and lag["overrun limit"] == 0.01, lag
END
right link ha-access down for 100ms
right link ha-edge delay 30ms
right set point-to-point ha-edge / delay = 40ms
right show links
grep -q 'ha-edge .*40ms' "$work/answer" || fail "set changes nothing: $(cat "$work/answer")"
right reboot cn
right 'mn = attach home'
right mn detach
right attach mn visited
right silent access visited
right advertise access
right down access for 50ms
right link visited prefix 2001:db8:22::/64
right link visited deprecate 2001:db8:2::/64
right capture start home "$work/home.pcap"
wrong 'is being captured' capture start home "$work/home.pcap"
wrong '"home" is being captured into' capture start visited "$work/home.pcap"
sleep 0.3
right capture stop home
[ -s "$work/home.pcap" ] || fail "nothing is captured"
# Parameters: what is advertised, nodes, peers.
has() { # topic, pattern
    right show "$1"
    grep -Eq -- "$2" "$work/answer" || fail "show $1 has no $2: $(cat "$work/answer")"
}
hasnt() {
    right show "$1"
    ! grep -Eq -- "$2" "$work/answer" || fail "show $1 still has $2: $(cat "$work/answer")"
}
right set access-lan visited / router-lifetime = 77s
right set access-lan visited / advertised-hop-limit = 33
right link visited managed-addresses yes, other-configuration yes, advertised-mtu 1400, reachable-time 40s
has advertisements 'access +visited +.* MO +77 +33 +40000 .* 1400'
right link visited router-advertisement-interval 1s..2s
has advertisements 'access +visited +1s..2s'
right set home-agent ha / home-agent-preference = 7
right set home-agent ha / home-agent-lifetime = 99s
has advertisements 'ha +home .* H .* 7 +99'
right set home-agent ha / home-agent-bit = no
right set home-agent ha / router-address-bit = no
hasnt advertisements 'ha +home .* H '
has prefixes 'ha +home +2001:db8:1::/64 +LA +'
right link home prefix-valid-lifetime 1000s, prefix-preferred-lifetime 500s, prefix-autonomous no
has prefixes 'ha +home +2001:db8:1::/64 +L +1000 +500'
right prefix home 2001:db8:11::/64 valid 600s preferred 300s on-link no
has prefixes '2001:db8:11::/64 +A +600 +300'
has associations '2001:db8:11::1:0:1 +2001:db8:11::' # a home address that nobody had thought of
right withdraw home 2001:db8:11::/64
hasnt prefixes 2001:db8:11::
right link home router-advertisements no
hasnt advertisements 'ha +home'
right link home router-advertisements yes
has advertisements 'ha +home'
right set correspondent-node cn / unsafe = no-sequence-check
right set correspondent-node cn / unsafe = none
right set correspondent-node cn / hop-limit = 33
right correspondent-node cn / hop-limit = 34
right set mobile-node mn / home-lifetime = 40s
right set peers mn cn / lifetime = 40s
# Addresses and routes.
right add cn address 2001:db8:3::77
has addresses 'cn .*2001:db8:3::77'
wrong 'has this address' add cn address 2001:db8:3::77
right reboot cn
has addresses 'cn .*2001:db8:3::77'
right cn remove address 2001:db8:3::77
hasnt addresses 2001:db8:3::77
wrong 'no such address' cn remove address 2001:db8:3::77
right add ha route 2001:db8:99::/64 via fe80::1 on home
has routes 'ha +2001:db8:99::/64 +fe80::1 +home +configured'
right remove ha route 2001:db8:99::/64
wrong 'no such route' remove ha route 2001:db8:99::/64
right add cn default-router fe80::1
has routes 'cn +default +fe80::1 .*configured'
right remove cn default-router
# Security associations: others, none, these again.
right show associations
cp "$work/answer" "$work/before"
right ipsec mn rekey 3des-cbc hmac-sha-256-128 encryption-key 000102030405060708090a0b0c0d0e0f1011121314151617
has associations '0x80000000 +3des-cbc +000102030405060708090a0b0c0d0e0f1011121314151617 +hmac-sha-256-128'
right ipsec mn rekey 3des-cbc sa1 spi 0x111 encryption-key 111102030405060708090a0b0c0d0e0f1011121314151617 sa3 spi 0x113
has associations 'transport to home agent +0x00000111 +3des-cbc +1111020304'
has associations 'transport from home agent +0x80000001 +3des-cbc +0001020304'
has associations 'tunnel to home agent +0x00000113 '
right ipsec mn rekey 3des-cbc hmac-sha-256-128 spi 256 encryption-key 000102030405060708090a0b0c0d0e0f1011121314151617
has associations 'tunnel from home agent +0x00000103 '
wrong 'another association' ipsec mn rekey sa2 spi 0x111
wrong 'expected a number' ipsec mn rekey spi 255
wrong 'expected a number' ipsec mn rekey spi 0xffd
wrong 'expected a number' ipsec mn rekey spi 0x1000
wrong 'there twice' ipsec mn rekey spi 300 spi 310
wrong 'expected ipsec' ipsec mn rekey spi 300 sa1 spi 301
right ipsec mn off
hasnt associations 3des
right mn ipsec on
has associations '0x00000100 +3des-cbc'
right attach mn home
right attach mn visited
sleep 1
has bindings 'ha .*home agent .*bound'
# Faults: ordered, seen, over.
right drop home 2 HoTI
right link ha-access corrupt all BU from mn probability 50% for 10s, hold-back 300ms the 2nd BA
right duplicate ha-access every 3 UDP
has faults 'ha-access +corrupt +[0-9]+ +[0-9]+ +on'
right mend ha-access
hasnt faults 'ha-access .* on$'
has faults 'home +drop .* on'
right help attach
# Wrong ones.
wrong 'did you mean' set access-lan visited / router-lifetim = 5s
wrong 'less than the longest interval' set access-lan visited / router-lifetime = 1s
has advertisements 'access +visited +.* 77 +33'
wrong 'cannot be changed while it runs' set access-lan visited / metric = 5
wrong 'add address' set correspondent-node cn / address = 2001:db8::1
wrong 'ipsec rekey' set mobile-node mn / ipsec-encryption = 3des-cbc
wrong 'hexadecimal' ipsec mn rekey integrity-key xy
wrong 'has 2 octets' ipsec mn rekey integrity-key 0102
wrong 'mobile nodes' ipsec ha rekey
wrong 'on which link\|not on' add cn address 2001:db8:3::78 on home
wrong 'by itself' add mn address 2001:db8:3::78
wrong 'no message or flow' drop home HoTT
wrong 'there is no section' fault none off
wrong 'which prefix' link home prefix
wrong 'unknown word' set peers mn cn / order = never
wrong 'SECTION / KEY' set visited
wrong 'did you mean' attach mn visted
wrong 'which? Expected \[lan NAME\]' set lan / router-lifetime = 5s
wrong 'not advertised on "home"' withdraw home 2001:db8:77::/64
wrong 'not advertised on "home"' deprecate home 2001:db8:77::/64
wrong 'did you mean' atach mn visited
wrong 'did you mean' show bindngs
wrong 'only a mobile node' attach cn visited
wrong 'which command\|nothing is said' ''
wrong 'cannot be changed while it runs' set scenario / duration = 5s
wrong 'there is no section' set lan hom / delay = 1ms
wrong 'has no key' set lan home / dely = 1ms
wrong 'static' rekey mn cn
wrong 'one interface' attach mn home keep 1s
wrong 'is not being captured' capture stop home
wrong 'unit' link ha-edge delay 20
wrong 'negative' link ha-edge delay -5ms
wrong 'negative' -- link ha-edge delay -5ms
wrong 'negative' link ha-edge delay -5ms --json
grep -q '"ok": false' "$work/answer" || fail "no JSON: $(cat "$work/answer")"
wrong 'Unknown option' show links --jsn
wrong 'no such command\|see help' frobnicate
wrong 'cannot write' capture start home "$work/none/such.pcap"
# Clients that hang, vanish, flood, or speak something else.
python3 - "$socket" << 'END' || fail "clients"
import os, socket, sys, time
def client():
    s = socket.socket(socket.AF_UNIX)
    s.connect(sys.argv[1])
    s.settimeout(5)
    return s
hanging = [client() for _ in range(8)]           # say nothing
half = client(); half.send(b'text show bin')     # half a line
gone = client(); gone.send(b'text show bindings\n' * 50); gone.close()
flood = client()                                  # asks and never reads
flood.setblocking(False)
try:
    while True:
        flood.send(b'text show addresses\n' * 100)
except (BlockingIOError, BrokenPipeError, ConnectionResetError):
    pass
long = client()
try:
    for _ in range(10):
        long.send(b'x' * 4096)
    assert long.recv(1) == b''                    # cut off
except (BrokenPipeError, ConnectionResetError):
    pass
binary = client(); binary.send(bytes(range(256)))
odd = client(); odd.send(b'hello\n'); assert odd.recv(100).startswith(b'error ')
many = [client() for _ in range(60)]              # more than there is room for
for s in hanging + many: s.close()
half.send(b'dings\n'); assert half.recv(100).startswith(b'ok ')
time.sleep(0.2)
last = client(); last.send(b'json show links\n'); assert last.recv(100).startswith(b'ok ')
END
right show links
"$program" live "$scenarios/first-handover.ini" --control "$socket" --out "$work/other" > /dev/null 2> "$work/answer" && fail "two at one socket"
grep -q 'cannot listen' "$work/answer" || fail "two at one socket: $(cat "$work/answer")"
right stop
wait "$live" || fail "stop: status $?: $(cat "$work/errors")"
live=
[ ! -e "$socket" ] || fail "the socket is still there"
[ "$(wc -l < "$work/out/handovers.csv")" -ge 3 ] || fail "handovers: $(cat "$work/out/handovers.csv")"
status=0
ctl show links > /dev/null 2>&1 || status=$?
[ "$status" -eq 1 ] || fail "nobody there: status $status"
finish "orders, questions, and bad company"
