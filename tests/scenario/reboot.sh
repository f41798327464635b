#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Power failures, with whole nodes on the simulated network: what a correspondent node, a mobile node, a router and a home agent
# lose, what they keep, and that traffic finds its way again (RFC 6275, 5.2.7, 5.2.9, 9.3.3, 11.7.3).
set -eu
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

duration=30s
# run NAME TEXT ARGUMENT...: first-handover.ini and what TEXT (of printf) says beyond it; messages.csv and the log.
run()
{
    local name=$1
    { printf '[scenario]\nextends = %s/first-handover.ini\nduration = %s\n' "$scenarios" "$duration" && printf "$2"; } > "$work/$name.ini"
    shift 2
    "$program" run "$work/$name.ini" --out "$work/$name" --log info "$@" > "$work/$name.out" 2> "$work/$name.log" ||
        fail "cannot run $name: $(cat "$work/$name.log")"
}

# The lines of the log that the pattern matches, from the given second on: without instants, joined by semicolons.
told() # name, second, pattern
{
    awk -v from="$2" '$1 >= from' "$work/$1.log" | grep -E "$3" | sed 's/^[0-9.]* *//; s/  */ /g; s/, .*//' | tr '\n' ';'
}

# ---- a correspondent node, bound by return routability ----

# Its Binding Cache is gone, and so are its node key and its nonces. The mobile node's next packet comes with a Home Address
# option that nobody knows: Binding Error 1, tests, a binding.
upward='[flow answer]\nfrom = mn\nto = cn\ninterval = 20ms\nstart = 3s\n'
run cn "${upward}[at 10s]\ncn = reboot\n"
equal 'a correspondent node' \
    'cn power off;cn binding deleted for mn;cn power on;cn Binding Error sent to mn;cn binding created for mn;' \
    "$(told cn 10 '^[0-9.]* cn +(power|binding|Binding Error)')"
grep -q '^1[0-9.]* cn .*discarded' "$work/cn.log" && fail 'a correspondent node: something was discarded'

# With tokens of before that are still fresh, the Binding Update names nonces that the new life does not know: 136 to 138 (here
# 138, both), and a second pair of tests.
run tokens "${upward}[peers mn cn]\nreuse-tokens = yes\n[at 10s]\ncn = reboot\n"
equal 'old nonces' '138 0 ' "$(awk '$1 >= 10 && / cn .*Binding Acknowledgement sent/' "$work/tokens.log" |
    sed 's/.*status \([0-9]*\).*/\1/' | tr '\n' ' ')"

# Without power nothing arrives, and nothing is answered; the mobile node's packets are lost.
run off "${upward}[at 10s]\ncn = reboot for 5s\n"
[ -z "$(awk '$1 > 10 && $1 < 15 && $2 == "cn"' "$work/off.log")" ] || fail 'a node without power has said something'
equal 'five seconds without power' 'cn power on;cn Binding Error sent to mn;cn binding created for mn;' \
    "$(told off 15 '^[0-9.]* cn +(power|binding|Binding Error)')"

# No draw comes twice: the cookies of the tests, the tokens and the nonces' indices differ from those before.
run again '[at 10s..25s step 5s]\ncn = reboot\nmn = reboot\n[access-lan visited]\nhandover-delay = 0s\n' --pcap=edge-cn
if command -v tshark > /dev/null 2>&1; then
    for field in mip6.hot.cookie mip6.cot.cookie mip6.hot.token; do
        values=$(tshark -r "$work/again/edge-cn.pcap" -Y "$field" -T fields -e "$field" 2> /dev/null) || continue
        [ "$(printf '%s\n' "$values" | sort | uniq -d | wc -l)" -eq 0 ] || fail "$field comes a second time: $values"
    done
fi

# ---- the others ----

# A router has its addresses and routes of before, and advertises itself again.
run router '[at 10s]\naccess = reboot for 1s\n[at 12s]\nmn = attach home\n[at 16s]\nmn = attach visited\n'
grep -q '^16.* mn .*movement detected' "$work/router.log" || fail 'the router does not advertise itself after a reboot'
[ "$(awk '$1 > 16' "$work/router.log" | grep -c ' cn .*binding created for mn')" -eq 1 ] || fail 'the router does not forward after a reboot'

