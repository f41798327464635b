#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A router between two TAPs, as a conformance tester for IPv6 puts it to the test: what it forwards, and how, and what it says of
what it does not forward (RFC 8200; RFC 4443; RFC 4861, 6.2, 8.2; RFC 4291, 2.6.1; RFC 5095). One line for each case."""
import struct
import sys
import time

import outside
from outside import (ECHO, FRAGMENT, HOP_BY_HOP, ICMPV6, NA, NS, OPTIONS, RA, REDIRECT, REPLY, ROUTING, RS, UDP, Live, echo, icmp_packet, ipv6,
                     kind_of, link_layer, option, options_header, packed, type_2)

LEFT_MAC, RIGHT_MAC = "02:00:00:00:0a:01", "02:00:00:00:0b:01"
LEFT, RIGHT, LEFT_LOCAL = "2001:db8:a::1", "2001:db8:b::1", "fe80::ff:fe00:a01"
WEST, WEST_MAC, EAST, EAST_MAC = "2001:db8:a::99", "02:00:00:00:99:0a", "2001:db8:b::99", "02:00:00:00:99:0b"
ALL_ROUTERS, ALL_ROUTERS_MAC = "ff02::2", "33:33:00:00:00:02"
SCENARIO = """[scenario]
title = A router
duration = 600s
[lan left]
prefix = 2001:db8:a::/64
router-advertisement-reply-delay = 0s
[lan right]
prefix = 2001:db8:b::/64
mtu = 1280
[router r]
attached = left, right
address = %s, %s
mac = %s, %s
dad-transmits = 0
icmp-error-rate = unlimited
""" % (LEFT, RIGHT, LEFT_MAC, RIGHT_MAC)

report = outside.Report()
case = report.case


class Tester(outside.Tester):
    def __init__(self):
        self.right = outside.new_tap()
        super().__init__(Live(SCENARIO, {"left": outside.new_tap(), "right": self.right}), report, LEFT, LEFT_MAC, WEST, ("rs", "ra", "ns"))
        self.live.answers.update({WEST: WEST_MAC, EAST: EAST_MAC, "fe80::99": WEST_MAC})

    def cross(self, packet, source=WEST_MAC, station=LEFT_MAC):
        """(what comes back on the left, what comes out on the right)."""
        self.live.drain(self.right)
        back = self.exchange(packet, station=station, source=source)
        out = [one for one in self.live.read(0.03, self.right) if not one.is_icmp(RA) and not one.is_icmp(NS)]
        return back, out

    def forwards(self, title, packet, changed=None, **rest):
        back, out = self.cross(packet, **rest)
        wanted = changed or packet[:7] + bytes([packet[7] - 1]) + packet[8:]
        case("forwarded: " + title, back == [] and len(out) == 1 and out[0].octets == wanted and out[0].frame[:12] == outside.mac(
            EAST_MAC) + outside.mac(RIGHT_MAC), ([str(one) for one in back], [str(one) for one in out]))

    def refuses(self, title, packet, expected, check=lambda packet: True, **rest):
        back, out = self.cross(packet, **rest)
        case("not forwarded: " + title, [kind_of(one) for one in back] == expected and out == [] and (not expected or bool(check(back[0]))),
             ([str(one) for one in back], [str(one) for one in out]))


def forwarding():
    tester = Tester()
    request = echo(WEST, EAST)
    tester.forwards("an echo request", request)
    tester.forwards("hop limit 2", echo(WEST, EAST, hop_limit=2))
    tester.forwards("traffic class and flow label stay", b"\x6f\xf1\x23\x45" + request[4:])
    tester.forwards("an unknown next header", ipv6(WEST, EAST, 200, b"12345678"))
    tester.forwards("no next header", ipv6(WEST, EAST, 59, b"12345678"))
    body = request[40:]
    for kind in (0x1e, 0x5e, 0x9e, 0xde):
        tester.forwards("destination option 0x%02x, which is not for it" % kind, ipv6(WEST, EAST, OPTIONS, options_header(
            ICMPV6, option(kind, bytes(4))) + body))
    tester.forwards("hop-by-hop option 0x1e", ipv6(WEST, EAST, HOP_BY_HOP, options_header(ICMPV6, option(0x1e, bytes(4))) + body))
    tester.forwards("hop-by-hop padding", ipv6(WEST, EAST, HOP_BY_HOP, options_header(ICMPV6, b"") + body))
    tester.forwards("a routing header of type 0 for somebody else", ipv6(WEST, EAST, ROUTING, type_2(ICMPV6, WEST, kind=0) + body))
    tester.forwards("a type 2 routing header", ipv6(WEST, EAST, ROUTING, type_2(ICMPV6, WEST) + body))
    tester.forwards("fragments, as they are", ipv6(WEST, EAST, FRAGMENT, struct.pack(">BBHI", ICMPV6, 0, 1, 7) + body))
    tester.forwards("a wrong checksum is not its concern", icmp_packet(WEST, EAST, ECHO, 0, b"\0\0\0\1", 64, 0x1234))
    tester.forwards("1280 octets", echo(WEST, EAST, bytes(1280 - 48)))
    tester.forwards("padding of the frame is left behind", echo(WEST, EAST, b"") + bytes(12), echo(WEST, EAST, b"")[:7] + b"\x3f" + echo(
        WEST, EAST, b"")[8:])
    for limit in (0, 1):
        tester.refuses("hop limit %d: time exceeded" % limit, echo(WEST, EAST, hop_limit=limit), [("time exceeded", 0)],
                       lambda packet: packet.source in (LEFT, RIGHT) and packet.destination == WEST)
    tester.refuses("1281 octets: too big", echo(WEST, EAST, bytes(1281 - 48)), [("too big", 1280)])
    tester.refuses("a destination without a route: unreachable", echo(WEST, "2001:db8:ffff::1"), [("unreachable", 0)])
    tester.refuses("a link-local source: beyond scope", echo("fe80::99", EAST), [("unreachable", 2)],
                   lambda packet: packet.destination == "fe80::99")
    for source, what in (("::", "the unspecified address"), ("::1", "loopback"), ("ff02::5", "a group")):
        tester.refuses("source %s: silence" % what, echo(source, EAST), [])
    for destination, what in (("::", "the unspecified address"), ("::1", "loopback"), ("fe80::1234", "a link-local address of somebody else")):
        back, out = tester.cross(echo(WEST, destination))
        case("not forwarded: destination %s" % what, out == [] and all(not one.is_icmp(REPLY) for one in back), [str(one) for one in back])
    for group in ("ff02::5", "ff05::5", "ff0e::5", "ff01::1"):
        back, out = tester.cross(echo(WEST, group), station="33:33:00:00:00:05")
        case("not forwarded: to the group %s" % group, back == [] and out == [], [str(one) for one in back + out])
    tester.refuses("a routing header of type 0 for itself: Parameter Problem", ipv6(WEST, LEFT, ROUTING, type_2(ICMPV6, EAST, kind=0) + body),
                   [("parameter", 0, 42)])
    tester.refuses("a frame for another station", request, [], station="02:00:00:00:77:77")
    tester.refuses("no error about an error", ipv6(WEST, EAST, ICMPV6, outside.icmp(WEST, EAST, 1, 0, bytes(8)), 1), [])
    tester.finish()


def itself():
    tester = Tester()
    for destination, station, source in ((LEFT, LEFT_MAC, LEFT), (RIGHT, LEFT_MAC, RIGHT), (ALL_ROUTERS, ALL_ROUTERS_MAC, None),
                                         ("ff02::1", "33:33:00:00:00:01", None), ("2001:db8:a::", LEFT_MAC, None),
                                         ("2001:db8:b::", LEFT_MAC, None)):
        tester.expect("echo to %s" % destination, echo(WEST, destination, hop_limit=1), [("reply",)],
                      lambda packet, source=source: packet.source in ((source,) if source else (LEFT, RIGHT, LEFT_LOCAL)), station=station)
    group = "ff02::1:ff00:1"
    body = bytes(4) + packed(LEFT) + link_layer(1, WEST_MAC)
    tester.expect("NS: advertised as a router", icmp_packet(WEST, group, NS, 0, body), [("na",)],
                  lambda packet: packet.body[4] & 0xe0 == 0xe0 and packet.body[24:32] == link_layer(2, LEFT_MAC), station="33:33:ff:00:00:01",
                  source=WEST_MAC)
    for source, option_ in (("::", b""), ("fe80::99", link_layer(1, WEST_MAC))):
        tester.live.drain()
        tester.live.send(icmp_packet(source, ALL_ROUTERS, RS, 0, bytes(4) + option_), ALL_ROUTERS_MAC, WEST_MAC)
        packet = tester.live.wait(lambda packet: packet.is_icmp(RA), 4)
        options = {one[0]: one for one in packet.neighbor_options()} if packet else {}
        case("RS from %s: a Router Advertisement with its prefix, on link and autonomous, neither H nor Home Agent Information" % source,
             packet is not None and packet.is_sound() and packet.hop_limit == 255 and packet.source == LEFT_LOCAL and packet.body[5] & 0xe0 == 0
             and packet.word(6) > 0 and options.get(3, bytes(32))[3] & 0xc0 == 0xc0 and options[3][16:24] == packed(LEFT)[:8]
             and options.get(1) == link_layer(1, LEFT_MAC) and 8 not in options, str(packet))
    # RFC 4861, 8.2: a better first hop on the same link.
    other, other_mac = "2001:db8:a::77", "02:00:00:00:99:77"
    tester.live.answers[other] = other_mac
    tester.exchange(echo(WEST, other), source=WEST_MAC)    # it is looked for
    found = tester.exchange(echo(WEST, other), source=WEST_MAC)
    kinds = sorted(kind_of(one)[0] for one in found)
    case("redirect: what goes back to its own link is forwarded, and redirected", kinds == ["echo", "redirect"], kinds)
    for one in found:
        if one.is_icmp(REDIRECT):
            case("redirect: to the source, target and destination the neighbour itself, its link-layer address, the packet", one.destination == WEST
                 and one.source == LEFT_LOCAL and one.hop_limit == 255 and one.body[8:24] == packed(other) and one.body[24:40] == packed(other)
                 and any(part == link_layer(2, other_mac) for part in one.neighbor_options())
                 and any(part[0] == 4 and part[8:48][8:40] == packed(WEST) + packed(other) for part in one.neighbor_options())
                 and len(one.octets) <= 1280, str(one))
    tester.finish()


def nobody_there():
    """RFC 4861, 7.2.2: three solicitations a second apart, then Address Unreachable."""
    tester = Tester()
    begun = time.time()
    tester.live.send(echo(WEST, "2001:db8:b::dead"), LEFT_MAC, WEST_MAC)
    solicited = []
    for packet in tester.live.read(2.5, tester.right):
        if packet.is_icmp(NS) and packet.body[8:24] == packed("2001:db8:b::dead"):
            solicited.append(time.time() - begun)
    packet = tester.live.wait(lambda packet: packet.is_icmp(1), 2)
    case("a neighbour that is not there: three solicitations, a second apart", len(solicited) == 3 and abs(solicited[2] - solicited[0] - 2) < 0.3,
         solicited)
    case("a neighbour that is not there: Address Unreachable after three seconds", packet is not None and packet.body[1] == 3
         and packet.destination == WEST and abs(time.time() - begun - 3) < 0.6, (str(packet), time.time() - begun))
    tester.finish()


outside.enter()
outside.at_once(report, forwarding, itself, nobody_there)
sys.exit(report.end())
