#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A home agent on its link, a TAP, as a conformance tester for RFC 6275 (and RFC 3775 before it) puts it to the test: one line for
each case, what is sent and exactly what must come of it. Outside are the default router of the home link, mobile nodes behind
it and at home, a neighbour, and other home agents.

The cases go by the sections of RFC 6275: 7 (advertisements), 9.2 and 9.5.1 (validation), 10.3 (registrations), 10.4 (packets), 10.5
(discovery), 10.6 (prefixes), 5.1 (ESP, made here with python3-cryptography; without it that part is left out)."""
import hashlib
import hmac
import os
import struct
import sys
import time

import outside
from outside import (A, BU, DHAAD_REQUEST, ECHO, ESP, H, HOTI, ICMPV6, IPV6, K, L, MOBILITY, MPS, NA, NS, OPTIONS, RA, REPLY, RS, Live,
                     binding_update, echo, home_address_option, icmp_packet, ipv6, kind_of, link_layer, mobility, option, packed,
                     prefix_option, test_init)

HA, HA_MAC = "2001:db8:1::1", "02:00:00:00:01:01"
HA_LINK_LOCAL = "fe80::ff:fe00:101"
ROUTER_MAC = "02:00:00:00:99:01"
NEIGHBOR, NEIGHBOR_MAC = "2001:db8:1::99", "02:00:00:00:99:99"
PEER = "2001:db8:77::5"
ANYCAST = "2001:db8:1:0:fdff:ffff:ffff:fffe"
GROUP, LINK_LOCAL = "ff02::100", "fe80::2"
SCENARIO = """[scenario]
title = A home agent
duration = 600s
[lan home]
prefix = 2001:db8:1::/64
router-advertisement-reply-delay = 0s
[lan away]
prefix = 2001:db8:2::/64
[router r]
attached = home, away
external = yes
mac = %s, 02:00:00:00:99:02
address = 2001:db8:1::fe, 2001:db8:2::fe
[home-agent ha]
attached = home
address = %s
mac = %s
home-agent-preference = 10
forwarding = yes
icmp-error-rate = unlimited
binding-error-interval = 0s
%%s
""" % (ROUTER_MAC, HA, HA_MAC)

report = outside.Report()
case = report.case


class Outside:
    """Whose solicitations are answered: everybody's but those of home addresses and of who is not there."""

    def __init__(self):
        self.macs = {NEIGHBOR: NEIGHBOR_MAC, "2001:db8:1::fe": ROUTER_MAC}

    def get(self, address):
        if address in self.macs:
            return self.macs[address]
        home = packed(address)[:8] == packed("2001:db8:1::")[:8]
        return None if home or packed(address)[:15] == packed("fe80::")[:15] else ROUTER_MAC


class Tester(outside.Tester):
    def __init__(self, settings, arguments=()):
        super().__init__(Live(SCENARIO % settings, {"home": outside.new_tap()}, arguments), report, HA, HA_MAC,
                         ignored=("rs", "ra", "ns", "na"))
        self.live.answers = Outside()

    def settle(self):
        """Until it answers: its own addresses have been tested."""
        deadline = time.time() + 5
        while time.time() < deadline:
            self.live.send(self.mark(), HA_MAC)
            if self.live.wait(lambda packet: packet.is_icmp(REPLY), 0.05):
                self.live.drain()
                return self
        raise AssertionError("it does not answer: " + self.live.told())

    def solicit(self, target, source=NEIGHBOR):
        """The advertisements that a solicitation for it brings."""
        group = "ff02::1:ff" + "%02x:%02x%02x" % tuple(packed(target)[13:16])
        body = bytes(4) + packed(target) + (b"" if source == "::" else link_layer(1, NEIGHBOR_MAC))
        found = self.exchange(icmp_packet(source, group, NS, 0, body), station="33:33:ff:%02x:%02x:%02x" % tuple(packed(target)[13:16]),
                              ignored=("rs", "ra", "ns"), source=NEIGHBOR_MAC)
        return [packet for packet in found if packet.is_icmp(NA) and packet.body[8:24] == packed(target)
                and (packet.body[4] & 0x40 or source == "::")]


