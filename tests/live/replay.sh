#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A live run with the Linux kernel outside and an order from a client, and the same again under the virtual clock: the frames
# that are sent are identical, to the nanosecond; from tcpdump's capture, identical in contents and order. What is not the
# same run is found out.
set -eu
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

scenarios=$scenarios/live
namespace=mip6sim-r-$$
make_namespace "$namespace"
sed "/^\[expect/,\$d" "$scenarios/home.ini" > "$work/home.ini"
live=
dump=
# shellcheck disable=SC2317 # common.sh calls it
cleanup()
{
    [ -z "$live" ] || kill "$live" 2> /dev/null || :
    [ -z "$dump" ] || kill "$dump" 2> /dev/null || :
    ip netns del "$namespace" 2> /dev/null || :
}
inside() {
    ip netns exec "$namespace" "$@"
}
# An interface that is there before the program, so that tcpdump is as well.
inside ip tuntap add dev tap0 mode tap
inside ip link set tap0 address 02:00:00:00:99:99 up
inside ip -6 addr add 2001:db8:1::99/64 dev tap0 nodad
if command -v tcpdump > /dev/null; then
    inside tcpdump -i tap0 --nano -U -w "$work/tcpdump.pcap" > /dev/null 2>&1 &
    dump=$!
    sleep 1
fi
inside "$program" live "$work/home.ini" --tap home=tap0 --out "$work/out" --record "home=$work/home.pcap" --record-random "$work/journal" \
    --control "$work/socket" --duration 8s > "$work/told" 2> "$work/errors" &
live=$!
sleep 2.5
# Orders are given half way between two packets: tcpdump's clock is not the program's, and a packet that arrives as the order
# does may have come before it to the one and after it to the other.
inside ping -6 -n -i 0.5 -w 4 2001:db8:1::1:0:1 > /dev/null 2>&1 &
ping=$!
sleep 1.25
"$program" ctl "$work/socket" attach mn visited || fail "ctl: $(cat "$work/errors")"
"$program" ctl "$work/socket" link ha-access delay 5ms || fail "ctl"
wait "$ping" || :
wait "$live" || fail "live: $(cat "$work/errors")"
live=
"$program" replay "$work/home.pcap" "$work/home.ini" --random "$work/journal" > "$work/answer" 2>&1 ||
    fail "status $?: $(cat "$work/answer")"
grep -q ': identical$' "$work/answer" || fail "$(cat "$work/answer")"
cat "$work/answer"
if [ -n "$dump" ]; then
    kill "$dump"
    wait "$dump" 2> /dev/null || :
    dump=
    # A frame that the program has read late may have come before a timer to tcpdump and after it to the program: what is
    # another order then is no fault of the replay.
    "$program" replay "$work/tcpdump.pcap" "$work/home.ini" --random "$work/journal" > "$work/answer" 2>&1 ||
        ! grep -q '; 0 overruns' "$work/told" ||
        fail "tcpdump's capture: status $?: $(cat "$work/answer")"
    cat "$work/answer"
fi
# Without the order it is another run; so it is with another link.
differs() {
    status=0
    "$program" replay "$@" > "$work/answer" 2>&1 || status=$?
    [ "$status" -eq 4 ] || fail "replay $*: status $status: $(cat "$work/answer")"
}
grep -v '^order' "$work/journal" > "$work/other"
differs "$work/home.pcap" "$work/home.ini" --random "$work/other"
differs "$work/home.pcap" "$work/home.ini" --random "$work/journal" --set 'lan home / delay = 2ms'
echo nonsense > "$work/other"
"$program" replay "$work/home.pcap" "$work/home.ini" --random "$work/other" > /dev/null 2>&1 && fail "nonsense is believed"
"$program" replay "$work/other" "$work/home.ini" > /dev/null 2>&1 && fail "nonsense is replayed"
# A run with two TAPs, and orders that change what routers advertise, addresses, security associations and faults: all that
# went out of either is the same again, whichever is named first.
inside ip tuntap add dev tap1 mode tap
inside ip link set tap1 address 02:00:00:00:99:98 up
inside ip -6 addr add 2001:db8:2::99/64 dev tap1 nodad
inside "$program" live "$work/home.ini" --tap visited=tap1 --tap home=tap0 --out "$work/two" --record "home=$work/two-home.pcap" \
    --record "visited=$work/two-visited.pcap" --record-random "$work/two.journal" --control "$work/socket" --duration 7s \
    > "$work/told" 2> "$work/errors" &
