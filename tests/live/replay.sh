#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A live run with the Linux kernel outside and an order from a client, and the same again under the virtual clock: the frames
# that are sent are identical, to the nanosecond; from tcpdump's capture, identical in contents and order. What is not the
# same run is found out.
set -eu
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

scenarios=$scenarios/live
[ "$(id -u)" -eq 0 ] || skip "this needs root, to make network namespaces"
for tool in ip ping; do
    command -v "$tool" > /dev/null || skip "there is no $tool"
done
[ -c /dev/net/tun ] || skip "there is no /dev/net/tun"
namespace=mip6sim-r-$$
ip netns add "$namespace" 2> /dev/null || skip "no network namespaces can be made here"
if ! ip netns exec "$namespace" true 2> /dev/null; then # in a chroot, for one
    ip netns del "$namespace"
    skip "nothing can be run in a network namespace here"
fi
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
sed "/^\[expect/,\$d" "$scenarios/home.ini" > "$work/home.ini"
live=
"$program" replay "$work/home.pcap" "$work/home.ini" --random "$work/journal" > "$work/answer" 2>&1 ||
    fail "status $?: $(cat "$work/answer")"
grep -q ': identical$' "$work/answer" || fail "$(cat "$work/answer")"
cat "$work/answer"
if [ -n "$dump" ]; then
    kill "$dump"
    wait "$dump" 2> /dev/null || :
    dump=
    "$program" replay "$work/tcpdump.pcap" "$work/home.ini" --random "$work/journal" > "$work/answer" 2>&1 ||
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
finish "the same again, and what is another run is told"