class Mobile:
    numbers = 0

    def __init__(self, tester, home=None, at_home=False):
        Mobile.numbers += 1
        self.tester = tester
        self.home = home or "2001:db8:1::1:%x" % Mobile.numbers
        self.care_of = self.home if at_home else "2001:db8:2::1:%x" % Mobile.numbers
        self.mac = "02:00:00:00:aa:%02x" % (Mobile.numbers & 255)
        self.sequence = 15

    def message(self, flags=A | H, lifetime=100, sequence=None, alternate=None, options=None, home=None, **rest):
        if sequence is None:
            self.sequence += 1
            sequence = self.sequence
        else:
            self.sequence = sequence
        alternate = self.care_of if alternate is None else alternate
        options = (b"\1\0" + option(3, packed(alternate)) if alternate else b"") if options is None else options
        return binding_update(home or self.home, rest.pop("to", HA), sequence, flags, lifetime, options, **rest)

    def update(self, source=None, home=None, home_option=True, to=HA, **rest):
        source, home = source or self.care_of, home or self.home
        message = self.message(home=home if home_option else source, to=to, **rest)
        if not home_option:
            return ipv6(source, to, MOBILITY, message)
        return ipv6(source, to, OPTIONS, home_address_option(MOBILITY, home) + message)

    def go_home(self):
        """It comes home: it is there, and its solicitations are answered."""
        self.tester.live.answers.macs[self.home] = self.mac

    def echo(self, source=None, home=None):
        home = home or self.home
        return ipv6(source or self.care_of, HA, OPTIONS, home_address_option(ICMPV6, home)
                    + outside.icmp(home, HA, ECHO, 0, b"\0\7\0\1by the binding"))

    def is_bound(self, care_of=None):
        found = self.tester.exchange(self.echo(care_of))
        return (len(found) == 1 and kind_of(found[0]) == ("reply",) and found[0].destination == (care_of or self.care_of)
                and found[0].routed == self.home)

    def is_not_bound(self):
        found = self.tester.exchange(self.echo())
        return len(found) == 1 and kind_of(found[0]) == ("be", 1)

    def bind(self, **rest):
        found = self.tester.exchange(self.update(**rest))
        assert [kind_of(packet) for packet in found] == [("ba", 0)], [str(packet) for packet in found]
        return self

    def is_proxied(self):
        found = self.tester.solicit(self.home)
        return (len(found) == 1 and found[0].body[24:32] == link_layer(2, HA_MAC) and found[0].body[4] & 0xc0 == 0x40
                and found[0].hop_limit == 255 and found[0].destination == NEIGHBOR)


def away(mobile, lifetime=None, sequence=None):
    return lambda packet: (packet.destination == mobile.care_of and packet.routed == mobile.home and packet.source == HA
                           and packet.body[7] & 0x80 == 0 and 5 not in packet.mobility_options()
                           and packet.word(8) == (mobile.sequence if sequence is None else sequence)
                           and (lifetime is None or packet.word(10) == lifetime))


def at_home(mobile, lifetime=None):
    return lambda packet: (packet.destination == mobile.home and packet.routed is None and packet.frame[:6] == outside.mac(mobile.mac)
                           and packet.word(8) == mobile.sequence and (lifetime is None or packet.word(10) == lifetime))


# ---- 7: Router Advertisements ----

def advertisements(tester):
    def good(packet):
        options = {one[0]: one for one in packet.neighbor_options()}
        prefix, information = options.get(3, bytes(32)), options.get(8, bytes(8))
        return (packet.hop_limit == 255 and packet.source == HA_LINK_LOCAL and packet.body[1] == 0 and packet.body[5] & 0x20
                and prefix[2] == 64 and prefix[3] & 0xe0 == 0xe0 and prefix[16:32] == packed(HA)
                and struct.unpack(">HH", information[4:8])[0] == 10 and struct.unpack(">HH", information[4:8])[1] > 0
                and options.get(1) == link_layer(1, HA_MAC) and 7 in options)
    for source, what, body in (("::", "the unspecified address", b""), (LINK_LOCAL, "a host", link_layer(1, NEIGHBOR_MAC))):
        tester.live.drain()
        tester.live.send(icmp_packet(source, "ff02::2", RS, 0, bytes(4) + body), "33:33:00:00:00:02")
        packet = tester.live.wait(lambda packet: packet.is_icmp(RA), 4)
        case("RS from %s: a Router Advertisement with H, R and the home agent's address, Home Agent Information, Advertisement Interval"
             % what, packet is not None and good(packet) and packet.is_sound(), str(packet))
    for title, packet in (
            ("a hop limit of 64", icmp_packet(LINK_LOCAL, "ff02::2", RS, 0, bytes(4), 64)),
            ("code 1", icmp_packet(LINK_LOCAL, "ff02::2", RS, 1, bytes(4))),
            ("a wrong checksum", icmp_packet(LINK_LOCAL, "ff02::2", RS, 0, bytes(4), value=0x1234)),
            ("too short", icmp_packet(LINK_LOCAL, "ff02::2", RS, 0, bytes(2))),
            ("an option of length 0", icmp_packet(LINK_LOCAL, "ff02::2", RS, 0, bytes(4) + bytes([1, 0, 0, 0, 0, 0, 0, 0]))),
            ("source link-layer address from the unspecified address", icmp_packet("::", "ff02::2", RS, 0, bytes(4) + link_layer(
                1, NEIGHBOR_MAC)))):
        tester.expect("RS: %s" % title, packet, [], station="33:33:00:00:00:02", ignored=("rs", "ns", "na"))


# ---- 10.3.1: registrations ----

