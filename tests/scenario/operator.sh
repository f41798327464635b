#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What an operator changes while time goes by, under the virtual clock: what routers advertise (as it stands in the captured
# octets: RFC 4861, 4.2, 4.6, 6.2.4; RFC 6275, 7), nodes' parameters, addresses and routes, security associations, faults and
# their end. The same lines are orders to a live run (tests/live/control.sh).
set -eu
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"
command -v python3 > /dev/null || skip "there is no python3"

# run TEXT: first-handover.ini without its expectations, and TEXT.
run()
{
    { sed '/^\[expect/,$d' "$scenarios/first-handover.ini" && printf '%s\n' "$1"; } > "$work/scenario.ini"
    rm -rf "$work/out"
    "$program" run "$work/scenario.ini" --out "$work/out" --pcap --log debug --set 'scenario / duration = 40s' \
        --set 'lan home / router-advertisement-interval = 3s..5s' > "$work/stdout" 2> "$work/stderr" ||
        fail "status $?: $(head -c 2000 "$work/stderr")"
}

# advertisements LAN: a line for each: seconds, hop limit, flags, lifetime, reachable, retransmit, options.
cat > "$work/advertisements.py" << 'END'
import ipaddress, struct, sys
data = open(sys.argv[1], 'rb').read()
at = 24
while at < len(data):
    seconds, nanoseconds, length, _ = struct.unpack_from('<IIII', data, at)
    frame = data[at + 16:at + 16 + length]
    at += 16 + length
    if frame[12:14] != b'\x86\xdd' or frame[20] != 58 or frame[54] != 134:
        continue
    hops, flags, lifetime, reachable, retransmit = struct.unpack_from('>BBHII', frame, 58)
    words = []
    option = 70
    while option < len(frame):
        kind, size = frame[option], 8 * frame[option + 1]
        body = frame[option:option + size]
        if kind == 5:
            words.append('mtu=%d' % struct.unpack_from('>I', body, 4))
        elif kind == 8:
            words.append('agent=%d,%d' % struct.unpack_from('>HH', body, 4))
        elif kind == 3:
            bits = ''.join(name for bit, name in ((0x80, 'L'), (0x40, 'A'), (0x20, 'R')) if body[3] & bit)
            words.append('%s/%d,%s,%d,%d' % ((ipaddress.ip_address(body[16:32]), body[2], bits) + struct.unpack_from('>II', body, 4)))
        option += size
    bits = ''.join(name for bit, name in ((0x80, 'M'), (0x40, 'O'), (0x20, 'H')) if flags & bit)
    print('%.3f hops=%d flags=%s lifetime=%d reachable=%d retransmit=%d %s' %
          (seconds + nanoseconds / 1e9, hops, bits, lifetime, reachable, retransmit, ' '.join(words)))
END
advertisements()
{
    python3 "$work/advertisements.py" "$work/out/$1.pcap" > "$work/$1.txt" || fail "cannot read $1.pcap"
}

# between FILE FROM TO PATTERN: each line of these seconds has the pattern, and there is one.
between()
{
    awk -v from="$2" -v to="$3" '$1 >= from && $1 < to' "$1" > "$work/some"
    [ -s "$work/some" ] || fail "$(basename "$1"): nothing from $2 s to $3 s: $(cat "$1")"
    ! grep -vqE -- "$4" "$work/some" || fail "$(basename "$1"): from $2 s to $3 s not \"$4\": $(grep -vE -m 1 -- "$4" "$work/some")"
}

# ---- what is advertised ----
run '[at 10s]
home = managed-addresses yes, other-configuration yes, advertised-mtu 1400, advertised-hop-limit 33, reachable-time 40s
ha = home-agent-preference 7
[at 10001ms]
home = retransmission-timer 2s, router-lifetime 100s, prefix-valid-lifetime 1000s, prefix-preferred-lifetime 500s
ha = home-agent-lifetime 77s
[at 20s]
home = prefix 2001:db8:11::/64 valid 600s preferred 300s autonomous no
ha = router-address-bit no
[at 25s]
ha = home-agent-bit no
home = withdraw 2001:db8:11::/64, prefix-on-link no for 5s
visited = router-advertisements no
[at 35s]
home = router-advertisement-interval 1s..1s, router-advertisement-gap 100ms
visited = router-advertisements yes'
advertisements home
advertisements visited
between "$work/home.txt" 0 10 'hops=64 flags=H lifetime=15 reachable=0 retransmit=0 2001:db8:1::1/64,LAR,2592000,604800$'
# Told within the interval, however often the operator thinks of something more.
between "$work/home.txt" 10.001 15.001 \
    'hops=33 flags=MOH lifetime=100 reachable=40000 retransmit=2000 2001:db8:1::1/64,LAR,1000,500 mtu=1400 agent=7,77$'
between "$work/home.txt" 20 25 \
    'flags=MOH .* 2001:db8:1::/64,LA,1000,500 2001:db8:11::/64,L,600,300 mtu=1400 agent=7,77$'
between "$work/home.txt" 25 30 'flags=MO .* 2001:db8:1::/64,A,1000,500 mtu=1400$'
between "$work/home.txt" 30 35 'flags=MO .* 2001:db8:1::/64,LA,1000,500 mtu=1400$'
[ "$(awk '$1 >= 36' "$work/home.txt" | wc -l)" -ge 3 ] || fail "the interval stays: $(cat "$work/home.txt")"
# Three at short intervals of a LAN that is quiet otherwise, from the one that begins: RFC 4861, 6.2.4.
awk '$1 >= 25 && $1 < 35' "$work/visited.txt" > "$work/some"
[ "$(wc -l < "$work/some")" -eq 1 ] || fail "a router that ceases: $(cat "$work/some")"
has "$work/some" 'lifetime=0 '
between "$work/visited.txt" 35 40 'lifetime=1 '

