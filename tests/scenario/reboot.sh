#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Power failures, with whole nodes on the simulated network: what a correspondent node, a mobile node, a router and a home agent
# lose, what they keep, and that traffic finds its way again (RFC 6275, 5.2.7, 5.2.9, 9.3.3, 11.7.3).
set -eu
program=${MIP6SIM:?}
scenarios=$(cd "${top_srcdir:?}/scenarios" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/mip6sim-reboot.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

fail() {
    echo "reboot: $*" >&2
    exit 1
}

# name, what the scenario says beyond first-handover.ini, arguments of run...: messages.csv and the log
run() {
    name=$1
    { printf '[scenario]\nextends = %s/first-handover.ini\nduration = 30s\n' "$scenarios" && printf "$2"; } > "$work/$name.ini"
    shift 2
    "$program" run "$work/$name.ini" "$@" --out "$work/$name" --log info > "$work/$name.out" 2> "$work/$name.log" ||
        fail "cannot run $name: $(cat "$work/$name.log")"
}

# The lines of the log that the pattern matches, from the given second on: without instants, joined by semicolons.
told() { # name, second, pattern
    awk -v from="$2" '$1 >= from' "$work/$1.log" | grep -E "$3" | sed 's/^[0-9.]* *//; s/  */ /g; s/, .*//' | tr '\n' ';'
}

expect() { # what, expected, found
    [ "$2" = "$3" ] || fail "$1: expected \"$2\", found \"$3\""
}

# ---- a correspondent node, bound by return routability ----

# Its Binding Cache is gone, and so are its node key and its nonces. The mobile node's next packet comes with a Home Address
# option that nobody knows: Binding Error 1, tests, a binding.
upward='[flow answer]\nfrom = mn\nto = cn\ninterval = 20ms\nstart = 3s\n'
run cn "$upward[at 10s]\ncn = reboot\n"
expect 'a correspondent node' \
    'cn power off;cn binding deleted for mn;cn power on;cn Binding Error sent to mn;cn binding created for mn;' \
    "$(told cn 10 '^[0-9.]* cn +(power|binding|Binding Error)')"
grep -q '^1[0-9.]* cn .*discarded' "$work/cn.log" && fail 'a correspondent node: something was discarded'

# With tokens of before that are still fresh, the Binding Update names nonces that the new life does not know: 136 to 138 (here
# 138, both), and a second pair of tests.
run tokens "$upward[peers mn cn]\nreuse-tokens = yes\n[at 10s]\ncn = reboot\n"
expect 'old nonces' '138 0 ' "$(awk '$1 >= 10 && / cn .*Binding Acknowledgement sent/' "$work/tokens.log" |
    sed 's/.*status \([0-9]*\).*/\1/' | tr '\n' ' ')"

# Without power nothing arrives, and nothing is answered; the mobile node's packets are lost.
run off "$upward[at 10s]\ncn = reboot for 5s\n"
[ -z "$(awk '$1 > 10 && $1 < 15 && $2 == "cn"' "$work/off.log")" ] || fail 'a node without power has said something'
expect 'five seconds without power' 'cn power on;cn Binding Error sent to mn;cn binding created for mn;' \
    "$(told off 15 '^[0-9.]* cn +(power|binding|Binding Error)')"

# No draw comes twice: the cookies of the tests, the tokens and the nonces' indices differ from those before.
run again '[at 10s..25s step 5s]\ncn = reboot\nmn = reboot\n[access-lan visited]\nhandover-delay = 0s\n' --pcap=edge-cn
if command -v tshark > /dev/null 2>&1; then
    for field in mip6.hot.cookie mip6.cot.cookie mip6.hot.token; do
        values=$(tshark -r "$work/again/edge-cn.pcap" -Y "$field" -T fields -e "$field" 2> /dev/null) || continue
        [ "$(printf '%s\n' "$values" | sort | uniq -d | wc -l)" -eq 0 ] || fail "$field comes a second time: $values"
    done
fi

# ---- the others ----

# A router has its addresses and routes of before, and advertises itself again.
run router '[at 10s]\naccess = reboot for 1s\n[at 12s]\nmn = attach home\n[at 16s]\nmn = attach visited\n'
grep -q '^16.* mn .*movement detected' "$work/router.log" || fail 'the router does not advertise itself after a reboot'
[ "$(awk '$1 > 16' "$work/router.log" | grep -c ' cn .*binding created for mn')" -eq 1 ] || fail 'the router does not forward after a reboot'

# A link that the operator has taken down stays down whatever happens to the power of its ends, and the other way round.
run carrier '[at 10s]\nedge-cn = down\n[at 11s]\ncn = reboot for 1s\n[at 14s]\nedge-cn = up\n[at 16s]\ncn = reboot for 4s\n[at 17s]\nedge-cn = down\n[at 18s]\nedge-cn = up\n'
expect 'carriers' 'cn power off;cn power on;cn power off;cn power on;' "$(told carrier 10 ' cn +power')"

# Again and again, faster than it comes back: the last return counts.
run twice '[at 10s]\ncn = reboot for 2s\n[at 11s]\ncn = reboot for 3s\n'
expect 'two failures' '10.000000000 off;14.000000000 on;' "$(awk '/ cn +power/ { printf "%s %s;", $1, $4 }' "$work/twice.log")"

# ---- the same bytes again, on one thread and on several ----

for jobs in 1 3; do
    run "jobs-$jobs" '[at 8s..25s step 3s spread uniform(0s, 2s)]\nmn = reboot\ncn = reboot for 500ms\nha = reboot\n' \
        --set 'scenario / replications = 6' -j "$jobs"
done
for file in handovers.csv messages.csv flows.csv; do
    cmp "$work/jobs-1/$file" "$work/jobs-3/$file" || fail "$file differs"
done
echo 'reboot: what is lost is found again'