def registrations(tester):
    mobile = Mobile(tester)
    found = tester.exchange(mobile.update(), ignored=("rs", "ra", "ns"))
    kinds = [kind_of(packet) for packet in found]
    case("BU: accepted: an advertisement to all nodes, then the acknowledgement", kinds == [("na",), ("ba", 0)], kinds)
    if kinds == [("na",), ("ba", 0)]:
        case("BU: the acknowledgement: routing header, number, lifetime, no K", away(mobile, 100)(found[1]), str(found[1]))
        packet = found[0]
        case("BU: the advertisement: target, O alone, link-layer address, from the home agent", packet.destination == "ff02::1"
             and packet.hop_limit == 255 and packet.body[4] & 0xe0 == 0x20 and packet.body[8:24] == packed(mobile.home)
             and packet.body[24:32] == link_layer(2, HA_MAC) and packet.source in (HA, HA_LINK_LOCAL), str(packet))
    case("BU: an echo request by the binding is answered by it", mobile.is_bound())
    case("BU: the home address is answered for", mobile.is_proxied())
    case("BU: its link-local address is not", not tester.solicit("fe80::1:%x" % Mobile.numbers))
    found = tester.solicit(mobile.home, "::")
    case("BU: a test for duplicates finds the home address taken", len(found) == 1 and found[0].destination == "ff02::1"
         and found[0].body[24:32] == link_layer(2, HA_MAC) and found[0].body[4] & 0xc0 == 0, [str(packet) for packet in found])
    unicast = [packet for packet in tester.exchange(icmp_packet(NEIGHBOR, mobile.home, NS, 0, bytes(4) + packed(mobile.home)),
                                                    ignored=("rs", "ra", "ns"), source=NEIGHBOR_MAC) if packet.is_icmp(NA)]
    case("BU: a unicast solicitation for it is answered", len(unicast) >= 1 and any(
        packet.body[4] & 0x40 and packet.body[8:24] == packed(mobile.home) for packet in unicast), [str(p) for p in unicast])
    for title, rest in (("without A: acknowledged all the same", {"flags": H}), ("reserved bits", {"flags": A | H | 0x0fff}),
                        ("K: not granted", {"flags": A | H | K}), ("no Alternate Care-of Address option", {"alternate": ""}),
                        ("an unknown option", {"options": option(200, b"abcdef") + b""}),
                        ("a Binding Refresh Advice option", {"options": option(2, b"\0\5")})):
        mobile = Mobile(tester)
        tester.expect("BU: %s: accepted" % title, mobile.update(**rest), [("ba", 0)], away(mobile, 100))
        case("BU: %s: bound" % title, mobile.is_bound())
    mobile = Mobile(tester)
    other = "2001:db8:22::%x" % Mobile.numbers
    tester.expect("BU: another alternate care-of address: the answer goes to the source", mobile.update(alternate=other), [("ba", 0)],
                  away(mobile))
    case("BU: another alternate care-of address: bound there", mobile.is_bound(other))
    # L: the link-local address too.
    mobile = Mobile(tester)
    link_local = "fe80::1:%x" % Mobile.numbers
    found = tester.exchange(mobile.update(flags=A | H | L), ignored=("rs", "ra", "ns"))
    targets = [packet.body[8:24] for packet in found if packet.is_icmp(NA) and not packet.body[4] & 0x40]
    case("BU: L: both addresses are advertised", packed(mobile.home) in targets and packed(link_local) in targets, targets)
    case("BU: L: the link-local address is answered for", len(tester.solicit(link_local)) == 1)
    tester.live.answers.macs["fe80::99"] = NEIGHBOR_MAC
    tester.expect("BU: L: but nothing sent there goes through the tunnel", echo("fe80::99", link_local), [("unreachable", 3)],
                  source=NEIGHBOR_MAC)
    # 9.5.1: sequence numbers.
    for title, first, second, status in (
            ("15, then 16", 15, 16, 0), ("15, then 32782", 15, 32782, 0), ("15, then 14", 15, 14, 135), ("15, then 15", 15, 15, 135),
            ("15, then 32783", 15, 32783, 135), ("32783, then 32784", 32783, 32784, 0), ("32783, then 14", 32783, 14, 0),
            ("32783, then 32782", 32783, 32782, 135), ("32783, then 32783", 32783, 32783, 135), ("32783, then 15", 32783, 15, 135)):
        for flags in (A | H, H):
            mobile = Mobile(tester).bind(sequence=first)
            before, mobile.care_of = mobile.care_of, "2001:db8:2::2:%x" % Mobile.numbers
            tester.expect("sequence: %s%s" % (title, "" if flags & A else ", without A"), mobile.update(sequence=second, flags=flags),
                          [("ba", status)], away(mobile, sequence=second if status == 0 else first))
            case("sequence: %s: bound %s" % (title, "where it is" if status == 0 else "where it was"),
                 mobile.is_bound() if status == 0 else mobile.is_bound(before) and mobile.is_not_bound())
    for first in (0, 32768, 65535):
        mobile = Mobile(tester)
        tester.expect("sequence: the first is %d" % first, mobile.update(sequence=first), [("ba", 0)], away(mobile))
    for asked in (1, 105, 0xffff):
        mobile = Mobile(tester)
        tester.expect("lifetime: %d asked, not more granted" % asked, mobile.update(lifetime=asked), [("ba", 0)],
                      lambda packet, asked=asked: 0 < packet.word(10) <= asked)
    # 9.5.1: the same kind of registration.
    mobile = Mobile(tester).bind()
    found = tester.exchange(ipv6(mobile.care_of, HA, OPTIONS, home_address_option(MOBILITY, mobile.home) + binding_update(
        mobile.home, HA, mobile.sequence + 1, A, 100, option(4, b"\0\0\0\0"), b"k" * 20, mobile.care_of)))
    case("BU without H, not authorized, where there is a home registration: not accepted", [kind_of(packet) for packet in found] in (
        [], [("ba", 136)], [("ba", 138)], [("ba", 139)]) and mobile.is_bound(), [kind_of(packet) for packet in found])


