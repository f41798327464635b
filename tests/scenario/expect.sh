#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# [expect]: what holds is met, what does not is told with file and line, and the exit status is 3; conditions on the sweep;
# several scenarios at once; the same octets on any number of threads. Every scenario that ships says what it expects, and
# that holds.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

# run STATUS ARGUMENT...
run()
{
    local expected=$1
    shift
    try "$expected" run "$@" --out "$work/results"
}

# scenario NAME TEXT: makes one with this behind the common part.
scenario()
{
    cat > "$work/$1.ini" <<END
[scenario]
extends = $scenarios/triangle.ini
title = The scenario $1
duration = 15s
[access-lan visited]
handover-delay = 50ms
[flow answer]
from = mn
to = cn
start = 2010ms
[at 5s]
mn = attach visited
$2
END
}

# Every measure, with what is known of this handover from the topology: 10, 20 and 15 ms, a second of duplicate address
# detection, 50 ms of link-layer handover.
true_ones='
outage mn < 3s
outage mn cn handover 1 = 1s..3s
link_handover mn = 50ms
home_registration mn handover last = 1s..1100ms
return_routability mn = 60ms
correspondent_registration mn cn = 15ms
link_down mn = 5s
link_up mn == 5050ms
first_optimized_downlink mn > 6s
packets_misdirected mn > 0
mobile_messages mn = 8
correspondent_octets mn cn >= 1
handovers mn = 1
binding cn mn at 4s = none
binding cn mn at 12s = care-of
binding ha mn at 12s = visited
binding ha mn = mn
binding cn mn = present
binding ha mn at 13s != none
binding cn mn at 14s != home
bindings cn peak = 1
bindings ha at 4s = 0
bindings ha = 1
link mn at 4s = home
link mn at 5s = none
link mn at 5050ms = visited
link mn != home
messages = 8
messages Home Test Init = 1
messages "Home Test" from cn to mn = 1
messages HoT to mn received = 1
messages BU from mn to cn = 1
messages BU from mn = 2
messages BU before 6s = 0
messages BA from cn status 0 after 6s = 1
messages BA status 135 != 1
messages BE discarded = 0
message_octets CoTI = 56
message_octets CoTI from mn = 56B
sent voice = 649..650
received voice > 400
received answer < 100%
lost voice after 10s = 0
lost voice = 10%..30%
lost answer after 10s = 0%
optimized voice after 10s = 100%
tunnelled voice after 10s = 0
direct voice after 4s before 5s = 49..50
duplicated voice = 0
reordered voice = 0
delay voice after 10s = 15ms
delay_maximum voice after 4s before 5s = 20ms
delay_minimum voice = 15ms
longest_gap voice = 1s..3s
longest_gap voice after 10s = 20ms
path voice at 1s = none
path voice at 4s = direct
path voice = optimized
path answer != direct
discards "sequence number out of window" = 0
discards at cn = 0
discards after 10s = 0
discards > 0'
scenario good "[expect]$true_ones"
run 0 "$work/good.ini"
[ ! -s "$work/stderr" ] || fail "standard error is not empty"
lines=$(($(wc -l <<< "$true_ones") - 1))
[ "$(grep -c ' met$' "$work/stdout")" -eq $lines ] || fail "not $lines expectations met"
rows=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "verdict") column = i; next } $column == "met"' \
    "$work/results/expectations.csv" | wc -l)
[ "$rows" -eq $lines ] || fail "expectations.csv has $rows rows that are met, not $lines"

