#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every datagram is accounted for: what was sent has arrived, was lost, or is on its way when the run ends; echoes come back.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

# A mobile node that sends all the time, while it has no link, while it has no address and while it has no binding.
cat >"$work/flows.ini" <<END
[scenario]
extends = $scenarios/triangle.ini
duration = 30s

[access-lan visited]
handover-delay = 50ms

[flow voice]
start = 3s
[flow answer]
from = mn
to = cn
start = 3s
[flow echoes]
from = mn
to = cn
start = 3s
echo = yes
[flow echoed]
from = cn
to = mn
start = 3s
echo = yes

[at 5s]
mn = attach visited
[at 20s]
mn = attach home
END
try 0 run "$work/flows.ini" --out "$work/out" --pcap=all

[ -s "$work/out/edge-cn.pcap" ] || fail "--pcap=all has captured nothing"

# Round trips are on their way for less than 0.1 s, so of 50 datagrams a second at most 5 may be missing.
awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    {
        flows++
        flow = $column["flow"]
        missing = $column["sent"] - $column["received"] - $column["lost"]
        if (missing < 0 || missing > 5)
            complain(missing " of " $column["sent"] " datagrams unaccounted for")
        if ($column["received"] < 0.8 * $column["sent"])
            complain("only " $column["received"] " of " $column["sent"] " datagrams arrived")
        # The direct way takes 15 ms, at home 20 ms.
        least = flow ~ /^echo/ ? "0.030000000" : "0.015000000"
        if ($column["delay_minimum"] != least)
            complain("least delay " $column["delay_minimum"] ", expected " least)
    }
    function complain(text) { print "FAIL: " flow ": " text; failed = 1 }
    END {
        if (flows != 4)
            complain("flows.csv has " flows " flows")
        exit failed
    }' "$work/out/flows.csv" || { show "$work/out/flows.csv"; fail "datagrams in flows.csv"; }

# Two hosts and the wire between them: no router. 1000 octets take 8.384 ms at 1 Mbit/s (48 of headers), ten times
# that the other way; of five at once one is sent and as many wait as the queue holds.
cat >"$work/wire.ini" <<END
[scenario]
duration = 10s
[host a]
[host b]
[point-to-point wire]
between = a, b
delay = 10ms
rate = 1Mbit/s
queue-limit = 2
reverse-delay = 3ms
reverse-rate = 100kbit/s
reverse-queue-limit = 3
[flow there]
from = a
to = b
start = 1s
interval = 1ns
packets = 5
payload = 1000B
[flow back]
from = b
to = a
start = 3s
interval = 1ns
packets = 5
payload = 1000B
END
try 0 run "$work/wire.ini" --out "$work/wire"
awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    {
        flows++
        found = $column["received"] " " $column["lost"] " " $column["delay_minimum"]
        expected = $column["flow"] == "there" ? "3 2 0.018384000" : "4 1 0.086840000"
        if (found != expected) {
            print "FAIL: two hosts: " $column["flow"] ": " found ", expected " expected
            failed = 1
        }
    }
    END { exit failed || flows != 2 }' "$work/wire/flows.csv" || fail "two hosts"

# What is sent in a warm-up is counted nowhere, and nothing else is: the rest of a run of 30 s is what one of 20.01 s lacks, but
# for what is on its way then. Handovers know of everything.
run_for()
{
    try 0 run "$work/flows.ini" --out "$work/$1" --set "scenario / duration = $2" --set "scenario / warm-up = $3"
}
run_for early 20.01s 0s
run_for late 30s 20.01s
same "$work/out/handovers.csv" "$work/late/handovers.csv" "a warm-up changes handovers"
awk -F, '
    FNR == 1 { file++; for (i = 1; i <= NF; i++) column[$i] = i; next }
    {
        split("sent received lost direct tunnelled optimized misdirected", names, " ")
        for (i = 1; i in names; i++) {
            # the whole run less the two parts
            rest[$column["flow"] " " names[i]] += (file == 1 ? 1 : -1) * $column[names[i]]
        }
    }
    END {
        for (name in rest) {
            most = name ~ / sent$/ ? 0 : 5
            if (rest[name] < 0 || rest[name] > most) {
                print "FAIL: warm-up: " name ": " rest[name] " left"
                failed = 1
            }
            count++
        }
        exit failed || count != 28
    }' "$work/out/flows.csv" "$work/early/flows.csv" "$work/late/flows.csv" || fail "warm-up"
finish "every datagram is accounted for"