def refusals(tester):
    def refused(title, expected, mobile=None, check=None, **rest):
        mobile = mobile or Mobile(tester)
        packet = mobile.update(**rest)
        tester.expect("BU: " + title, packet, expected, check or (away(mobile) if expected and expected[0][0] == "ba" else lambda p: True))
        case("BU: %s: no binding" % title, mobile.is_not_bound() and not tester.solicit(mobile.home))

    refused("not of the home subnet: 132", [("ba", 132)], Mobile(tester, "2001:db8:9::9"))
    refused("not of the home subnet, without A: 132", [("ba", 132)], Mobile(tester, "2001:db8:9::10"), flags=H)
    refused("Header Len 0", [("parameter", 0, 65)], length=0)
    refused("Payload Proto 0xff", [("parameter", 0, 64)], proto=0xff)
    refused("a wrong checksum", [], value=0x1234)
    refused("a Nonce Indices option", [], options=option(4, b"\0\1\0\2"))
    for home, what in ((GROUP, "a group"), (LINK_LOCAL, "a link-local address"), ("::", "unspecified")):
        for flags, name in ((A | H, ""), (A | H | L, ", L")):
            refused("home address %s%s" % (what, name), [], home=home, flags=flags)
    for alternate, what in ((GROUP, "a group"), (LINK_LOCAL, "a link-local address"), ("::", "unspecified"), ("::1", "loopback")):
        refused("care-of address %s" % what, [], alternate=alternate)
    refused("from a group", [], source=GROUP)
    refused("care-of address the home agent's own: 174", [("ba", 174)], alternate=HA)
    refused("to the anycast address", [], to=ANYCAST)
    mobile = Mobile(tester, HA)
    tester.expect("BU: home address the home agent's own: 134", mobile.update(), [("ba", 134)], away(mobile))
    mobile = Mobile(tester)
    tester.expect("BU: without Home Address option, from elsewhere: 133", mobile.update(home_option=False), [("ba", 133)],
                  lambda packet: packet.destination == mobile.care_of and packet.routed is None)
    for kind in (8, 99, 255):
        tester.expect("an unknown type (%d)" % kind, ipv6(PEER, HA, MOBILITY, mobility(PEER, HA, kind, bytes(10))), [("be", 2)],
                      lambda packet: packet.destination == PEER and packet.body[8:24] == bytes(16))
    mobile = Mobile(tester).bind()
    tester.expect("an unknown type by a binding: Binding Error to the care-of address", ipv6(mobile.care_of, HA, OPTIONS, home_address_option(
        MOBILITY, mobile.home) + mobility(mobile.home, HA, 99, bytes(10))), [("be", 2)],
        lambda packet: packet.destination == mobile.care_of and packet.routed is None and packet.body[8:24] == packed(mobile.home))
    for title, rest in (("Payload Proto 0xff", {"proto": 0xff}), ("Header Len 0", {"length": 0}), ("a wrong checksum", {"value": 1}),
                        ("a link-local home address", {"home": LINK_LOCAL}), ("a care-of address that is a group", {"alternate": GROUP}),
                        ("a Nonce Indices option", {"options": option(4, b"\0\1\0\2")})):
        tester.exchange(mobile.update(**rest))
        case("BU: %s: the binding that was there stays" % title, mobile.is_bound() and mobile.is_proxied())


# ---- 10.3.2: deregistrations ----

def deregistrations(tester):
    for title, rest, home in (
            ("lifetime 0, away", {"lifetime": 0}, False), ("lifetime 0, away, without A", {"lifetime": 0, "flags": H}, False),
            ("alternate care-of address is the home address, away", {"alternate": "home"}, False),
            ("at home, lifetime 0, Home Address option", {"lifetime": 0}, True),
            ("at home, lifetime 0, no Home Address option", {"lifetime": 0, "home_option": False}, True),
            ("at home, lifetime 0, no options", {"lifetime": 0, "home_option": False, "alternate": ""}, True),
            ("at home, lifetime 0, without A", {"lifetime": 0, "home_option": False, "flags": H}, True),
            ("at home, lifetime not 0, Home Address option", {}, True),
            ("at home, lifetime not 0, no Home Address option", {"home_option": False}, True)):
        mobile = Mobile(tester).bind(flags=A | H | L)
        rest = dict(rest)
        if rest.get("alternate") == "home":
            rest["alternate"] = mobile.home
        before = mobile.care_of
        if home:
            mobile.care_of = mobile.home
            mobile.go_home()
        tester.expect("deregistration: %s" % title, mobile.update(**rest), [("ba", 0)], at_home(mobile, 0) if home else away(mobile, 0),
                      source=mobile.mac if home else ROUTER_MAC)
        mobile.care_of = before
        case("deregistration: %s: no binding" % title, mobile.is_not_bound())
        case("deregistration: %s: neither address is answered for" % title, not tester.solicit(mobile.home)
             and not tester.solicit("fe80::1:%x" % int(mobile.home.rsplit(":", 1)[1], 16)))
        # 10.3.2: a Binding Update that was delayed on its way.
        last = mobile.sequence
        tester.expect("deregistration: %s: an older Binding Update is refused: 135" % title, mobile.update(sequence=last - 1),
                      [("ba", 135)], away(mobile, sequence=last))
    for title, rest, home in (
            ("lifetime 0, away", {"lifetime": 0}, False), ("lifetime 0, away, without A", {"lifetime": 0, "flags": H}, False),
            ("at home, lifetime 0", {"lifetime": 0, "home_option": False}, True),
            ("at home, lifetime 0, Home Address option", {"lifetime": 0}, True),
            ("at home, lifetime not 0, Home Address option", {}, True)):
        mobile = Mobile(tester, at_home=home)
        if home:
            mobile.go_home()
        tester.expect("deregistration of nobody: %s: 133" % title, mobile.update(**rest), [("ba", 133)],
                      at_home(mobile) if home else away(mobile), source=mobile.mac if home else ROUTER_MAC)