# The contrary of each fails: an expectation that cannot fail is none.
contrary=$(awk '
    NF == 0 { next }
    {
        split($0, halves, / *(==|!=|<=|>=|=|<|>) */)
        operator = substr($0, length(halves[1]) + 1)
        sub(/^ */, "", operator)
        match(operator, /^(==|!=|<=|>=|=|<|>)/)
        sign = substr(operator, 1, RLENGTH)
        value = halves[2]
        if (sign == "!=") sign = "="
        else if (sign == "<") sign = ">="
        else if (sign == ">") sign = "<="
        else if (sign == ">=") sign = "<"
        else if (sign ~ /^=/ && value ~ /\.\./) { sign = ">"; sub(/.*\.\./, "", value) }
        else sign = "!="
        print halves[1] " " sign " " value
    }' <<< "$true_ones")
scenario contrary "[expect]
$contrary"
run 3 "$work/contrary.ini"
[ "$(grep -c 'FAILED$' "$work/stdout")" -eq $lines ] || fail "not $lines expectations failed"
[ "$(grep -c "^$work/contrary.ini:[0-9]*: expect: .*: does not hold: seen " "$work/stderr")" -eq $lines ] ||
    fail "not $lines complaints"
[ -s "$work/results/handovers.csv" ] || fail "no results where expectations fail"

# Bounds joined, with and without "=", and who does something by a parameter.
scenario joined '[expect]
outage mn handover 1 >= 1s and < 3s
lost voice = >= 1 and 0..649
handovers mn >= 2 and > 2
[at 12s]
${WHO} = attach home
[parameters]
WHO = mn'
run 3 "$work/joined.ini"
out_like '^outage mn handover 1 >= 1s and < 3s .* met$'
out_like '^lost voice >= 1 and 0..649 .* met$'
out_like '^handovers mn >= 2 and > 2 +2 .* FAILED$'

# With the place, what was expected, and what was seen. What never came about does not pass.
scenario wrong '[expect]
handovers mn = 3
outage mn handover 2 < 5s
binding cn mn = home
home_test_received mn = never
binding_latency mn < 1ms'
run 3 "$work/wrong.ini"
err_has "$work/wrong.ini:14: expect: handovers mn = 3: does not hold: seen 1"
err_has "$work/wrong.ini:15: expect: outage mn handover 2 < 5s: does not hold: seen nothing of the kind"
err_has "$work/wrong.ini:16: expect: binding cn mn = home: does not hold: seen 2001:db8:2::"
err_has "$work/wrong.ini:17: expect: home_test_received mn = never: does not hold: seen 7.1"
err_has "$work/wrong.ini:18: expect: binding_latency mn < 1ms: does not hold: seen 1.095s"

# Points of a sweep: each expectation where it is in force. A failure tells in how many runs, and in which first.
scenario swept '[sweep]
peers mn cn / authorization = return-routability; static-key
point-to-point access-edge / delay = 5ms; 15ms; 25ms
[expect]
handovers mn = 1
correspondent_registration mn = 5ms..15ms
[expect peers mn cn / authorization = return-routability]
messages HoTI = 1
[expect peers mn cn / authorization = static-key]
messages HoTI = 0
return_routability mn = never
[expect point-to-point access-edge / delay = 0.005s; 15ms and peers mn cn / authorization = static-key]
correspondent_registration mn <= 15ms
[expect point-to-point access-edge / delay = 25ms]
correspondent_registration mn = 25ms'
run 3 "$work/swept.ini" --set 'scenario / replications = 2'
out_like '^handovers mn = 1  .*  12  met$'
out_like '^messages HoTI = 0 +authorization = static-key .* 6  met$'
out_like '^return_routability mn = never .* never .* 6  met$'
out_like '^correspondent_registration mn <= 15ms .* 5ms\.\.15ms .* 4  met$'
out_like '^correspondent_registration mn = 25ms .* 4  met$'
out_like '^correspondent_registration mn = 5ms\.\.15ms .* 12  FAILED in 4$'
err_has 'seen 5ms..25ms; failed in 4 of 12 runs, first at point 2, replication 0'
[ "$(wc -l < "$work/stderr")" -eq 1 ] || fail "more than one complaint"

# What is swept away by --set is not judged.
run 0 "$work/swept.ini" --set 'point-to-point access-edge / delay = 15ms' --set 'peers mn cn / authorization = static-key'
out_like 'messages HoTI = 0'
lacks "$work/stdout" 'messages HoTI = 1'
run 3 "$work/good.ini" --set 'expect / handovers mn = 2'
err_has '--set: expect: handovers mn = 2: does not hold: seen 1'

# The threads do not matter.
rm -rf "$work/results"
run 3 "$work/swept.ini" -j 1
mv "$work/results" "$work/first"
cp "$work/stdout" "$work/first.txt"
run 3 "$work/swept.ini" -j 2
diff -r "$work/first" "$work/results" > /dev/null || fail "results of one thread and two differ"
same "$work/first.txt" "$work/stdout" "tables of one thread and two"

# Who expects nothing has no table of it, and keeps none from earlier; what an extended file expects is its own affair.
cat > "$work/child.ini" <<END
[scenario]
extends = wrong.ini
END
run 0 "$work/child.ini"
[ ! -e "$work/results/expectations.csv" ] || fail "expectations.csv of a scenario that expects nothing"
lacks "$work/stdout" verdict

# Several scenarios: a directory each, a line for all, the worst status; nothing is run if one is wrong.
rm -rf "$work/results"
run 3 "$work/good.ini" "$work/wrong.ini" "$work/child.ini"
for name in good wrong child; do
    [ -s "$work/results/$name/run.json" ] || fail "no results of $name"
done
out_like "^=== $work/good.ini: The scenario good$"
out_like "^$lines of $((lines + 5)) expectations are met\\.$"
run 0 "$work/good.ini" "$work/child.ini"
rm -rf "$work/results"
mkdir "$work/elsewhere"
cp "$work/good.ini" "$work/elsewhere/good.ini"
run 2 "$work/good.ini" "$work/elsewhere/good.ini"
err_has 'would both go into'
echo nonsense > "$work/nonsense.ini"
run 2 "$work/good.ini" "$work/nonsense.ini"
[ ! -e "$work/results" ] || fail "something was run though one scenario is wrong"

# What ships expects something, and gets it, with other random numbers as well.
shipped=$(find "$scenarios" -name '*.ini' | sort)
for file in $shipped; do
    grep -q '^\[expect' "$file" || fail "${file#"$scenarios/"} says nothing of what it expects"
done
rm -rf "$work/results"
for seed in 1 2; do
    for file in $shipped; do
        run 0 "$file" --seed $seed
    done
done

finish "$lines measures met and failed as they should"