# An interval of minutes is no reason to keep a change for oneself.
run '[at 30s]
visited = router-lifetime 1000s
home = router-advertisement-interval 100s..200s
[at 31s]
home = router-lifetime 0s'
advertisements home
between "$work/home.txt" 31 39.9 'lifetime=0 '

# ---- addresses and routes ----
run '[at 10s]
cn = add address 2001:db8:77::7
edge = add route 2001:db8:77::/64 via 2001:db8:f000::1 on edge-cn
[at 12s]
cn = reboot
[at 20s]
cn = remove address 2001:db8:77::7
[at 21s]
cn = reboot
[at 25s]
cn = add default-router fe80::1'
[ ! -s "$work/stderr" ] || lacks_like "$work/stderr" '[Ww]arning|assert'
[ -s "$work/out/flows.csv" ] || fail "no flows"

# ---- nodes and peers ----
# A correspondent that answers no tests any more; one that does not look at sequence numbers; a shorter binding.
run '[at 2s]
mn cn = lifetime 40s
[at 9s]
cn = return-routability no
[at 12s]
mn = attach home
[at 20s]
cn = return-routability yes
[at 22s]
mn = attach visited'
has_like "$work/stderr" 'correspondent registered with cn, .* lifetime 40 s'
awk '$1 >= 12 && $1 < 20 && /cn +Home Test Init discarded/' "$work/stderr" | grep -q . || fail "tests are still answered"
awk '$1 >= 22 && /binding (created|updated) for mn/ && $2 == "cn"' "$work/stderr" | grep -q . || fail "tests are not answered again"

# ---- security associations ----
# Others, at both ends: what comes is opened, by the captures' readers too. None: plainly. Those of before.
run '[at 8s]
mn = ipsec rekey
[at 9s]
mn = attach home
[at 14s]
mn = ipsec off
[at 15s]
mn = attach visited
[at 20s]
mn = ipsec on
[at 21s]
mn = attach home
[at 26s]
mn = ipsec rekey 3des-cbc hmac-sha-256-128 encryption-key 000102030405060708090a0b0c0d0e0f1011121314151617
[at 27s]
mn = attach visited'
updates()
{
    awk -v from="$1" -v to="$2" '$1 >= from && $1 < to && /ha +Binding Update received/ { print / with ESP/ ? "esp" : "plain" }' \
        "$work/stderr" | sort -u | tr '\n' ' '
}
[ "$(updates 9 14)$(updates 15 20)$(updates 21 26)$(updates 27 40)" = 'esp plain esp esp ' ] ||
    fail "under ESP: $(updates 9 14), $(updates 15 20), $(updates 21 26), $(updates 27 40)"
[ "$(grep -c 'home registered with ha' "$work/stderr")" -ge 3 ] || fail "registrations: $(grep registered "$work/stderr")"
has "$work/out/esp_sa" '0x80000000'
has "$work/out/esp_sa" 'TripleDES-CBC [RFC2451]","0x000102030405060708090a0b0c0d0e0f1011121314151617"'

# Indices and keys as a tester has them, from the beginning; one of them is another one later.
run '[at 0s]
mn = ipsec rekey sa1 spi 0x111 encryption-key 000102030405060708090a0b0c0d0e0f sa2 spi 0x112 sa3 spi 0x113 sa4 spi 0x114
[at 8s]
mn = ipsec rekey sa1 spi 0x211 integrity-key 000102030405060708090a0b0c0d0e0f10111213
[at 9s]
mn = attach home
[at 14s]
mn = attach visited'
[ "$(updates 0 8)$(updates 9 13)$(updates 14 40)" = 'esp esp esp ' ] || fail "indices that are given: $(updates 0 40)"
has_like "$work/stderr" '^1[4-9][.].* Home Test received from cn through the tunnel with ESP'
for line in '"0x00000111","AES-CBC [RFC3602]","0x000102030405060708090a0b0c0d0e0f"' '"0x00000112",' '"0x00000114",' \
    '"0x00000211",'; do
    has "$work/out/esp_sa" "$line"
done

# ---- faults ----
run '[fault always]
action = drop
message = HoTI
link = ha-edge
[at 1s]
fault always = off
[at 4s]
ha-access = corrupt the 1st BU, hold-back 300ms all BA, duplicate 2 UDP from cn for 10s
[at 8900ms]
ha-access = mend
[at 9s]
fault always = on
mn = attach home
[at 12s]
mn = attach visited'
has_like "$work/stderr" 'fault at 4s corrupts Binding Update 1'
has_like "$work/stderr" 'fault at 4s delays Binding Acknowledgement 1'
has_like "$work/stderr" 'fault at 4s duplicates UDP 2'
has_like "$work/stderr" 'fault always drops Home Test Init'
[ -z "$(awk '$1 > 8.9 && /fault at 4s/' "$work/stderr")" ] || fail "not mended"
[ -z "$(awk '$1 < 9 && /fault always/' "$work/stderr")" ] || fail "not off"
finish "advertisements, parameters, addresses, associations and faults change as time goes by"