# ---- 10.4: packets ----

def packets(tester):
    mobile = Mobile(tester).bind()

    def tunnelled(packet, inner, limit=63):
        return (packet.upper == IPV6 and packet.source == HA and packet.destination == mobile.care_of and packet.routed is None
                and packet.body[:7] == inner[:7] and packet.body[7] in (limit, limit + 1) and packet.body[8:] == inner[8:])
    sent = echo(NEIGHBOR, mobile.home)
    tester.expect("interception: what a neighbour sends goes through the tunnel", sent, [("next header", 41)],
                  lambda packet: tunnelled(packet, sent), source=NEIGHBOR_MAC)
    remote = echo(PEER, mobile.home)
    tester.expect("interception: what comes from afar goes through the tunnel", remote, [("next header", 41)],
                  lambda packet: tunnelled(packet, remote))
    tester.expect("interception: hop limit 1: time exceeded", echo(PEER, mobile.home, hop_limit=1), [("time exceeded", 0)])
    back = echo(mobile.home, PEER)
    tester.expect("reverse tunnel: forwarded", ipv6(mobile.care_of, HA, IPV6, back), [("echo",)],
                  lambda packet: packet.source == mobile.home and packet.destination == PEER and packet.body == back[40:]
                  and packet.hop_limit in (63, 64))
    back = echo(mobile.home, NEIGHBOR)
    tester.expect("reverse tunnel: to a neighbour on the home link", ipv6(mobile.care_of, HA, IPV6, back), [("echo",)],
                  lambda packet: packet.source == mobile.home and packet.frame[:6] == outside.mac(NEIGHBOR_MAC))
    tester.expect("reverse tunnel: to the home agent itself", ipv6(mobile.care_of, HA, IPV6, echo(mobile.home, HA)), [("reply",)],
                  lambda packet: packet.destination == mobile.care_of and packet.routed == mobile.home)
    tester.expect("reverse tunnel: not from the care-of address", ipv6("2001:db8:2::bad", HA, IPV6, echo(mobile.home, PEER)), [])
    tester.expect("reverse tunnel: of a home address without a binding", ipv6(mobile.care_of, HA, IPV6, echo("2001:db8:1::bad", PEER)), [])
    tester.expect("reverse tunnel: of somebody else", ipv6(mobile.care_of, HA, IPV6, echo(PEER, PEER)), [])
    other = Mobile(tester).bind()
    there = echo(mobile.home, other.home)
    tester.expect("from one mobile node to another: through both tunnels", ipv6(mobile.care_of, HA, IPV6, there), [("next header", 41)],
                  lambda packet: packet.destination == other.care_of and packet.body[8:40] == packed(mobile.home) + packed(other.home))
    # 10.4.6, 5.2.5: the tests go through the tunnel.
    test = ipv6(mobile.home, PEER, MOBILITY, test_init(mobile.home, PEER, HOTI, b"COOKIE67"))
    tester.expect("Home Test Init through the tunnel: forwarded", ipv6(mobile.care_of, HA, IPV6, test), [("hoti",)],
                  lambda packet: packet.source == mobile.home and packet.destination == PEER)
    answer = ipv6(PEER, mobile.home, MOBILITY, mobility(PEER, mobile.home, 3, b"\0\1COOKIE67TOKEN678"))
    tester.expect("Home Test to the home address: into the tunnel", answer, [("next header", 41)], lambda packet: tunnelled(packet, answer))
    test = ipv6(mobile.home, HA, MOBILITY, test_init(mobile.home, HA, HOTI, b"COOKIE67"))
    tester.expect("Home Test Init to the home agent itself: the answer goes through the tunnel", ipv6(mobile.care_of, HA, IPV6, test),
                  [("next header", 41)], lambda packet: packet.destination == mobile.care_of and packet.body[40 + 2] == 3)
    # 9.3.1
    tester.expect("Home Address option, from another care-of address", mobile.echo("2001:db8:2::bad"), [("be", 1)])
    tester.expect("an echo request to the home agent from a stranger", echo(PEER, HA), [("reply",)])
    found = tester.exchange(echo(NEIGHBOR, "2001:db8:1::dead:1"), source=NEIGHBOR_MAC)
    case("an address of the home link that nobody serves: not tunnelled", [packet for packet in found if packet.upper == IPV6] == [],
         [str(packet) for packet in found])


# ---- 10.5: discovery ----

def listed(packet):
    return [outside.text(packet.body[at:at + 16]) for at in range(8, len(packet.body), 16)]


def request(identifier, source="2001:db8:2::77"):
    return icmp_packet(source, ANYCAST, DHAAD_REQUEST, 0, struct.pack(">HH", identifier, 0), 64)