live=$!
sleep 1.5
inside ping -6 -n -i 0.3 -c 12 2001:db8:1::1:0:1 > /dev/null 2>&1 &
ping=$!
for order in 'attach mn visited' 'set access-lan visited / router-lifetime = 77s' 'prefix visited 2001:db8:22::/64' 'ipsec mn rekey' \
    'drop visited 2 any' 'link home delay 3ms for 1s' 'attach mn home' 'mend visited'; do
    sleep 0.5
    # shellcheck disable=SC2086
    "$program" ctl "$work/socket" $order || fail "ctl $order: $(cat "$work/errors")"
done
# A frame that comes in from the home agent's own Ethernet address, as by a bridge that goes in a circle: it is told from
# those that were sent.
inside "${PYTHON3:-python3}" -c 'import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("tap0", 0))
s.send(bytes.fromhex("333300000001" "020000000101" "86dd" "60000000" "00083aff" + "fe80" + "00" * 13 + "09" + "ff02" + "00" * 13 + "01"
                     "8000000000000000"))' || fail "no packet socket"
wait "$ping" || :
wait "$live" || fail "live with two TAPs: $(cat "$work/errors")"
live=
for taps in "--tap home=$work/two-home.pcap --tap visited=$work/two-visited.pcap" \
    "--tap visited=$work/two-visited.pcap --tap home=$work/two-home.pcap"; do
    # shellcheck disable=SC2086
    "$program" replay "$work/home.ini" $taps --random "$work/two.journal" > "$work/answer" 2>&1 ||
        fail "two TAPs: status $?: $(cat "$work/answer")"
    [ "$(grep -c ': identical$' "$work/answer")" -eq 2 ] || fail "two TAPs: $(cat "$work/answer")"
done
cat "$work/answer"
grep -q '^visited, .* [1-9][0-9]* emitted' "$work/answer" || fail "nothing went out to visited"
grep -q '^back [0-9]* 0$' "$work/two.journal" || fail "what came back is not in the journal"
grep -v '^back' "$work/two.journal" > "$work/other"
differs "$work/home.ini" --tap "home=$work/two-home.pcap" --tap "visited=$work/two-visited.pcap" --random "$work/other"
grep -v 'prefix' "$work/two.journal" > "$work/other"
differs "$work/home.ini" --tap "home=$work/two-home.pcap" --tap "visited=$work/two-visited.pcap" --random "$work/other"
# What is wrong with a command is told before anything is read.
wrong() { # text, options
    expected=$1
    shift
    status=0
    "$program" replay "$@" > "$work/answer" 2>&1 || status=$?
    [ "$status" -eq 2 ] || fail "replay $*: status $status: $(cat "$work/answer")"
    grep -q -- "$expected" "$work/answer" || fail "replay $*: $(cat "$work/answer")"
}
wrong 'did you mean' "$work/home.ini" --tap "hom=$work/two-home.pcap"
wrong 'named twice' "$work/home.ini" --tap "home=$work/two-home.pcap" --tap "home=$work/two-visited.pcap"
wrong 'not LAN=CAPTURE' "$work/home.ini" --tap home
wrong 'expected SCENARIO' "$work/two-home.pcap" "$work/home.ini" --tap "home=$work/two-home.pcap"
wrong 'expected CAPTURE SCENARIO' "$work/home.ini"
wrong 'lan' "$work/home.ini" --lan home --tap "home=$work/two-home.pcap"
finish "the same again, of several TAPs too, and what is another run is told"
