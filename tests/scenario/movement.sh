#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Mobile nodes that move by themselves: each model does what it says, at the very instants where these are known; both methods
# of authorization meet the same moves; the number of threads changes nothing; every scenario that ships is right.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

run() { # output, scenario, arguments...
    local out=$work/$1 scenario=$2
    mkdir -p "$(dirname "$out")"
    shift 2
    "$program" run "$scenario" --out "$out" "$@" >"$out.txt" 2>&1 || fail "$scenario: $(head -c 500 "$out.txt")"
}

# point, replication, node, from, to, link down, link up of each handover, by column name
moves() { # output
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { to = $at["to_link"] == "" ? "none" : $at["to_link"]
          print $at["point"], $at["replication"], $at["node"], $at["from_link"], to, $at["link_down"], $at["link_up"] }' \
        "$work/$1/handovers.csv"
}

expect_moves() { # output; the expected ones on standard input, without point, replication and link up
    moves "$1" | awk '{ print $3, $4, $5, $6 }' >"$work/got"
    cat >"$work/expected"
    same "$work/expected" "$work/got" "the moves of $1"
}

try 0 check "$scenarios"/movement/*.ini

# What each expects of itself holds: run fails if not.
for name in movement/flash-crowd movement/road movement/trace simultaneous-mobility; do
    run "as-it-is/$name" "$scenarios/$name.ini" --set 'scenario / replications = 1'
done

# The same octets by one thread and by two, and the same moves under both methods: those of point 0 are those of the other.
for name in residence ping-pong random-waypoint train; do
    run "$name-1" "$scenarios/movement/$name.ini" --set 'scenario / replications = 3' -j 1
    run "$name-2" "$scenarios/movement/$name.ini" --set 'scenario / replications = 3' -j 2
    diff -r "$work/$name-1" "$work/$name-2" >/dev/null || fail "$name: one thread and two differ"
done
for point in 0 1; do
    moves residence-1 | awk -v point=$point '$1 == point { $1 = ""; print }' >"$work/moves-$point"
done
[ "$(wc -l <"$work/moves-0")" -gt 100 ] || fail "residence: hardly a move"
same "$work/moves-0" "$work/moves-1" "residence: the moves that the methods meet"
run residence-3 "$scenarios/movement/residence.ini" --seed 2
moves residence-3 | awk '$1 == 0 { $1 = ""; print }' >"$work/moves-2"
cmp -s "$work/moves-0" "$work/moves-2" && fail "residence: another seed, and the same moves"

# Where a stay is constant, every instant is known.
cat >"$work/world.ini" <<END
[scenario]
extends = $scenarios/triangle.ini
duration = 20s
[access-lan second]
prefix = 2001:db8:3::/64
[access-lan third]
prefix = 2001:db8:4::/64
[router access]
attached = visited, second, third
[mobile-node mn]
count = 2
END
{
    cat "$work/world.ini"
    cat <<END
[movement mn]
model = residence
residence = 3s
links = home, visited, none, third
order = ping-pong
start = 1s
wave = 250ms
END
} >"$work/pendulum.ini"
run pendulum "$work/pendulum.ini"
expect_moves pendulum <<END
mn-1 home visited 4.000000000
mn-2 home visited 4.250000000
mn-1 visited third 7.000000000
mn-2 visited third 7.250000000
mn-1 third visited 13.000000000
mn-2 third visited 13.250000000
mn-1 visited home 19.000000000
mn-2 visited home 19.250000000
END

# A train: random, but all alike; by themselves the two go their own ways.
for together in yes no; do
    {
        cat "$work/world.ini"
        cat <<END
[movement mn]
model = residence
residence = exponential(1s)
links = home, visited, second, third
order = random
together = $together
END
    } >"$work/together-$together.ini"
    run "together-$together" "$work/together-$together.ini"
    for node in mn-1 mn-2; do
        moves "together-$together" | awk -v node=$node '$3 == node { print $4, $5, $6 }' | sort -n -k 3 >"$work/$node"
    done
    [ "$(wc -l <"$work/mn-1")" -gt 5 ] || fail "together-$together: hardly a move"
    cmp -s "$work/mn-1" "$work/mn-2"
    [ $? -eq "$([ $together = yes ]; echo $?)" ] || fail "together = $together: $(cat "$work/mn-1" "$work/mn-2")"
done

# At random, but never to where it is.
moves together-no | awk '$4 == $5 { exit 1 }' || fail "a random stop is the present one"
# A weight of 0 is never drawn; the start link is where it comes from.
run weights "$work/together-no.ini" --set 'movement mn / weights = 0, 1, 1, 0' --set 'movement mn / residence = 700ms'
moves weights | awk '$5 != "visited" && $5 != "second" { exit 1 }' || fail "weights: $(moves weights)"

# A trace, shifted by a second, until the eighteenth.
run trace "$scenarios/movement/trace.ini" --set 'movement mn / start = 1s' --set 'movement mn / stop = 16s'
expect_moves trace <<END
mn-1 home visited 6.000000000
mn-2 home visited 7.500000000
mn-3 home visited-2 8.000000000
mn-2 visited visited-2 13.500000000
mn-1 visited none 14.000000000
END

# On a road every instant is known: 10 m of hysteresis are 5 m behind the middle between two cells.
run road "$scenarios/movement/road.ini" --set 'movement mn / speed = 20m/s' --set 'peers mn cn / authorization = static-key'
expect_moves road <<END
mn cell-1 cell-2 5.250000000
mn cell-2 cell-3 15.250000000
mn cell-3 cell-4 25.250000000
END
# A train's passengers change at one instant; in a wave each a tenth of a second behind the one before.
moves train-1 | awk '$1 == 0 && $2 == 0 { instants[$6]++ } END { for (i in instants) if (instants[i] != 20) exit 1; exit length(instants) < 6 }' ||
    fail "train: not all at one instant"
moves train-1 | awk '$1 == 1 && $2 == 0 { sub("mn-", "", $3); begun[$4 $5 sprintf("%.9f", $6 - 0.1 * ($3 - 1))]++ }
    END { for (i in begun) if (begun[i] != 20) exit 1; exit length(begun) < 6 }' || fail "train: no wave"

# Two links at a time: nothing is lost where both are kept long enough.
run keep "$scenarios/movement/ping-pong.ini" --set 'movement mn / residence = 5s' --set 'movement mn / keep = 1s'
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $at["packets_lost"] != 0 { bad = 1 } END { exit bad || NR < 2 }' \
    "$work/keep/handovers.csv" || fail "keep: packets were lost"

finish "every mobile node moves as it is to"