def other_home_agent(tester, number, preference, lifetime=1800, flags=0x20, agent_lifetime=None):
    """Another home agent's Router Advertisement."""
    address, station = "2001:db8:1::b%d" % number, "02:00:00:00:b0:%02d" % number
    agent_lifetime = lifetime if agent_lifetime is None else agent_lifetime
    body = (struct.pack(">BBHII", 64, flags, lifetime, 0, 0) + link_layer(1, station) + prefix_option(address, flags=0xe0)
            + struct.pack(">BBHHH", 8, 1, 0, preference, agent_lifetime))
    tester.live.send(icmp_packet("fe80::b%d" % number, "ff02::1", RA, 0, body), "33:33:00:00:00:01", station)
    return address


def discovery(tester):
    def ask(title, expected):
        tester.expect("discovery: " + title, request(0x1234), [("dhaad reply",)], lambda packet: packet.source == HA
                      and packet.destination == "2001:db8:2::77" and packet.word(4) == 0x1234 and packet.word(6) in (0, 0x8000)
                      and listed(packet) == expected)
    ask("it alone", [HA])
    one, two = other_home_agent(tester, 1, 20), other_home_agent(tester, 2, 5)
    ask("others with preference 20 and 5, itself 10", [one, HA, two])
    other_home_agent(tester, 1, 5), other_home_agent(tester, 2, 20)
    ask("preferences change", [two, HA, one])
    other_home_agent(tester, 1, 30)
    ask("both before it", [one, two, HA])
    other_home_agent(tester, 1, 3), other_home_agent(tester, 2, 1)
    ask("both behind it", [HA, one, two])
    other_home_agent(tester, 1, 3, flags=0)
    ask("one without H any more", [HA, two])
    other_home_agent(tester, 2, 1, lifetime=0, agent_lifetime=0)
    ask("the other with lifetime 0", [HA])
    other_home_agent(tester, 3, 50, lifetime=0, agent_lifetime=1)
    ask("a home agent that is no router", ["2001:db8:1::b3", HA])
    time.sleep(1.05)
    ask("its lifetime of 1 s is over", [HA])
    tester.expect("discovery: a wrong checksum", icmp_packet(PEER, ANYCAST, DHAAD_REQUEST, 0, b"\0\7\0\0", 64, 0x1234), [])
    tester.expect("discovery: code 1", icmp_packet(PEER, ANYCAST, DHAAD_REQUEST, 1, b"\0\7\0\0", 64), [])
    tester.expect("discovery: too short", icmp_packet(PEER, ANYCAST, DHAAD_REQUEST, 0, b"\0\7", 64), [])


# ---- 10.6: prefixes ----

def prefixes(tester):
    mobile = Mobile(tester).bind()

    def solicitation(home, identifier=0x4321, code=0, value=None):
        return ipv6(mobile.care_of, HA, OPTIONS, home_address_option(ICMPV6, home) + outside.icmp(
            home, HA, MPS, code, struct.pack(">HH", identifier, 0), value))

    def good(packet):
        found = [one for one in packet.neighbor_options() if one[0] == 3]
        return (packet.destination == mobile.care_of and packet.routed == mobile.home and packet.source == HA
                and packet.word(4) == 0x4321 and len(found) == 1 and found[0][2] == 64 and found[0][3] & 0xe0 == 0xe0
                and found[0][16:32] == packed(HA) and packet.word(6) & 0x3fff == 0)
    tester.expect("prefixes: a solicitation by the binding is answered by it", solicitation(mobile.home), [("mpa",)], good)
    tester.expect("prefixes: without a binding: Binding Error", solicitation("2001:db8:1::dead:2"), [("be", 1)])
    tester.expect("prefixes: without Home Address option", icmp_packet(mobile.care_of, HA, MPS, 0, b"\0\1\0\0", 64), [])
    tester.expect("prefixes: code 1", solicitation(mobile.home, code=1), [])
    tester.expect("prefixes: a wrong checksum", solicitation(mobile.home, value=0x1234), [])


# ---- what takes time ----

def duplicates(tester):
    """10.3.1: home addresses are tested; a second for those of which nobody says anything."""
    quiet, quiet_l, taken, taken_l = (Mobile(tester) for _ in range(4))

    def register(mobile, flags, defended):
        for packet in (mobile.update(flags=flags),):
            tester.live.send(packet, HA_MAC)
        probe = tester.live.wait(lambda packet: packet.is_icmp(NS) and packet.source == "::"
                                 and packet.body[8:24] == packed(defended or mobile.home), 1)
        if defended and probe:
            tester.live.send(icmp_packet(defended, "ff02::1", NA, 0, b"\x20\0\0\0" + packed(defended) + link_layer(2, NEIGHBOR_MAC)),
                             "33:33:00:00:00:01", NEIGHBOR_MAC)
        return probe
    number = lambda mobile: int(mobile.home.rsplit(":", 1)[1], 16)
    for mobile, flags, defended, title in ((taken, A | H, taken.home, "the home address is taken"),
                                           (taken_l, A | H | L, "fe80::1:%x" % number(taken_l), "L, the link-local address is taken")):
        probe = register(mobile, flags, defended)
        case("duplicates: %s: there is a probe" % title, probe is not None and probe.hop_limit == 255)
        answer = tester.live.wait(lambda packet: packet.is_mobility(outside.BA), 1.5)
        case("duplicates: %s: 134" % title, answer is not None and answer.body[6] == 134 and away(mobile)(answer), str(answer))
        case("duplicates: %s: no binding" % title, mobile.is_not_bound())
    probes = [register(quiet, A | H, None), register(quiet_l, A | H | L, None)]
    begun = time.time()
    case("duplicates: nobody has it: there are probes", None not in probes)
    answers = {}
    for packet in tester.live.read(1.5):
        if packet.is_mobility(outside.BA):
            answers[packet.destination] = (packet.body[6], time.time() - begun)
        elif packet.is_icmp(NS) and packet.source == "::":
            probes.append(packet)
    case("duplicates: nobody has it: accepted after a second", all(answers.get(mobile.care_of, (None, 0))[0] == 0 and
         answers[mobile.care_of][1] > 0.8 for mobile in (quiet, quiet_l)), answers)
    case("duplicates: L: both addresses were tested", {packed(quiet_l.home), packed("fe80::1:%x" % number(quiet_l))} <= {
        packet.body[8:24] for packet in probes if packet})
    tester.expect("duplicates: a registration that is there is refreshed at once", quiet.update(), [("ba", 0)], away(quiet))
    case("duplicates: two are bound", quiet.is_bound() and quiet_l.is_bound())