# A link that the operator has taken down stays down whatever happens to the power of its ends, and the other way round.
run carrier '[at 10s]\nedge-cn = down\n[at 11s]\ncn = reboot for 1s\n[at 14s]\nedge-cn = up\n[at 16s]\ncn = reboot for 4s\n[at 17s]\nedge-cn = down\n[at 18s]\nedge-cn = up\n'
equal 'carriers' 'cn power off;cn power on;cn power off;cn power on;' "$(told carrier 10 ' cn +power')"

# Again and again, faster than it comes back: the last return counts.
run twice '[at 10s]\ncn = reboot for 2s\n[at 11s]\ncn = reboot for 3s\n'
equal 'two failures' '10.000000000 off;14.000000000 on;' "$(awk '/ cn +power/ { printf "%s %s;", $1, $4 }' "$work/twice.log")"

# ---- static keys (RFC 4449): numbers in stable storage ----

# Of cn's log from the given second on: sequence, status and what became of it, of Binding Updates and their answers.
numbers() # name, second
{
    awk -v from="$2" '$1 >= from && $2 == "cn" && /Binding (Update|Acknowledgement)/' "$work/$1.log" |
        sed -n 's/.*\(Update\) \(received\|discarded\).*sequence \([0-9]*\), lifetime.*/\2 \3/p
                s/.*Acknowledgement sent.*sequence \([0-9]*\), status \([0-9]*\).*/told \1 status \2/p' | tr '\n' ';'
}
key='[peers mn cn]\nauthorization = static-key\n[mobile-node mn]\nipsec = no\n'
back='[at 8s]\nmn = attach home\n[at 11s]\nmn = attach visited\n'

# The correspondent knows the last number, and the mobile node's next one is above it.
run static-cn "$key${back}[at 20s]\ncn = reboot\n$upward"
equal 'a correspondent with its storage' 'received 4;told 4 status 0;' "$(numbers static-cn 20)"
# Whoever sends an old number meanwhile is refused; here it is the mobile node, which has lost its storage and begins at 1.
run static-mn "$key${back}[at 20s]\nmn = reboot without-storage\n$upward"
equal 'a mobile node without its storage' 'discarded 1;told 3 status 135;received 4;told 4 status 0;' "$(numbers static-mn 20)"
run static-kept "$key${back}[at 20s]\nmn = reboot\n$upward"
equal 'a mobile node with its storage' 'received 4;told 4 status 0;' "$(numbers static-kept 20)"
# Without the correspondent's storage a number that was used is good again: the replay that RFC 4449, 3 warns of.
run static-lost "$key${back}[at 20s]\ncn = reboot without-storage\nmn = reboot without-storage\n$upward"
equal 'nobody knows any numbers' 'received 1;told 1 status 0;' "$(numbers static-lost 20)"

# A new key: numbers from 1, and stable storage has them under it.
run rekeyed "$key${back}[at 15s]\nmn cn = rekey\n[at 20s]\ncn = reboot\n[at 25s]\nmn = reboot\n$upward"
equal 'a new key' 'received 1;told 1 status 0;received 2;told 2 status 0;' "$(numbers rekeyed 15)"
# An update in flight: it comes when the correspondent has the new key, is not answered, and is repeated a second later.
run flight "${key}[at 5s]\nmn cn = rekey\n[at 7100ms]\nmn cn = rekey\n"
equal 'an update in flight' 'discarded 1;received 1;told 1 status 0;' "$(numbers flight 7)"
# Keys are drawn for each pair, and given again with the same seed.
run again-1 "$key${back}[at 15s]\nmn cn = rekey\n[at 20s]\ncn = reboot\n$upward" --pcap=edge-cn
run again-2 "$key${back}[at 15s]\nmn cn = rekey\n[at 20s]\ncn = reboot\n$upward" --pcap=edge-cn
same "$work/again-1/edge-cn.pcap" "$work/again-2/edge-cn.pcap" 'new keys are not the same again'

