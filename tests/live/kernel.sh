#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The Linux kernel's own IPv6 as the neighbour on a simulated home link, and as a correspondent that knows nothing of
# mobility; and two namespaces that only simulated routers join. Everything happens in network namespaces of the test's.
set -eu
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

scenarios=$scenarios/live
west=mip6sim-w-$$
east=mip6sim-e-$$
make_namespace "$west"
live=
# shellcheck disable=SC2317 # common.sh calls it
cleanup()
{
    [ -z "$live" ] || kill "$live" 2> /dev/null || :
    ip netns del "$west" 2> /dev/null || :
    ip netns del "$east" 2> /dev/null || :
}
ip netns add "$east"
for namespace in "$west" "$east"; do
    ip -n "$namespace" link set lo up
    # The kernel shall have the addresses that the test gives it, and no others.
    ip netns exec "$namespace" sh -c 'echo 0 > /proc/sys/net/ipv6/conf/default/accept_ra' || skip "/proc/sys is read-only"
done
wait_for() { # namespace, interface
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
        ip -n "$1" link show dev "$2" > /dev/null 2>&1 && return 0
        sleep 0.1
    done
    fail "$2 does not come"
}
# What is late on this machine, in ms: what the program has measured, and as much again for the kernel.
slack() {
    sed -n 's/^Lag: .*at most \([0-9.]*\) ms;.*/\1/p' "$work/told" | awk '{ printf "%.3f", 2 * $1 + 3 }'
}

# ---- a neighbour at home, and a correspondent: pings to the home address through a handover and back ----

"$program" run "$scenarios/home.ini" --out "$work/virtual" > /dev/null || fail "run home.ini"
ip netns exec "$west" "$program" live "$scenarios/home.ini" --tap home=tap0 --reproducible --out "$work/home" \
    > "$work/told" 2> "$work/errors" &
live=$!
begun=$(date +%s.%N)
wait_for "$west" tap0
ip -n "$west" -6 addr add 2001:db8:1::99/64 dev tap0 nodad
sleep 2.5 # until the mobile node has its address
ip netns exec "$west" ping -6 -n -D -i 0.05 -w 11 2001:db8:1::1:0:1 > "$work/ping" || fail "ping: $(cat "$work/ping")"
wait "$live" || fail "live: $(cat "$work/errors")"
live=
grep -q 'DUP' "$work/ping" && fail "duplicates: $(grep DUP "$work/ping" | head -n 3)"
# When the scenario says that the mobile node cannot be reached: from link down until the home agent has it.
python=${PYTHON3:-python3}
if command -v "$python" > /dev/null; then
    "$python" - "$work/virtual/handovers.csv" "$work/ping" "$begun" "$(slack)" << 'END' || fail "losses"
import csv, re, sys
handovers, ping, begun, slack = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]) / 1000
outages = []
for row in csv.DictReader(open(handovers)):
    outages.append((float(row['link_down']), float(row['home_acknowledgement_received'])))
got = {}
for line in open(ping):
    match = re.match(r'\[([0-9.]+)\].*icmp_seq=(\d+).*time=([0-9.]+) ms', line)
    if match:
        got[int(match[2])] = (float(match[1]) - begun - float(match[3]) / 1000, float(match[3]))
numbers = sorted(got)
first, last = numbers[0], numbers[-1]
# A lost one was sent where its number says: between its neighbours.
lost = [n for n in range(first, last + 1) if n not in got]
base, sent = first, got[first][0]
def when(n):
    before = max(m for m in numbers if m < n)
    after = min(m for m in numbers if m > n)
    return got[before][0] + (got[after][0] - got[before][0]) * (n - before) / (after - before)
# The kernel's own neighbour discovery may hold what it has for a second behind the end of an outage (RFC 4861, 10).
for n in lost:
    at = when(n)
    if not any(down - 0.05 - slack <= at <= up + 1.2 + slack for down, up in outages):
        print('number %d is lost at %.3f s, when nothing should be; outages %s' % (n, at, outages))
        sys.exit(1)
if not lost:
    print('nothing is lost in a handover of a second?')
    sys.exit(1)
# Round trips: 2 x 1 ms at home; 2 x (1 + 10) ms away.
for low, high, expected in ((2.5, 4.9, 2), (8, 9.9, 22)):
    times = sorted(time for at, time in got.values() if low <= at <= high)
    if len(times) < 10 or not expected <= times[len(times) // 4] <= expected + slack * 1000:
        print('round trips between %g and %g s: %s; expected %g ms' % (low, high, times[:5], expected))
        sys.exit(1)
print('%d answers, %d lost in the outages %s' % (len(got), len(lost), outages))
END
fi

# ---- two namespaces, two routers: 20 ms each way ----

ip netns exec "$west" "$program" live "$scenarios/routers.ini" --tap left=west0 --tap right=east0 --duration 25s --out "$work/routers" \
    > "$work/told" 2> "$work/errors" &
live=$!
wait_for "$west" west0
wait_for "$west" east0
ip -n "$west" link set east0 netns "$east"
ip -n "$east" link set east0 up
ip -n "$west" -6 addr add 2001:db8:a::99/64 dev west0 nodad
ip -n "$east" -6 addr add 2001:db8:b::99/64 dev east0 nodad
ip -n "$west" -6 route replace default via 2001:db8:a::1 dev west0
ip -n "$east" -6 route replace default via 2001:db8:b::1 dev east0
ip netns exec "$west" ping -6 -n -c 20 -i 0.1 2001:db8:b::99 > "$work/ping" || fail "ping: $(cat "$work/ping") $(cat "$work/errors")"
least=$(sed -n 's/^rtt .* = \([0-9.]*\)\/.*/\1/p' "$work/ping")
awk -v least="$least" 'BEGIN { exit !(least >= 40 && least < 60) }' || fail "round trip of at least $least ms; expected 40"
if command -v iperf3 > /dev/null; then
    ip netns exec "$east" iperf3 -s -1 > /dev/null 2>&1 &
    sleep 0.5
    ip netns exec "$west" iperf3 -6 -c 2001:db8:b::99 -u -b 5M -t 2 > "$work/iperf" 2>&1 || fail "iperf3 over UDP: $(cat "$work/iperf")"
    grep 'receiver' "$work/iperf" | grep -q '(0%)' || fail "iperf3 over UDP loses: $(cat "$work/iperf")"
    sleep 0.5
    ip netns exec "$east" iperf3 -s -1 > /dev/null 2>&1 &
    sleep 0.5
    ip netns exec "$west" iperf3 -6 -c 2001:db8:b::99 -t 2 > "$work/iperf" 2>&1 || fail "iperf3 over TCP: $(cat "$work/iperf")"
    grep -q 'receiver' "$work/iperf" || fail "iperf3 over TCP: $(cat "$work/iperf")"
fi
kill -INT "$live"
wait "$live" || fail "live: $(cat "$work/errors")"
live=
awk -v least="$least" -v slack="$(slack)" 'BEGIN { exit !(least < 40 + slack) }' || fail "round trip of at least $least ms; $(grep Lag "$work/told")"
finish "round trips of $least ms by way of simulated routers; $(grep '^Lag' "$work/told")"