def little_room():
    tester = Tester("home-binding-limit = 1\nhome-address-dad = no\ndad-transmits = 0\nany-home-address = yes").settle()
    brief, late = Mobile(tester).bind(lifetime=1), Mobile(tester)
    begun = time.time()
    tester.expect("no room for another: 130", late.update(), [("ba", 130)], away(late))
    case("no room: the first stays", brief.is_bound() and late.is_not_bound())
    while time.time() < begun + 3.9:
        time.sleep(0.1)
        if time.time() < begun + 3.7 and not brief.is_bound():
            case("a lifetime of 4 s lasts 4 s", False)
    time.sleep(0.2)
    case("a lifetime of 4 s is over after 4 s: no binding, no proxy", brief.is_not_bound() and not tester.solicit(brief.home))
    tester.expect("and there is room again", late.update(), [("ba", 0)], away(late))
    tester.finish()


# ---- 5.1: ESP ----

class Association:
    """RFC 4303 in transport or tunnel mode, with HMAC-SHA1-96; encryption by python3-cryptography."""

    def __init__(self, spi, algorithm, key, integrity):
        self.spi, self.algorithm, self.key, self.integrity, self.sequence = spi, algorithm, key, integrity, 0
        self.block = 8 if algorithm == "3des-cbc" else 16

    def cipher(self, vector):
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        kind = algorithms.TripleDES if self.algorithm == "3des-cbc" else algorithms.AES
        return Cipher(kind(self.key), modes.CBC(vector))

    def protect(self, next_header, payload, sequence=None, good=True):
        self.sequence = self.sequence + 1 if sequence is None else sequence
        gap = -(len(payload) + 2) % self.block
        plain = payload + bytes(range(1, gap + 1)) + bytes([gap, next_header])
        vector = os.urandom(self.block)
        encryptor = self.cipher(vector).encryptor()
        octets = struct.pack(">II", self.spi, self.sequence) + vector + encryptor.update(plain) + encryptor.finalize()
        value = hmac.new(self.integrity, octets, hashlib.sha1).digest()[:12]
        return octets + (value if good else bytes([value[0] ^ 1]) + value[1:])

    def open(self, octets):
        """(next header, payload); None: not authentic."""
        if struct.unpack(">I", octets[:4])[0] != self.spi:
            return None
        if hmac.new(self.integrity, octets[:-12], hashlib.sha1).digest()[:12] != octets[-12:]:
            return None
        decryptor = self.cipher(octets[8:8 + self.block]).decryptor()
        plain = decryptor.update(octets[8 + self.block:-12]) + decryptor.finalize()
        return plain[-1], plain[:-2 - plain[-2]]


