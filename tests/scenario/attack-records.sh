#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# attacks.csv tells what came of attacks, in numbers that can be worked out from the topology; a table of several scenarios
# has a row for each attack and a column for each method.
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

cat > "$work/base.ini" <<END
[scenario]
extends = $scenarios/triangle.ini
duration = 60s
[access-lan visited]
handover-delay = 50ms
[lan far]
prefix = 2001:db8:66::/64
[router far-router]
attached = far
[point-to-point far-edge]
between = far-router, edge
delay = 5ms
[host victim]
attached = far
[attacker mallory]
attached = far
taps = ha-edge
[attacker stranger]
attached = far
[at 5s]
mn = attach visited
[sweep]
peers mn cn / authorization = return-routability; static-key
END

# mallory hears Home Tests between home agent and correspondent, and has a Care-of Test of its own: HoTI and CoTI of 56 octets,
# a Binding Update of 96. They are 5 ms under way, as the CoT back; the HoT comes by the tap at once. The datagrams that cn
# sends from then on (or from a second one on, if the first guess of a sequence number is out of the window: 135 tells), 50 a second of 232 octets, are astray until the binding's 12 s are over, the next takes 15 ms.
cat > "$work/on-path.ini" <<END
[scenario]
extends = base.ini
title = On the path
[attack onpath]
title = Forged Binding Update, on the path
attacker = mallory
action = forge
message = BU
target = cn
home-address = mn
care-of-address = own
lifetime = 12s
start = 20s
[expect peers mn cn / authorization = return-routability]
attack onpath = accepted
attack onpath accepted = 1
attack onpath sent_messages = 3..4
attack onpath sent_octets = 208..304
attack onpath first_sent = 20s
attack onpath first_accepted = 20005ms..20100ms
attack onpath astray_packets = 600..601
attack onpath astray_octets = 139200..139432
attack onpath amplification = 457..670.4
attack onpath astray_time = 12s..12060ms
attack onpath state_created = 1
attack onpath rejected = 0..1
attack onpath discarded = 0
binding cn mn at 31s = mallory
[expect peers mn cn / authorization = static-key]
attack onpath = discarded "authorized by a method not configured for this peer"
attack onpath = failed
attack onpath astray_time = never
attack onpath astray_packets = 0
attack onpath first_accepted = never
attack onpath state_created = 0
binding cn mn at 31s = care-of
END
sed -i '/^attack onpath = failed$/d' "$work/on-path.ini"
run 0 "$work/on-path.ini"

# Reflection: a Home Test Init of 56 octets makes a Home Test of 64.
cat > "$work/reflection.ini" <<END
[scenario]
extends = base.ini
title = Reflection
[attack reflection]
title = Reflected tests
attacker = stranger
action = flood
message = HoTI
rate = 100/s
count = 300
target = cn
victim = victim
home-address = victim
start = 30s
[attack tests]
title = Tests of one's own
attacker = stranger
action = forge
message = HoTI
target = cn
home-address = own
start = 40s
[expect]
attack reflection = accepted
attack reflection sent_messages = 300
attack reflection sent_octets = 16800B
attack reflection victim_packets = 300
attack reflection victim_octets = 19200
attack reflection amplification = 1.142857
attack reflection state_created = 0
attack tests = answered
attack tests replies = 1
attack tests reply_octets = 64
attack tests victim_octets = 0
END
run 0 "$work/reflection.ini"
awk -F, 'NR > 1 && $4 == "reflection" { octets[$1] += $NF } END { exit !(octets[0] == 19200 && octets[1] == 19200) }' \
    "$work/results/attack_times.csv" || fail "attack_times.csv does not add up"

# Nothing but guesses; nobody there; no way to send it at all.
cat > "$work/off-path.ini" <<END
[scenario]
extends = base.ini
title = Off the path
[attack forged]
title = Forged Binding Update, off the path
attacker = stranger
action = forge
message = BU
target = cn
home-address = mn
care-of-address = own
start = 20s
[attack honest]
title = Forged Binding Update, or none
attacker = stranger
action = forge
message = BU
target = cn
home-address = mn
care-of-address = own
home-token = heard
otherwise = nothing
start = 20s
[expect]
attack forged = discarded
attack forged accepted = 0
attack honest = not-sent
[expect peers mn cn / authorization = return-routability]
attack forged = discarded "authenticator does not verify"
END
run 0 "$work/off-path.ini"

