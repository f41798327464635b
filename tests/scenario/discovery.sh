#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Home agents found, lost and replaced, and a home link renumbered, with whole nodes on the simulated network (RFC 6275, 10.5, 10.6,
# 11.4): what the two scenarios that ship tell, and that loss on the way changes the time it takes and not the end.
set -eu
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

# run NAME ARGUMENT...
run()
{
    local name=$1
    shift
    try 0 run "$@" --out "$work/$name"
}

# Of messages.csv: replication, node, action, message, destination, home address, status, for what awk's condition selects.
rows() # name, condition
{
    awk -F, "NR > 1 && ($2) { print \$2, \$4, \$5, \$7, \$9, \$10, \$13 }" "$work/$1/messages.csv"
}

# ---- two home agents on a link ----

run two "$scenarios/home-agent-discovery.ini"
first=$(rows two '$4 == "mn" && $5 == "sent"' | head -n 2)
none=
expected="0 mn sent Home Agent Address Discovery Request 2001:db8:1:0:fdff:ffff:ffff:fffe $none $none
0 mn sent Binding Update 2001:db8:1::2 2001:db8:1::1:0:1 $none"
[ "$first" = "$expected" ] || fail "bootstrapping: $first"
# The preferred one until it fails, then the other; both have refused nothing.
acknowledged=$(rows two '$5 == "sent" && $7 == "Binding Acknowledgement" && $4 ~ /^ha/' | cut -d' ' -f2,7-)
[ "$(printf '%s' "$acknowledged" | awk '{ printf "%s ", $1 }')" = 'ha-1 ha-2 ' ] || fail "home agents: $acknowledged"
[ "$(rows two '$4 == "mn" && $5 == "received" && $7 == "Mobile Prefix Advertisement"' | wc -l)" -ge 1 ] ||
    fail 'no prefixes were learnt'

# The first one comes back, without its bindings; then the mobile node goes home, and away again: nobody is in the way.
cat > "$work/back.ini" <<END
[scenario]
extends = $scenarios/home-agent-discovery.ini
duration = 100s
[at 50s]
ha-1 = up
[at 60s]
mn = attach home
[at 80s]
mn = attach visited
END
run back "$work/back.ini"
statuses=$(rows back '$5 == "sent" && $7 == "Binding Acknowledgement" && $4 ~ /^ha/' | awk '{ printf "%s %s ", $2, $NF }')
[ "$statuses" = 'ha-1 0 ha-2 0 ha-2 0 ha-2 0 ' ] || fail "after the return: $statuses"

# A fifth of all packets lost on the way to the home agents: each of a dozen runs ends at the second one.
run lossy "$scenarios/home-agent-discovery.ini" --set 'scenario / replications = 12' --set 'scenario / duration = 120s' \
    --set 'point-to-point gateway-access / loss = 0.2' --set 'point-to-point gateway-access / reverse-loss = 0.2'
ends=$(rows lossy '$4 == "mn" && $5 == "received" && $7 == "Binding Acknowledgement" && $8 ~ /^2001:db8:1::3$/' |
    cut -d' ' -f1 | sort -u | wc -l)
[ "$ends" -eq 12 ] || fail "with loss only $ends of 12 runs end at the second home agent"

# ---- renumbering ----

for loss in 0 0.2; do
    run "new-$loss" "$scenarios/renumbering.ini" --set 'scenario / replications = 6' --set 'scenario / duration = 150s' \
        --set "point-to-point ha-access / loss = $loss" --set "point-to-point ha-access / reverse-loss = $loss"
    # The old home address until its prefix ends, at 80 s; then the new one, at the home agent's new address.
    last=$(awk -F, 'NR > 1 && $4 == "mn" && $5 == "sent" && $7 == "Binding Update" && $3 < 80 && $10 !~ /^2001:db8:1:/' \
        "$work/new-$loss/messages.csv")
    [ -z "$last" ] || fail "loss $loss: another home address before the old one ends: $last"
    ends=$(rows "new-$loss" '$4 == "mn" && $5 == "received" && $7 == "Binding Acknowledgement" && $8 == "2001:db8:9::1"' |
        cut -d' ' -f1 | sort -u | wc -l)
    [ "$ends" -eq 6 ] || fail "loss $loss: only $ends of 6 runs end with the new home address"
    # No binding is granted beyond the end of the prefix (10.6.4).
    late=$(awk -F, 'NR > 1 && $5 == "sent" && $7 == "Binding Acknowledgement" && $10 ~ /^2001:db8:1:/ && $3 > 21 &&
        $3 + $14 > 81.5' "$work/new-$loss/messages.csv")
    [ "$loss" != 0 ] || [ -z "$late" ] || fail "a binding outlives its prefix: $late"
done
finish 'found, replaced, renumbered, with and without loss'