def esp(algorithm, key, payload):
    integrity = bytes(range(0x40, 0x54))
    home = "2001:db8:1::2:1"
    tester = Tester("""home-address-dad = no
dad-transmits = 0
[mobile-node mn]
home-agent = ha
home-address = %s
external = yes
ipsec-encryption = %s
ipsec-integrity = hmac-sha1-96
ipsec-encryption-key = %s
ipsec-integrity-key = %s
ipsec-tunnel = %s
""" % (home, algorithm, key.hex(), integrity.hex(), payload), ["--pcap", "all"]).settle()
    spis = [int(line.split('"')[7], 16) for line in open(tester.live.work + "/out/esp_sa", encoding="ascii")]
    to_agent, from_agent, tunnel_to, tunnel_from = (Association(spi, algorithm, key, integrity) for spi in spis[:4])
    mobile = Mobile(tester, home)

    def update(association=to_agent, home=home, source=None, sequence=None, good=True, **rest):
        message = mobile.message(home=home, **rest)
        return ipv6(source or mobile.care_of, HA, OPTIONS, home_address_option(ESP, home) + association.protect(
            MOBILITY, message, sequence, good))

    def opened(packet, association):
        """The packet within, or None."""
        inner = association.open(packet.body) if packet.upper == ESP else None
        if not inner:
            return None
        octets = packet.octets[:40]
        octets = octets[:4] + struct.pack(">H", len(inner[1])) + bytes([inner[0]]) + octets[7:] + inner[1]
        within = outside.Packet(packet.frame[:14] + octets)
        within.routed = packet.routed
        return within if inner[0] == IPV6 or within.is_sound() else None

    def answered(title, packet, association, check, expected=("next header", 50)):
        tester.expect("%s: %s" % (algorithm, title), packet, [expected], lambda answer: check(opened(answer, association)))

    tester.expect("%s: a Binding Update that is not protected: silence" % algorithm, mobile.update(), [])
    tester.expect("%s: a wrong integrity check value: silence" % algorithm, update(good=False), [])
    tester.expect("%s: under the tunnel's association: silence" % algorithm, update(tunnel_to), [])
    tester.expect("%s: another's home address: silence" % algorithm, update(home="2001:db8:1::2:2"), [])
    tester.expect("%s: an unknown SPI: silence" % algorithm, update(Association(0xabcdef, algorithm, key, integrity)), [])
    case("%s: no binding yet" % algorithm, mobile.is_not_bound())
    answered("a Binding Update: accepted, and the acknowledgement protected", update(), from_agent,
             lambda packet: packet and packet.is_mobility(outside.BA) and packet.body[6] == 0 and away(mobile, 100)(packet))
    if payload == "tests":
        case("%s: an echo request by the binding is answered by it" % algorithm, mobile.is_bound())
    tester.expect("%s: an ESP sequence number again: silence" % algorithm, update(sequence=to_agent.sequence), [])
    answered("an old sequence number: 135, protected", ipv6(mobile.care_of, HA, OPTIONS, home_address_option(ESP, home) + to_agent.protect(
                 MOBILITY, mobile.message(sequence=3))), from_agent, lambda packet: packet and packet.body[6] == 135)
    mobile.sequence = 40
    inner = echo(mobile.home, PEER)
    test = ipv6(mobile.home, PEER, MOBILITY, test_init(mobile.home, PEER, HOTI, b"COOKIE67"))
    tester.expect("%s: Home Test Init through the tunnel, protected: forwarded" % algorithm, ipv6(mobile.care_of, HA, ESP, tunnel_to.protect(
        IPV6, test)), [("hoti",)], lambda packet: packet.source == mobile.home and packet.destination == PEER)
    tester.expect("%s: Home Test Init through the tunnel, plain: silence" % algorithm, ipv6(mobile.care_of, HA, IPV6, test), [])
    answer = ipv6(PEER, mobile.home, MOBILITY, mobility(PEER, mobile.home, 3, b"\0\1COOKIE67TOKEN678"))

    def within_tunnel(original):
        def check(packet):
            found = tunnel_from.open(packet.body) if packet.upper == ESP else None
            return found and found[0] == IPV6 and found[1][8:] == original[8:] and packet.destination == mobile.care_of
        return check
    tester.expect("%s: Home Test into the tunnel, protected" % algorithm, answer, [("next header", 50)], within_tunnel(answer))
    if payload == "tests":
        tester.expect("%s: payload through the tunnel, plain: forwarded" % algorithm, ipv6(mobile.care_of, HA, IPV6, inner), [("echo",)])
        arrived = echo(PEER, mobile.home)
        tester.expect("%s: payload into the tunnel, plain" % algorithm, arrived, [("next header", 41)])
    else:
        tester.expect("%s: payload through the tunnel, protected: forwarded" % algorithm, ipv6(mobile.care_of, HA, ESP, tunnel_to.protect(
            IPV6, inner)), [("echo",)])
        tester.expect("%s: payload through the tunnel, plain: silence" % algorithm, ipv6(mobile.care_of, HA, IPV6, inner), [])
        arrived = echo(PEER, mobile.home)
        tester.expect("%s: payload into the tunnel, protected" % algorithm, arrived, [("next header", 50)], within_tunnel(arrived))
    solicitation = outside.icmp(home, HA, MPS, 0, b"\x43\x21\0\0")
    answered("prefix solicitation: answered, protected", ipv6(mobile.care_of, HA, OPTIONS, home_address_option(ESP, home)
             + to_agent.protect(ICMPV6, solicitation)), from_agent,
             lambda packet: packet and packet.is_icmp(outside.MPA) and packet.word(4) == 0x4321)
    tester.expect("%s: prefix solicitation, plain: silence" % algorithm, ipv6(
        mobile.care_of, HA, OPTIONS, home_address_option(ICMPV6, home) + solicitation), [])
    answered("deregistration: accepted, protected", update(lifetime=0), from_agent,
             lambda packet: packet and packet.body[6] == 0 and away(mobile, 0)(packet))
    case("%s: deregistered" % algorithm, mobile.is_not_bound())
    tester.finish()


def tables():
    everything = Tester("home-address-dad = no\ndad-transmits = 0\nany-home-address = yes").settle()
    advertisements(everything)
    registrations(everything)
    refusals(everything)
    deregistrations(everything)
    packets(everything)
    prefixes(everything)
    discovery(everything)
    everything.finish()


def duplicates_of_home_addresses():
    tested = Tester("any-home-address = yes").settle()
    duplicates(tested)
    tested.finish()


def esp_tables():
    try:
        import cryptography
    except ImportError:
        print("without python3-cryptography there is no ESP here")
        return
    del cryptography
    esp("aes-cbc", bytes(range(16)), "tests")
    esp("3des-cbc", bytes(range(0x60, 0x78)), "all")


outside.enter()
outside.at_once(report, tables, duplicates_of_home_addresses, little_room, esp_tables)
sys.exit(report.end())
