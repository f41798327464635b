#!/usr/bin/env bash
# mip6sim diff: two results that are the same; one parameter changed, told from cause to effect; results of which one has more
# runs; a sweep's database beside a run's files; and what is no result.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
program=${MIP6SIM:-$builddir/mip6sim}
directory=$(mktemp -d "$builddir/diff.XXXXXX") || exit 1
trap 'rm -rf "$directory"' EXIT
failures=0

fail()
{
    echo "FAIL: $*"
    failures=$((failures + 1))
}

# try STATUS ARGUMENT...
try()
{
    local expected=$1 status
    shift
    "$program" diff "$@" >"$directory/out" 2>"$directory/err"
    status=$?
    if [ "$status" -ne "$expected" ]; then
        fail "mip6sim diff $*: exit status $status, expected $expected"
        cat "$directory/out" "$directory/err"
    fi
}

has()
{
    grep -qE -- "$2" "$directory/$1" || { fail "nothing in $1 like: $2"; cat "$directory/$1"; }
}

one=$srcdir/scenarios/first-handover.ini
many=$srcdir/scenarios/rr-vs-kbm.ini
"$program" run "$one" --out "$directory/a" >/dev/null || fail "run"
"$program" run "$one" --out "$directory/b" >/dev/null || fail "run"
"$program" run "$one" --out "$directory/c" --set 'point-to-point ha-access / delay = 11ms' >/dev/null 2>&1
try 0 "$directory/a" "$directory/b"
has out '^  the same$'
has out '^Messages: 16, all the same$'
has out '^Table handovers: 1 row, all the same$'
try 4 "$directory/a" "$directory/c"
has out '^  point-to-point ha-access / delay: 10ms, 11ms$'
has out '^Messages: number 2 is the first that differs$'
has out '/a: point 0, replication 0, 6\.076277115 s: ha received Binding Update'
has out '/c: point 0, replication 0, 6\.077277115 s: ha received Binding Update'
has out '^  correspondent_bound: 1 row; at most \+0\.004; first at point 0, replication 0, mn: 7\.161277115, 7\.165277115$'
sed -i 's/,outage,/,interruption,/' "$directory/c/handovers.csv"
try 4 "$directory/a" "$directory/c"
has out "column 'outage' is in .*/a alone"
has out "column 'interruption' is in .*/c alone"

# -- more runs, fewer runs, from a database --
"$program" run "$many" --run 0 --out "$directory/first" >/dev/null || fail "run"
"$program" sweep "$many" --set 'scenario / replications = 2' --out "$directory/two" >/dev/null || fail "sweep"
try 4 "$directory/first" "$directory/two"
has out 'not compared: no run.json in .*/two'
has out '^Table handovers: 0 of 80 rows differ$'
has out '^  40 rows in .*/two alone$'
try 4 "$directory/two" "$directory/first"
has out '^  40 rows in .*/two alone$'
"$program" export "$directory/two" >/dev/null || fail "export"
try 0 "$directory/two" "$directory/two/results.sqlite"

# -- bad input --
mkdir "$directory/empty"
try 2 "$directory/a" "$directory/missing"
has err 'no such directory'
try 2 "$directory/empty" "$directory/a"
has err 'no results in here'
try 2 "$directory/a"
try 2
try 2 "$directory/a" "$directory/b" "$directory/c"
printf 'point,replication\n0\n' >"$directory/b/handovers.csv"
try 2 "$directory/a" "$directory/b"
has err 'handovers.csv:2: a row of 1 field'
[ "$failures" -eq 0 ] && echo "differences are told"
exit $((failures > 0))