# Together: a row for each title, a column for each method.
run 0 "$work/on-path.ini" "$work/reflection.ini" "$work/off-path.ini"
matrix=$(sed -n '/^=== Attacks and methods/,$p' "$work/stdout")
grep -qE '^attack +return-routability +static-key$' <<< "$matrix" || fail "no header of methods"
grep -qE '^Forged Binding Update, on the path +accepted +discarded: authorized by a method' <<< "$matrix" || fail "row on the path"
grep -qE '^Forged Binding Update, off the path +discarded: authenticator does not verify +discarded: ' <<< "$matrix" || fail "row off the path"
grep -qE '^Reflected tests +accepted +accepted$' <<< "$matrix" || fail "row of the reflection"
grep -qE '^Forged Binding Update, or none +not-sent +not-sent$' <<< "$matrix" || fail "row not sent"

# The threads do not matter.
rm -rf "$work/results"
run 3 "$work/off-path.ini" --set 'expect / attack forged = accepted' -j 2
err_has 'attack forged = accepted: does not hold: seen discarded: '
mv "$work/results" "$work/first"
run 3 "$work/off-path.ini" --set 'expect / attack forged = accepted' -j 1
diff -r "$work/first" "$work/results" > /dev/null || fail "results depend on the number of threads"

# A scenario without attacks has no such tables.
rm -rf "$work/results"
run 0 "$work/base.ini"
[ ! -e "$work/results/attacks.csv" ] || fail "attacks.csv where there are no attacks"

# Pictures: a Binding Update replayed after 5 s, when its number is known, and after 200 s, when the correspondent node has
# rebooted without its stable storage; the numbers that are drawn stand in the .dat files.
cat > "$work/age.ini" <<END
[scenario]
extends = base.ini
title = Age
duration = 320s
[flow voice]
interval = 1s
[attacker eve]
taps = access-edge
[peers mn cn]
lifetime = 60s
[at 10s]
mn = detach
[at 120s]
cn = reboot without-storage
[attack replay]
title = Replay
attacker = eve
action = replay
message = BU
target = cn
to = cn
which = first
after = 5s
[sweep]
attack replay / after = 5s; 200s; 300s
[expect attack replay / after = 5s]
attack replay = rejected 135
[expect attack replay / after = 200s; 300s and peers mn cn / authorization = return-routability]
attack replay = rejected 138
[expect attack replay / after = 200s; 300s and peers mn cn / authorization = static-key]
attack replay = accepted
END
rm -rf "$work/results"
run 0 "$work/age.ini"
GNUPLOT=/no/such/gnuplot "$program" plot "$work/results" > "$work/stdout" 2> "$work/stderr"
[ "$(grep -v '^#' "$work/results/acceptance.dat" | tr -s '\n' ' ')" = "5 0 200 0 300 0 5 0 200 1 300 1 " ] ||
    fail "acceptance.dat: $(cat "$work/results/acceptance.dat")"
rm -rf "$work/results"
run 0 "$work/on-path.ini"
GNUPLOT=/no/such/gnuplot "$program" plot "$work/results" > "$work/stdout" 2> "$work/stderr"
has_like "$work/results/astray.dat" '^(30\.|20).* 11.6$'
# Under the static key nothing is, and that is told as well; both until the end.
[ "$(grep -c '^60 0$' "$work/results/astray.dat")" -eq 2 ] || fail "astray.dat: $(cat "$work/results/astray.dat")"
if command -v gnuplot > /dev/null; then
    "$program" plot "$work/results" > "$work/stdout" 2> "$work/stderr" || fail "plot failed"
    [ -s "$work/results/astray.svg" ] || fail "no astray.svg"
fi

# The log tells what the attacker does, and in whose name.
run 0 "$work/on-path.ini" --set 'peers mn cn / authorization = return-routability' --log=info
err_like ' mallory  attack onpath: Home Test Init sent to cn in the name of mn, 56 octets$'
err_has ' mallory  attack onpath: Binding Update sent to cn in the name of mn, care-of address '

finish "outcomes and prices are as worked out"