# Worn out: a Binding Update each 3.2 s, so that in 29 hours the numbers come to where the first could be replayed. The
# operator is warned from 28,673 on; 32,770 is refused (129), packets go through the tunnel, and a new key is good at once.
duration=106010s
run worn '[peers mn cn]\nauthorization = static-key\nlifetime = 4s\n[flow voice]\nstop = 4s\n[at 106000s]\nmn cn = rekey\n'
duration=30s
equal 'worn out: warned' '28673 29697 30721 31745 32769 ' "$(sed -n 's/.*static key is nearly used up.*sequence \([0-9]*\)$/\1/p' "$work/worn.log" | tr '\n' ' ')"
equal 'worn out: refused' '32770 status 129' "$(sed -n 's/.*cn .*Acknowledgement sent.*sequence \([0-9]*\), \(status 129\).*/\1 \2/p' "$work/worn.log" | head -n 1)"
equal 'worn out: a new key' 'received 1;told 1 status 0;received 2;told 2 status 0;received 3;told 3 status 0;received 4;told 4 status 0;' "$(numbers worn 106000)"

# Groups: fifty pairs, each with a key of its own, reboot and are rekeyed at one instant.
run groups '[mobile-node mn]\ncount = 50\n[peers mn cn]\nauthorization = static-key\n[at 12s]\nmn cn = rekey\nmn = reboot\ncn = reboot\nha = reboot\n[at 15s]\nmn-7 cn = rekey\n'
[ "$(awk '$1 > 12 && $2 == "cn" && /binding (created|updated)/' "$work/groups.log" | wc -l)" -ge 50 ] || fail 'groups: not all are bound again'

# ---- ESP: counters in stable storage ----

# With its storage the mobile node's first Binding Update is accepted; without, the home agent takes its packets for replays
# until it has sent as many as before.
run esp '[at 15s]\nmn = reboot\n' --log debug
equal 'counters kept' 'mn home registered with ha;' "$(told esp 15 'home registered' )"
grep -q 'ESP sequence number seen before' "$work/esp.log" && fail 'counters kept: a packet was taken for a replay'
run esp-lost '[at 15s]\nmn = reboot without-storage\n' --log debug
grep -q 'ha .*ESP sequence number seen before' "$work/esp-lost.log" || fail 'counters lost: no packet was taken for a replay'
equal 'counters lost' 'mn home registered with ha;' "$(told esp-lost 15 'home registered')"

# ---- home agents ----

# One that fails for long: the mobile node turns to the other one on the link when it has moved. One that fails for an instant has
# lost the binding, and knows it again after the next Binding Update.
two() # name, what happens
{
    { printf '[scenario]\nextends = %s/home-agent-discovery.ini\nduration = 100s\n' "$scenarios" && printf "$2"; } > "$work/$1.ini"
    "$program" run "$work/$1.ini" --out "$work/$1" --log info > "$work/$1.out" 2> "$work/$1.log" || fail "cannot run $1"
    awk '/ha-[12] +binding (created|updated|deleted)/ { printf "%d %s %s;", $1, $2, $4 }' "$work/$1.log"
}
equal 'the other home agent' '6 ha-1 created;30 ha-1 deleted;44 ha-2 created;' "$(two failed '[at 30s]\nha-1 = reboot for 1000s\n' |
    sed 's/^[0-9]* ha-1 created/6 ha-1 created/; s/4[0-9] ha-2 created/44 ha-2 created/')"
found=$(two instant '[at 30s]\nha-1 = reboot\n')
case $found in
*'30 ha-1 deleted;'*'ha-1 created;') ;;
*) fail "a home agent for an instant: $found" ;;
esac

# ---- the same bytes again, on one thread and on several ----

for jobs in 1 3; do
    run "jobs-$jobs" '[at 8s..25s step 3s spread uniform(0s, 2s)]\nmn = reboot\ncn = reboot for 500ms\nha = reboot\n' \
        --set 'scenario / replications = 6' -j "$jobs"
done
for file in handovers.csv messages.csv flows.csv; do
    same "$work/jobs-1/$file" "$work/jobs-3/$file" "one thread and several"
done
finish 'what is lost is found again'
