#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# packets.csv: each packet of the flows that [output] packets names. Its rows add up to flows.csv; delays of a scenario with fixed
# delays are sums of its links' by the way they took; what arrived is in the capture of the link it arrived on, in a tunnel or
# with a routing header where the rows say so (tshark); a database has the same rows, and one of schema 1 none; and to ask for
# them changes nothing else.
# shellcheck disable=SC2016
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"
tshark=${TSHARK:-}

# run OUT ARGUMENT...
run()
{
    local out=$work/$1 status=0
    shift
    "$program" run "$@" --out "$out" >"$work/stdout" 2>"$work/stderr" || status=$?
    # Expectations are about other parameters.
    [ $status -eq 0 ] || [ $status -eq 3 ] || fail "mip6sim run $*: exit status $status"
}

# adds_up OUT [PATHS]: rows of packets.csv, flow by flow, against the counts of flows.csv.
adds_up()
{
    awk -F, -v paths="${2:-yes}" '
        function seconds(text) { return sprintf("%.9f", text) }
        FNR == 1 { file++; delete column; for (i = 1; i <= NF; i++) column[$i] = i; next }
        { flow = $column["point"] " " $column["replication"] " " $column["flow"] }
        file == 1 {
            sequence = $column["sequence"]; fate = $column["fate"]; path = $column["path"]; delay = $column["delay"]
            if (!(flow in last) || sequence != last[flow]) sent[flow]++
            if (flow in last && sequence + 0 < last[flow] + 0) complain("not in order at " sequence)
            last[flow] = sequence
            count[flow, fate]++
            if (fate == "delivered") {
                count[flow, path]++
                if (!((flow, "least") in count) || delay < count[flow, "least"]) count[flow, "least"] = delay
                if (delay > count[flow, "most"]) count[flow, "most"] = delay
            }
            arrived = fate == "delivered" || fate == "duplicate" || fate == "elsewhere"
            dropped = fate == "lost" || fate == "misdirected"
            if (arrived != ($column["received"] != "") || arrived != (delay != ""))
                complain("received and delay of " fate " " sequence)
            if (dropped != ($column["dropped"] != "") || dropped != ($column["reason"] != ""))
                complain("dropped and reason of " fate " " sequence)
            if (arrived && seconds($column["received"] - $column["sent"]) != delay)
                complain("delay " delay " is not received - sent")
            if (dropped && $column["place"] == "") complain("dropped nowhere: " sequence)
            if (!arrived && !dropped && fate != "under-way") complain("fate " fate)
            next
        }
        {
            flows++
            same("sent", sent[flow])
            same("received", count[flow, "delivered"])
            same("duplicated", count[flow, "duplicate"])
            same("lost", count[flow, "lost"] + count[flow, "misdirected"])
            same("misdirected", count[flow, "misdirected"])
            if (paths == "yes") {
                same("direct", count[flow, "direct"])
                same("tunnelled", count[flow, "tunnelled"])
                same("optimized", count[flow, "optimized"])
            }
            if ($column["received"] > 0) {
                same_text("delay_minimum", count[flow, "least"])
                same_text("delay_maximum", count[flow, "most"])
            }
        }
        function same(name, number) { if ($column[name] != number + 0) complain(name " is " $column[name] ", packets.csv has " number + 0) }
        function same_text(name, text) { if ($column[name] != text) complain(name " is " $column[name] ", packets.csv has " text) }
        function complain(text) { print "'"$1"': " flow ": " text; failed = 1 }
        END { exit failed || flows == 0 }' "$work/$1/packets.csv" "$work/$1/flows.csv" ||
        fail "$1: packets.csv and flows.csv do not agree"
}

