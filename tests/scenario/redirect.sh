#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two routers on a LAN, a host that takes one of them for its default router: what is behind the other goes by the first until
# its Redirect, and then straight there (RFC 4861, 8). As the log tells it, and as tshark sees it.
set -eu
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

cat > "$work/redirect.ini" << 'INI'
[scenario]
duration = 11500ms
[lan site]
prefix = 2001:db8:1::/64
[lan behind-one]
prefix = 2001:db8:11::/64
[lan behind-two]
prefix = 2001:db8:12::/64
[router one]
attached = site, behind-one
[router two]
attached = site, behind-two
[correspondent-node here]
attached = site
[correspondent-node at-one]
attached = behind-one
[correspondent-node at-two]
attached = behind-two
[flow one]
from = here
to = at-one
start = 5s
interval = 1s
payload = 64B
[flow two]
from = here
to = at-two
start = 5s
interval = 1s
payload = 64B
INI

"$program" run "$work/redirect.ini" --log=debug --pcap --out "$work/out" > "$work/log" 2>&1 || fail "cannot run"
[ "$(grep -c 'Redirect sent' "$work/log")" -eq 1 ] || fail "not one Redirect was sent"
[ "$(grep -c 'here *Redirect received' "$work/log")" -eq 1 ] || fail "nobody received it"
lacks "$work/log" 'Redirect discarded'
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { sent += $at["sent"]; received += $at["received"] } END { exit !(sent > 10 && sent == received) }' \
    "$work/out/flows.csv" || fail "datagrams are missing"

if [ -z "${TSHARK:-}" ]; then
    finish "no tshark: only the log was looked at"
fi

# Frames of the second flow on the LAN: two each until the Redirect, one each from then on.
frames() # filter: how many match
{
    "$TSHARK" -n -r "$work/out/site.pcap" -Y "$1" -T fields -e frame.number 2> /dev/null | wc -l
}
told=$("$TSHARK" -n -r "$work/out/site.pcap" -Y 'icmpv6.type == 137' -T fields -e frame.time_relative 2> /dev/null)
[ -n "$told" ] || fail "there is no Redirect in the capture"
[ "$(frames "_ws.malformed or icmpv6.checksum.status == 0")" -eq 0 ] || fail "tshark finds fault"
right='icmpv6.type == 137 and icmpv6.rd.na.destination_address == 2001:db8:12::2 and icmpv6.opt.linkaddr == 02:00:00:00:00:01'
[ "$(frames "$right")" -eq 1 ] || fail "tshark reads it otherwise"
after=$(frames "udp and not icmpv6 and ipv6.dst == 2001:db8:12::2 and frame.time_relative > $told")
seconds=$(echo "$told" | awk '{ print 12 - int($1) - 1 }')
[ "$after" -eq "$seconds" ] || fail "$after frames in $seconds seconds after the Redirect"
finish "redirected at $told s, $after datagrams straight to the other router"
