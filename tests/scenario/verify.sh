#!/usr/bin/env bash
# mip6sim verify: every shipped scenario's timing is what it was (results/reference); and what moves is told: which instant
# of which handover, the first message, whether octets have changed or timing alone, to people, as JUnit's XML and as TAP.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
program=${MIP6SIM:-$builddir/mip6sim}
directory=$(mktemp -d "$builddir/verify.XXXXXX") || exit 1
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
    "$program" verify "$@" >"$directory/out" 2>"$directory/err"
    status=$?
    if [ "$status" -ne "$expected" ]; then
        fail "mip6sim verify $*: exit status $status, expected $expected"
        cat "$directory/out" "$directory/err"
    fi
}

has()
{
    grep -qE -- "$2" "$directory/$1" || { fail "nothing in $1 like: $2"; cat "$directory/$1"; }
}

has_not()
{
    if grep -qE -- "$2" "$directory/$1"; then
        fail "there is in $1: $2"
    fi
}

# -- what is shipped --
mapfile -t shipped < <(cd "$srcdir" && find scenarios -name '*.ini' | LC_ALL=C sort)
[ "${#shipped[@]}" -gt 5 ] || fail "where are the scenarios?"
try 0 -q --references "$srcdir/results/reference" -j 2 "${shipped[@]/#/$srcdir/}"
[ -s "$directory/out" ] && cat "$directory/out"

# -- what moves is told --
one=$srcdir/scenarios/first-handover.ini
try 2 --references "$directory/none" "$one"
has err 'there is no reference.*--update'
try 0 --references "$directory/kept" --update "$one"
has out 'first-handover.txt written'
try 0 --references "$directory/kept" --update "$one"
has out 'is as it was'
try 0 --references "$directory/kept" "$one"
has out 'as it was \(1 run\)'
try 4 --references "$directory/kept" --set 'access-lan visited / handover-delay = 61ms' "$one"
has out 'handover 1 of mn, home to visited, with cn: link_up: was 5.050000000, is 5.061000000 \(\+0\.011000000 s\)'
has out 'run: everything: was'
has_not out 'run: wire: was'
try 4 --references "$directory/kept" --set 'peers mn cn / authorization = static-key' "$one"
has out 'run: wire: was'
has out 'and [0-9]+ lines more \(--all\)'
has out 'first message that differs, number [0-9]+:'
has out '    was: [0-9.]+ mn sent Home Test Init, '
try 4 --references "$directory/kept" --set 'peers mn cn / authorization = static-key' --all "$one"
has out 'signalling: Home Test Init sent: was 1, is not there'
has_not out 'lines more'
try 4 --references "$directory/kept" --tap --junit "$directory/junit.xml" --set 'flow voice / interval = 21ms' "$one"
has out '^1\.\.1$'
has out '^not ok 1 - first-handover: point 0, replication 0$'
has junit.xml '<testsuite name="mip6sim verify" tests="1" failures="1"'
has junit.xml '<failure '
if [ -n "${PYTHON3:-}" ]; then
    "$PYTHON3" -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$directory/junit.xml" ||
        fail "not well-formed"
fi

# -- what was not verified is an error to those who read the outcome only --
echo nonsense >"$directory/wrong.ini"
try 2 --references "$directory/none" --tap --junit "$directory/junit.xml" "$one" "$directory/wrong.ini"
has out '^1\.\.2$'
has out '^not ok 1 - first-handover: not verified$'
has out '^# .*there is no reference'
has out '^not ok 2 - wrong: not verified$'
has junit.xml 'tests="2" failures="0" errors="2"'
has junit.xml '<error message="not verified">.*wrong.ini: '

# -- as much as a scenario tolerates --
cat >"$directory/tolerant.ini" <<END
[scenario]
extends = $(cd "$srcdir" && pwd)/scenarios/first-handover.ini
[verify]
link_up = 20ms
packets_lost = 2
END
tolerant=$directory/tolerant.ini
try 0 --references "$directory/kept" --update "$tolerant"
try 0 --references "$directory/kept" --set 'access-lan visited / handover-delay = 61ms' "$tolerant"
try 4 --references "$directory/kept" --set 'access-lan visited / handover-delay = 71ms' "$tolerant"
has out 'link_up: was'
has_not out 'everything: was'
try 2 --references "$directory/kept" --set 'verify / outrage = 1ms' "$tolerant"
has err 'did you mean "outage"'
try 2 --references "$directory/kept" --set 'verify / outage = 1' "$tolerant"
try 2 --references "$directory/kept" --set 'verify / packets_lost = 1ms' "$tolerant"

# -- bad input --
try 2
try 2 --references "$directory/kept" "$directory/missing.ini"
try 2 --jobs 0 --references "$directory/kept" "$one"
echo "no reference at all" >"$directory/kept/first-handover.txt"
try 2 --references "$directory/kept" "$one"
has err 'first-handover.txt:1: .*this is no reference'
printf '[a]\nx = 1\nx = 2\n' >"$directory/kept/first-handover.txt"
try 2 --references "$directory/kept" "$one"
has err "first-handover.txt:3: 'x' is there twice"
try 1 --references "$directory/kept/first-handover.txt/below" --update "$one"
[ "$failures" -eq 0 ] && echo "timing is verified"
exit $((failures > 0))
