#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A scenario under virtual time and against the wall clock, with the same numbers drawn: the same messages in the same
# order at the same instants, so the same octets in all tables. Needs no privileges.
set -eu
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

# The first handover in seven seconds, its flow from the second on.
sed -e '/^\[expect/,$d' -e 's/^\[at 5s\]/[at 3s]/' -e 's/^start = 3s/start = 1s/' -e 's/^duration = 15s/duration = 7s/' \
    "$scenarios/first-handover.ini" > "$work/short.ini"
"$program" run "$work/short.ini" --out "$work/virtual" > /dev/null || fail "run"
before=$(date +%s%N)
"$program" live "$work/short.ini" --reproducible --out "$work/real" > "$work/told" 2> "$work/errors" || fail "live: $(cat "$work/errors")"
took=$((($(date +%s%N) - before) / 1000000))
[ "$took" -ge 7000 ] || fail "7 s took $took ms"
for table in handovers messages flows; do
    same "$work/virtual/$table.csv" "$work/real/$table.csv" "virtual and real time"
done
[ "$(wc -l < "$work/real/messages.csv")" -gt 10 ] || fail "there are hardly any messages"
grep -q '^Lag: [1-9][0-9]* wakings' "$work/told" || fail "no lag is told"

# Without --reproducible keys, nonces and cookies are nobody's to foresee: two runs differ in their cookies.
sed -e 's/^duration = 7s/duration = 6s/' "$work/short.ini" > "$work/shorter.ini"
for i in 1 2; do
    "$program" live "$work/shorter.ini" --pcap all --out "$work/free-$i" > /dev/null 2>&1 || fail "live, run $i"
done
cmp -s "$work/free-1/edge-cn.pcap" "$work/free-2/edge-cn.pcap" && fail "two runs have the same octets"

# It ends when told to, with its results.
"$program" live "$work/short.ini" --duration forever --out "$work/ended" > "$work/told" 2>&1 &
pid=$!
sleep 1
kill -TERM "$pid"
wait "$pid" || fail "ended by SIGTERM: status $?"
[ -s "$work/ended/run.json" ] || fail "ended by SIGTERM: no results"

status=0
"$program" live "$work/short.ini" --tap hom=tap0 > /dev/null 2> "$work/errors" || status=$?
[ "$status" -eq 2 ] && grep -q "did you mean 'home'" "$work/errors" || fail "an unknown LAN: status $status: $(cat "$work/errors")"
finish "virtual and real time agree; 7 s took $took ms"
