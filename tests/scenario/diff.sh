#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# mip6sim diff: two results that are the same; one parameter changed, told from cause to effect; results of which one has more
# runs; a sweep's database beside a run's files; and what is no result.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

one=$scenarios/first-handover.ini
many=$scenarios/rr-vs-kbm.ini
"$program" run "$one" --out "$work/a" >/dev/null || fail "run"
"$program" run "$one" --out "$work/b" >/dev/null || fail "run"
"$program" run "$one" --out "$work/c" --set 'point-to-point ha-access / delay = 11ms' >/dev/null 2>&1
try 0 diff "$work/a" "$work/b"
out_like '^  the same$'
out_like '^Messages: 16, all the same$'
out_like '^Table handovers: 1 row, all the same$'
try 4 diff "$work/a" "$work/c"
out_like '^  point-to-point ha-access / delay: 10ms, 11ms$'
out_like '^Messages: number 2 is the first that differs$'
out_like '/a: point 0, replication 0, 6\.076277115 s: ha received Binding Update'
out_like '/c: point 0, replication 0, 6\.077277115 s: ha received Binding Update'
out_like '^  correspondent_bound: 1 row; at most \+0\.004; first at point 0, replication 0, mn: 7\.161277115, 7\.165277115$'
sed -i 's/,outage,/,interruption,/' "$work/c/handovers.csv"
try 4 diff "$work/a" "$work/c"
out_like "column 'outage' is in .*/a alone"
out_like "column 'interruption' is in .*/c alone"

# -- more runs, fewer runs, from a database --
"$program" run "$many" --run 0 --out "$work/first" >/dev/null || fail "run"
"$program" sweep "$many" --set 'scenario / replications = 2' --out "$work/two" >/dev/null || fail "sweep"
try 4 diff "$work/first" "$work/two"
out_like '^  replications: 1, 2$'
out_like '^Table handovers: 0 of 80 rows differ$'
out_like '^  40 rows in .*/two alone$'
try 4 diff "$work/two" "$work/first"
out_like '^  40 rows in .*/two alone$'
mv "$work/first/run.json" "$work/run.json"
try 4 diff "$work/first" "$work/two"
out_like 'not compared: no run.json in .*/first$'
"$program" export "$work/two" >/dev/null || fail "export"
try 0 diff "$work/two" "$work/two/results.sqlite"

# -- bad input --
mkdir "$work/empty"
try 2 diff "$work/a" "$work/missing"
err_like 'no such directory'
try 2 diff "$work/empty" "$work/a"
err_like 'no results in here'
try 2 diff "$work/a"
try 2 diff
try 2 diff "$work/a" "$work/b" "$work/c"
printf 'point,replication\n0\n' >"$work/b/handovers.csv"
try 2 diff "$work/a" "$work/b"
err_like 'handovers.csv:2: a row of 1 field'
finish "differences are told"
