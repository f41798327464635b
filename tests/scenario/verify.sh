#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# mip6sim verify: every shipped scenario's timing is what it was (results/reference); and what moves is told: which instant
# of which handover, the first message, whether octets have changed or timing alone, to people, as JUnit's XML and as TAP.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

# -- what is shipped --
mapfile -t shipped < <(cd "$srcdir" && find scenarios -name '*.ini' | LC_ALL=C sort)
[ "${#shipped[@]}" -gt 5 ] || fail "where are the scenarios?"
try 0 verify -q --references "$srcdir/results/reference" -j 2 "${shipped[@]/#/$srcdir/}"
[ -s "$work/stdout" ] && cat "$work/stdout"

# -- what moves is told --
one=$scenarios/first-handover.ini
try 2 verify --references "$work/none" "$one"
err_like 'there is no reference.*--update'
try 0 verify --references "$work/kept" --update "$one"
out_like 'first-handover.txt written'
try 0 verify --references "$work/kept" --update "$one"
out_like 'is as it was'
try 0 verify --references "$work/kept" "$one"
out_like 'as it was \(1 run\)'
try 4 verify --references "$work/kept" --set 'access-lan visited / handover-delay = 61ms' "$one"
out_like 'handover 1 of mn, home to visited, with cn: link_up: was 5.050000000, is 5.061000000 \(\+0\.011000000 s\)'
out_like 'run: everything: was'
lacks_like "$work/stdout" 'run: wire: was'
try 4 verify --references "$work/kept" --set 'peers mn cn / authorization = static-key' "$one"
out_like 'run: wire: was'
out_like 'and [0-9]+ lines more \(--all\)'
out_like 'first message that differs, number [0-9]+:'
out_like '    was: [0-9.]+ mn sent Home Test Init, '
try 4 verify --references "$work/kept" --set 'peers mn cn / authorization = static-key' --all "$one"
out_like 'signalling: Home Test Init sent: was 1, is not there'
lacks_like "$work/stdout" 'lines more'
try 4 verify --references "$work/kept" --tap --junit "$work/junit.xml" --set 'flow voice / interval = 21ms' "$one"
out_like '^1\.\.1$'
out_like '^not ok 1 - first-handover: point 0, replication 0$'
has_like "$work/junit.xml" '<testsuite name="mip6sim verify" tests="1" failures="1"'
has_like "$work/junit.xml" '<failure '
if [ -n "${PYTHON3:-}" ]; then
    "$PYTHON3" -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$work/junit.xml" ||
        fail "not well-formed"
fi

# -- what was not verified is an error to those who read the outcome only --
echo nonsense >"$work/wrong.ini"
try 2 verify --references "$work/none" --tap --junit "$work/junit.xml" "$one" "$work/wrong.ini"
out_like '^1\.\.2$'
out_like '^not ok 1 - first-handover: not verified$'
out_like '^# .*there is no reference'
out_like '^not ok 2 - wrong: not verified$'
has_like "$work/junit.xml" 'tests="2" failures="0" errors="2"'
has_like "$work/junit.xml" '<error message="not verified">.*wrong.ini: '

# -- as much as a scenario tolerates --
cat >"$work/tolerant.ini" <<END
[scenario]
extends = $scenarios/first-handover.ini
[verify]
link_up = 20ms
packets_lost = 2
END
tolerant=$work/tolerant.ini
try 0 verify --references "$work/kept" --update "$tolerant"
try 0 verify --references "$work/kept" --set 'access-lan visited / handover-delay = 61ms' "$tolerant"
try 4 verify --references "$work/kept" --set 'access-lan visited / handover-delay = 71ms' "$tolerant"
out_like 'link_up: was'
lacks_like "$work/stdout" 'everything: was'
try 2 verify --references "$work/kept" --set 'verify / outrage = 1ms' "$tolerant"
err_like 'did you mean "outage"'
try 2 verify --references "$work/kept" --set 'verify / outage = 1' "$tolerant"
try 2 verify --references "$work/kept" --set 'verify / packets_lost = 1ms' "$tolerant"

# -- bad input --
try 2 verify
try 2 verify --references "$work/kept" "$work/missing.ini"
try 2 verify --jobs 0 --references "$work/kept" "$one"
echo "no reference at all" >"$work/kept/first-handover.txt"
try 2 verify --references "$work/kept" "$one"
err_like 'first-handover.txt:1: .*this is no reference'
printf '[a]\nx = 1\nx = 2\n' >"$work/kept/first-handover.txt"
try 2 verify --references "$work/kept" "$one"
err_like "first-handover.txt:3: 'x' is there twice"
try 2 verify --references "$work/kept/first-handover.txt/below" --update "$one"
finish "timing is verified"