# rows OUT CONDITION: how many, in the words of awk, columns by name: $fate == "lost"
rows()
{
    awk -F, -v OFS=, "NR == 1 { for (i = 1; i <= NF; i++) { if (\$i == \"fate\") fate = i; if (\$i == \"path\") path = i
            if (\$i == \"link\") link = i; if (\$i == \"delay\") delay = i; if (\$i == \"place\") place = i
            if (\$i == \"care_of_address\") care = i; if (\$i == \"reason\") reason = i; if (\$i == \"flow\") flow = i
            if (\$i == \"sent\") sent = i; if (\$i == \"sequence\") sequence = i }; next }
        $2 { n++ } END { print n + 0 }" "$work/$1/packets.csv"
}

# expect OUT NUMBER CONDITION
expect()
{
    local found
    found=$(rows "$1" "$3")
    [ "$found" = "$2" ] || fail "$1: $found rows with $3, expected $2"
}

# ---- one handover with fixed delays: HA-MN 10 ms, HA-CN 20 ms, MN-CN 15 ms; at home HA-CN ----
run first "$scenarios/first-handover.ini" --set 'output / packets = voice' --pcap=all
adds_up first
expect first 0 '$fate == "delivered" && $path == "direct" && $delay != "0.020000000"'
expect first 0 '$fate == "delivered" && $path == "tunnelled" && $delay != "0.030000000"'
expect first 0 '$fate == "delivered" && $path == "optimized" && $delay != "0.015000000"'
expect first 0 '$fate == "delivered" && $path == "direct" && ($care != "" || $link != "home")'
expect first 0 '$path != "direct" && $care !~ /^2001:db8:2::/'
expect first 0 '$fate == "misdirected" && ($link != "home" || $place != "home" || $sent < 4.98)'
[ "$(rows first '$path == "tunnelled"')" -gt 0 ] || fail "first: nothing was tunnelled"

if [ -n "$tshark" ]; then
    # The datagrams on a link; the innermost header, and what is around it, are tshark's.
    datagrams() # link, filter
    {
        "$tshark" -n -r "$work/first/$1.pcap" -d udp.port==5001,data -Y "udp.dstport == 5001$2" -T fields -e frame.number 2>/dev/null |
            wc -l
    }
    captured() # link, filter, rows' condition
    {
        local found
        found=$(datagrams "$1" "$2")
        [ "$found" = "$(rows first "$3")" ] || fail "tshark sees $found datagrams on $1 with '$2', not $(rows first "$3")"
    }
    captured home '' '$link == "home"'
    captured visited '' '$fate == "delivered" && $link == "visited"'
    captured visited ' && ipv6.routing.type == 2' '$fate == "delivered" && $path == "optimized"'
    captured visited ' && ipv6.nxt == 41' '$fate == "delivered" && $path == "tunnelled"'
    captured edge-cn '' '$fate != ""'
fi

# ---- to ask changes nothing else; and nothing is written unasked ----
run plain "$scenarios/first-handover.ini"
[ ! -e "$work/plain/packets.csv" ] || fail "packets.csv unasked"
for table in handovers flows messages; do
    same "$work/plain/$table.csv" "$work/first/$table.csv" "without and with packets"
done
try 0 verify --references "$srcdir/results/reference" --set 'output / packets = all' -q "$scenarios/ten-handovers.ini"
run plain "$scenarios/first-handover.ini" --set 'output / packets = none'
[ ! -e "$work/plain/packets.csv" ] || fail "packets.csv for none"

# ---- both ways, mobile correspondents, everything under ESP, a warm-up, groups ----
run ten "$scenarios/ten-handovers.ini" --set 'output / packets = all'
adds_up ten
expect ten 0 '$flow == "answer" && $path != "direct" && $path != "" && $care !~ /^2001:db8:[23]::/'
expect ten 0 '$reason ~ /no usable source/ && ($path != "" || $place != "mn" || $fate != "lost")'
run esp "$scenarios/ten-handovers.ini" --set 'output / packets = all' --set 'mobile-node mn / ipsec-tunnel = all'
adds_up esp
[ "$(rows esp '$path == "tunnelled"')" = "$(rows ten '$path == "tunnelled"')" ] || fail "ESP hides what is tunnelled"
run warm "$scenarios/ten-handovers.ini" --set 'output / packets = answer' --set 'scenario / warm-up = 6s'
grep -v ',voice,' "$work/warm/flows.csv" >"$work/kept" && mv "$work/kept" "$work/warm/flows.csv"
adds_up warm
expect warm 0 '$sent < 6'
expect warm 0 '$flow != "answer"'
run two "$scenarios/two-mobile-nodes.ini" --set 'output / packets = all'
adds_up two
# The paths of a datagram from one mobile node to another may be both; flows.csv has what its receiver sees.
cat >"$work/group.ini" <<END
[scenario]
extends = $scenarios/many-mobile-nodes.ini
[output]
packets = voice-2, voice-7
END
if grep -q '^\[flow voice\]' "$scenarios/many-mobile-nodes.ini"; then
    run group "$work/group.ini"
    expect group 0 '$flow != "voice-2" && $flow != "voice-7"'
    [ "$(rows group '$flow == "voice-7"')" -gt 0 ] || fail "group: no rows of voice-7"
    grep -E '^(point|.*,voice-[27],)' "$work/group/flows.csv" >"$work/kept"
    mv "$work/kept" "$work/group/flows.csv"
    adds_up group
fi

# ---- links that copy, lose, and reorder; echoes ----
cat >"$work/rough.ini" <<END
[scenario]
duration = 20s
[host a]
[host b]
[point-to-point wire]
between = a, b
delay = 10ms
loss = 10%
duplication = 20%
reordering = 10% 35ms
[flow stream]
from = a
to = b
interval = 5ms
[flow echo]
from = a
to = b
echo = yes
[output]
packets = all
END
run rough "$work/rough.ini"
adds_up rough
[ "$(rows rough '$fate == "duplicate"')" -gt 500 ] || fail "rough: few duplicates"
expect rough 0 '$fate == "lost" && ($place != "wire" || $reason != "lost on the link" || $path != "direct")'

# ---- a database: the same rows, by any number of threads ----
cat >"$work/study.ini" <<END
[scenario]
extends = $scenarios/rr-vs-kbm.ini
replications = 2
[output]
packets = voice
[sweep]
point-to-point ha-access / delay = 10ms; 100ms
point-to-point access-edge / delay = 1ms
END
run study "$work/study.ini"
adds_up study
try 0 sweep "$work/study.ini" --out "$work/swept" -j 3
try 0 export "$work/swept" --out "$work/exported"
same "$work/study/packets.csv" "$work/exported/packets.csv" "run and export"
same "$work/study/run.json" "$work/exported/run.json" "run and export"
count=$("$program" query --csv "$work/swept" "SELECT count(*) FROM packets" | tail -n 1)
equal "rows of the database" "$(($(wc -l <"$work/study/packets.csv") - 1))" "$count"
try 0 export "$work/swept" --json packets
equal "lines of JSON" "$count" "$(wc -l <"$work/stdout")"
try 0 diff "$work/study" "$work/swept"
out_like 'Table packets: [0-9]* rows, all the same'

# ---- a database of schema 1 has no such table: it is read, and gets it when a sweep goes on ----
if [ -n "${PYTHON3:-}" ]; then
    try 0 sweep "$work/study.ini" --set 'output / packets = none' --set 'scenario / replications = 1' --out "$work/old"
    "$PYTHON3" - "$work/old/results.sqlite" <<'END' || fail "no database of schema 1 to be had"
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
assert database.execute("PRAGMA user_version").fetchone() == (2,)
assert database.execute("SELECT count(*) FROM packets").fetchone() == (0,)
database.executescript("DROP TABLE packets; PRAGMA user_version = 1")
END
    try 0 export "$work/old" --out "$work/old"
    [ ! -e "$work/old/packets.csv" ] || fail "schema 1: packets.csv"
    try 0 export "$work/old" --json packets
    equal "schema 1: rows of packets" "" "$(cat "$work/stdout")"
    try 0 sweep "$work/study.ini" --set 'output / packets = none' --out "$work/old"
    equal "rows of packets" 0 "$("$program" query --csv "$work/old" 'SELECT count(*) FROM packets' | tail -n 1)"
    equal "runs" 8 "$("$program" query --csv "$work/old" 'SELECT count(*) FROM runs' | tail -n 1)"
fi

# ---- statistics, by the way they took: the closed forms again ----
run both "$scenarios/handover-packets.ini"
try 0 summarize "$work/both" --measure packets.delay --csv
out_like '^.*static-key,voice,tunnelled,.*,0.06,'

# ---- the figure: its numbers are those rows that were sent around the handover ----
if [ -n "${GNUPLOT=gnuplot}" ] && command -v "$GNUPLOT" >/dev/null; then
    export GNUPLOT
    # figure DIRECTORY ARGUMENT...
    figure()
    {
        try 0 plot "$@" --format svg
        out_has "$1/handover.svg"
        grep -q '</svg>' "$1/handover.svg" || fail "plot $*: no picture"
    }
    # points FILE: what each block of numbers is of, and how many there are
    points()
    {
        awk '/^# index/ { sub(/^# index [0-9]*: /, ""); if (what) print what " = " n; what = $0; n = 0 } /^[-0-9]/ { n++ }
            END { print what " = " n }' "$1"
    }
    adds_up both
    figure "$work/both" handover --node mn --handover 2
    points "$work/both/handover.dat" >"$work/found"
    from=$(sed -n 's/.*set xrange \[\(.*\):.*\]; .*/\1/p' "$work/both/handover.gp" | head -n 1)
    to=$(sed -n 's/.*set xrange \[.*:\(.*\)\]; .*/\1/p' "$work/both/handover.gp" | head -n 1)
    # The picture has an edge of 0.6 %.
    awk -F, -v from="$from" -v to="$to" '
        BEGIN { edge = 0.006 * (to - from) / 1.012; from += edge; to -= edge }
        FNR == 1 { file++; delete column; for (i = 1; i <= NF; i++) column[$i] = i; next }
        file == 1 { if ($column["handover"] == 2) start[$column["point"]] = $column["link_down"]; next }
        $column["flow"] == "voice" {
            at = 1000 * ($column["sent"] - start[$column["point"]])
            if (at < from - 1e-6 || at > to + 1e-6) next
            what = $column["fate"] == "misdirected" ? "lost, misdirected" : $column["path"] == "optimized" ? "route-optimized" : "?"
            count[$column["point"], what]++
        }
        END {
            for (point = 0; point < 2; point++) {
                print "voice, point " point ", replication 0: route-optimized = " count[point, "route-optimized"] + 0
                print "voice, point " point ", replication 0: lost, misdirected = " count[point, "lost, misdirected"] + 0
            }
        }' "$work/both/handovers.csv" "$work/both/packets.csv" >"$work/wanted"
    same "$work/wanted" "$work/found" "the figure's numbers"
    has "$work/both/handover.gp" "binding at cn"
    has "$work/both/handover.gp" "Static key (RFC 4449)"
    figure "$work/both" --handover 1 --point 1
    has_like "$work/both/handover.dat" 'point 1, replication 0: through the home agent'
    figure "$work/both" --flow answer --handover 2
    has "$work/both/handover.gp" 'answer, from mn to cn; mn goes from visited to next'
    figure "$work/swept" handover --point 3 --replication 1
    has_like "$work/swept/handover.gp" 'Delay of ha-access: 100 ms'
    has_like "$work/swept/handover.dat" 'point 3, replication 1'
    [ "$(grep -c '^# index' "$work/swept/handover.dat")" = 4 ] || fail "not two panels"
    printf '[scenario]\nextends = %s\n[flow other]\nfrom = cn\nto = ha\n[output]\npackets = other\n' \
        "$scenarios/first-handover.ini" >"$work/other.ini"
    run other "$work/other.ini"
    wrong()
    {
        local text=$1
        shift
        try 2 plot "$@"
        err_has "$text"
    }
    wrong "handover: the results have no packets: say 'packets = FLOW' in the scenario's [output], and run it again" \
        "$work/plain" handover
    wrong "handover: mn has no handover 3" "$work/both" --handover 3
    wrong "handover: mn has no handover 1 at point 7 in replication 2" "$work/both" --point 7 --replication 2
    wrong "handover: no mobile node 'nn' has moved" "$work/both" --node nn
    wrong "handover: there are no packets of a flow 'voices' to or from a node that has moved; there are of: voice, answer" \
        "$work/both" handover --flow voices
    wrong "handover: there are packets of no flow to or from a node that has moved; there are of: other" \
        "$work/other" handover
    wrong "--handover: 'two' is not a whole number" "$work/both" --handover two
    wrong "--point: '-1' is not a whole number" "$work/both" --point=-1
    # Where there are packets it is one of all figures, and in the report.
    try 0 plot "$work/both" --format svg
    out_has "$work/both/handover.svg"
    try 0 plot "$work/plain" --format svg
    lacks "$work/stdout" "handover.svg"
    try 0 report "$work/both" --output "$work/report.html"
    has "$work/report.html" "The delay of each packet around one handover"
fi

finish "rows add up, are in the captures, and are the same in a database"
