#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A mobile node on two TAPs, its home and a visited link, as a conformance tester for RFC 6275 (and RFC 3775 before it) puts it to
the test: routers, home agent and correspondent are here. One line for each case, what is sent and what must come of it.

Each group of cases begins with a mobile node of its own, which is away and has just sent its first Binding Update. The cases go by
the sections of RFC 6275: 11.3 (packets), 11.5 (movement), 11.6 (tests), 11.7 (bindings), 11.8 (retransmissions), 6.4 (routing
header)."""
import hashlib
import json
import struct
import sys
import time

import outside
from outside import (A, BA, BE, BRR, BU, COT, COTI, ECHO, H, HOT, HOTI, ICMPV6, IPV6, K, MOBILITY, MPA, MPS, NA, NS, OPTIONS, RA, REPLY,
                     ROUTING, RS, Live, authenticator, echo, home_address_option, icmp_packet, ipv6, kind_of, link_layer, mobility,
                     option, packed, prefix_option, type_2)

MAC, LINK_LOCAL = "02:00:00:00:0a:01", "fe80::ff:fe00:a01"
HOME, CARE_OF = "2001:db8:1::100", "2001:db8:2::ff:fe00:a01"
HA, HA_MAC, HA_LINK_LOCAL = "2001:db8:1::1", "02:00:00:00:01:01", "fe80::ff:fe00:101"
ROUTER, ROUTER_MAC = "fe80::99", "02:00:00:00:99:01"
CN, STRANGER = "2001:db8:77::5", "2001:db8:77::77"
ALL_NODES, ALL_NODES_MAC = "ff02::1", "33:33:00:00:00:01"
SCENARIO = """[scenario]
title = A mobile node
duration = 600s
[lan home]
prefix = 2001:db8:1::/64
[lan visited]
prefix = 2001:db8:2::/64
[router r]
attached = home, visited
external = yes
[home-agent ha]
attached = home
address = %s
mac = %s
external = yes
[mobile-node mn]
home-agent = ha
home-address = %s
mac = %s
start = visited
ipsec = no
dad-transmits = 0
icmp-error-rate = unlimited
first-registration-timeout = 400ms
%%s
""" % (HA, HA_MAC, HOME, MAC)

report = outside.Report()
case = report.case


class Tester(outside.Tester):
    """The world around it; away, its Binding Update seen and answered with `status`."""

    def __init__(self, settings="", status=0, advertise=True):
        self.home_tap, visited = outside.new_tap(), outside.new_tap()
        super().__init__(Live(SCENARIO % settings, {"visited": visited, "home": self.home_tap}), report, CARE_OF, MAC, STRANGER,
                         ("rs", "ns", "na"))
        self.live.answers[ROUTER] = ROUTER_MAC
        self.sequence, self.update = 0, None
        if advertise:
            self.advertise()
            self.update = self.live.wait(lambda packet: packet.is_mobility(BU))
            assert self.update, "no Binding Update: " + self.live.told()
            if status is not None:
                self.acknowledge(status)

    def advertise(self, prefix="2001:db8:2::", lifetime=1800, options=b""):
        body = struct.pack(">BBHII", 64, 0, lifetime, 0, 0) + link_layer(1, ROUTER_MAC) + prefix_option(prefix) + options
        self.live.send(icmp_packet(ROUTER, ALL_NODES, RA, 0, body), ALL_NODES_MAC, ROUTER_MAC)

    def acknowledgement(self, status=0, sequence=None, lifetime=100, options=b"", source=HA, destination=CARE_OF, home=HOME, routed=True,
                        flags=0, **rest):
        sequence = self.update.word(6) if sequence is None else sequence
        header = mobility(source, home, BA, struct.pack(">BBHH", status, flags, sequence, lifetime) + options, **rest)
        if not routed:
            return ipv6(source, destination, MOBILITY, header)
        return ipv6(source, destination, ROUTING, type_2(MOBILITY, home) + header)

    def acknowledge(self, status=0, **rest):
        self.live.send(self.acknowledgement(status, **rest), MAC)
        return self.exchange()

    def binding(self, peer=HA):
        """(state, seconds left, number) of its registration there."""
        rows = json.loads(self.live.ctl("show", "bindings", "mn", "--json"))
        rows = rows if isinstance(rows, list) else next(value for value in rows.values() if isinstance(value, list))
        for row in rows:
            values = list(row.values())
            if peer in values:
                return row
        return None

    def is_registered(self, peer=HA):
        row = self.binding(peer)
        return row is not None and "bound" in row.values()

    def tunnelled(self, inner, source=HA, destination=CARE_OF):
        return ipv6(source, destination, IPV6, inner)

    def next_update(self, seconds=2.0, to=HA):
        packet = self.live.wait(lambda packet: packet.is_mobility(BU) and packet.destination == to, seconds)
        if packet and to == HA:
            self.update = packet
        return packet


def inner_of(packet):
    """The packet in the tunnel from the care-of address to the home agent; None: it is not in one."""
    if packet.upper != IPV6 or packet.source != CARE_OF or packet.destination != HA:
        return None
    return outside.Packet(packet.frame[:14] + packet.body)


# ---- 11.7.1, 6.1.7: the Binding Update to the home agent ----

def home_registration():
    tester = Tester(advertise=False)
    packet = tester.live.wait(lambda packet: packet.is_icmp(RS), 2)
    case("away: it solicits routers", packet is not None and packet.hop_limit == 255, str(packet))
    tester.advertise()
    packet = tester.next_update()
    options = packet.mobility_options() if packet else {}
    case("BU: from the care-of address to the home agent, Home Address option, checksum with the home address", packet is not None
         and packet.source == CARE_OF and packet.destination == HA and packet.home == HOME and packet.is_sound(), str(packet))
    if packet:
        case("BU: A and H, not K", packet.word(8) & (A | H | K) == A | H, "%04x" % packet.word(8))
        case("BU: a lifetime, of at most the care-of address's", 0 < packet.word(10) <= 450, packet.word(10))
        case("BU: Alternate Care-of Address option, no Nonce Indices, no authorization data", options.get(3) == packed(CARE_OF)
             and 4 not in options and 5 not in options, options)
    # 11.8: again after InitialBindackTimeoutFirstReg, doubled each time, each with a new number.
    times, numbers, begun = [], [packet.word(6)], time.time()
    for _ in range(3):
        packet = tester.next_update(4)
        if packet:
            times.append(time.time() - begun)
            numbers.append(packet.word(6))
    gaps = [later - earlier for earlier, later in zip([0] + times, times)]
    case("BU: sent again after 0.4, 0.8, 1.6 s", len(gaps) == 3 and all(abs(gap - wanted) < 0.3 for gap, wanted in zip(gaps, (0.4, 0.8, 1.6))), gaps)
    case("BU: each with a number of its own, growing", all((after - before) & 0xffff in range(1, 9) for before, after in zip(numbers, numbers[1:])),
         numbers)
    tester.acknowledge()
    case("BA: accepted: registered", tester.is_registered(), tester.binding())
    packet = tester.next_update(1.0)
    case("BA: accepted: no Binding Update again", packet is None, str(packet))
    tester.finish()


# ---- 11.7.3, 9.2: Binding Acknowledgements ----

def acknowledgements():
    for title, rest in (("status 0", {}), ("Reserved fields other than 0", {"flags": 0x7f, "reserved": 0xff}), ("status 1", {"status": 1}),
                        ("status 2", {"status": 2}), ("status 127", {"status": 127}), ("an unknown option", {"options": option(200, b"ab")}),
                        ("K", {"flags": 0x80}), ("Binding Refresh Advice", {"options": option(2, b"\0\x32")})):
        tester = Tester(status=None)
        tester.acknowledge(**rest)
        case("BA: %s: registered" % title, tester.is_registered(), tester.binding())
        tester.live.kill()
    tester = Tester(status=None)
    for title, rest in (("another number", {"sequence": (tester.update.word(6) + 1) & 0xffff}), ("a wrong checksum", {"value": 0x1234}),
                        ("Payload Proto 0xff", {"proto": 0xff}), ("not from the home agent", {"source": CN}),
                        ("somebody else's home address", {"home": "2001:db8:1::bad"}), ("status 135, from a stranger", {"status": 135, "source": CN}),
                        ("Header Len 0", {"length": 0})):
        found = tester.acknowledge(**rest)
        case("BA: %s: not registered" % title, not tester.is_registered(), tester.binding())
        if title in ("Payload Proto 0xff", "Header Len 0"):
            where = 64 if title.startswith("P") else 65
            case("BA: %s: Parameter Problem %d" % (title, where), [kind_of(packet) for packet in found if packet.upper == ICMPV6] == [
                ("parameter", 0, where)], [kind_of(packet) for packet in found])
    tester.acknowledge()
    case("BA: after all those, the right one: registered", tester.is_registered(), tester.binding())
    tester.finish()


def refusals():
    for status in (128, 129, 130, 131, 132, 133, 134, 136, 139, 255):
        tester = Tester(status=None)
        first = tester.update.word(6)
        tester.acknowledge(status)
        case("BA: status %d: not registered" % status, not tester.is_registered(), tester.binding())
        packet = tester.next_update(0.2)
        case("BA: status %d: it does not try again at once with the same number" % status, packet is None or packet.word(6) != first, str(packet))
        tester.live.kill()
    for number in (100, 65535, 40000):
        tester = Tester(status=None)
        tester.acknowledge(135, sequence=number)
        packet = tester.next_update(2.5)
        case("BA: status 135 with number %d: the next Binding Update has a greater one" % number, packet is not None
             and 1 <= (packet.word(6) - number) & 0xffff < 0x8000, packet and packet.word(6))
        tester.live.kill()


def lifetimes():
    tester = Tester(status=None)
    found = next((packet for packet in tester.acknowledge(1) if packet.is_icmp(MPS)), None)
    case("BA: status 1: a Mobile Prefix Solicitation, with a Home Address option", found is not None and found.is_icmp(MPS) and found.home == HOME
         and found.destination == HA and found.source == CARE_OF and found.is_sound(), str(found))
    tester.finish()
    tester = Tester(status=None)
    tester.acknowledge(lifetime=1)
    packet = tester.next_update(4.5)
    case("BA: a lifetime of 4 s: a new Binding Update before it is over", packet is not None, tester.binding())
    tester.finish()


def refresh_advice():
    tester = Tester(status=None)
    tester.acknowledge(options=option(2, b"\0\1"))
    packet = tester.next_update(4.5)
    case("BA: Binding Refresh Advice of 4 s: a new Binding Update by then", packet is not None, tester.binding())
    tester.finish()


# ---- 11.3: packets ----

def packets():
    tester = Tester()

    def through(title, packet, check=lambda inner: inner.is_icmp(REPLY) and inner.destination == CN and inner.source == HOME):
        found = [one for one in tester.exchange(packet) if not one.is_mobility(HOTI) and not one.is_mobility(COTI)]
        inner = [inner_of(one) for one in found]
        inner = [one for one in inner if one and not one.is_mobility(HOTI)]
        case(title, len(inner) == 1 and inner[0].is_sound() and check(inner[0]), [str(one) for one in found])

    def silent(title, packet):
        found = [str(one) for one in tester.exchange(packet) if not one.is_mobility(COTI) and not (inner_of(one) and inner_of(one).is_mobility(HOTI))]
        case(title, found == [], found)
    through("tunnel: an echo request to the home address is answered through it", tester.tunnelled(echo(CN, HOME)))
    silent("tunnel: not from the home agent: silence", tester.tunnelled(echo(CN, HOME), source=CN))
    silent("tunnel: for somebody else: silence", tester.tunnelled(echo(CN, "2001:db8:1::bad")))
    silent("tunnel: for the care-of address: silence", tester.tunnelled(echo(CN, CARE_OF)))
    tester.expect("plain, to the care-of address: answered from there", echo(CN, CARE_OF), [("reply",)],
                  lambda packet: packet.source == CARE_OF and packet.destination == CN and packet.home is None)
    routed = outside.icmp(CN, HOME, ECHO, 0, b"\0\7\0\1by route")
    found = [one for one in tester.exchange(ipv6(CN, CARE_OF, ROUTING, type_2(ICMPV6, HOME) + routed))]
    replies = [one for one in found if one.is_icmp(REPLY) or inner_of(one) and inner_of(one).is_icmp(REPLY)]
    case("type 2 routing header with the home address: answered", len(replies) == 1, [str(one) for one in found])
    for title, header in (("somebody else's home address", type_2(ICMPV6, "2001:db8:1::bad")), ("the care-of address", type_2(ICMPV6, CARE_OF)),
                          ("Segments Left 0", type_2(ICMPV6, HOME, 0)), ("Segments Left 2", type_2(ICMPV6, HOME, 2)),
                          ("a group", type_2(ICMPV6, "ff02::1")), ("a length of 4", type_2(ICMPV6, HOME, length=4) + packed(HOME))):
        silent("type 2 routing header with %s: silence" % title, ipv6(CN, CARE_OF, ROUTING, header + routed))
    found = tester.exchange(ipv6(CN, CARE_OF, ROUTING, type_2(ICMPV6, HOME, kind=0) + routed))
    case("routing header of type 0: Parameter Problem", [kind_of(one) for one in found] == [("parameter", 0, 42)], [str(one) for one in found])
    for kind, name in ((HOT, "Home Test"), (COT, "Care-of Test"), (BRR, "Binding Refresh Request")):
        silent("%s that nobody asked for: silence" % name, tester.tunnelled(ipv6("2001:db8:77::6", HOME, MOBILITY, mobility(
            "2001:db8:77::6", HOME, kind, bytes(18 if kind != BRR else 2)))))
    found = tester.exchange(ipv6("2001:db8:77::6", CARE_OF, MOBILITY, mobility("2001:db8:77::6", CARE_OF, 99, bytes(10))))
    case("an unknown Mobility Header type: Binding Error 2", [kind_of(one) for one in found] == [("be", 2)], [str(one) for one in found])
    tester.finish()


# ---- 11.6, 11.7.2: correspondents ----

class Correspondent:
    """Traffic that began a registration, and its tests."""

    def __init__(self, settings=""):
        self.tester = Tester("binding-error-interval = 0s\n" + settings)
        self.tests = {}
        self.tester.live.send(self.tester.tunnelled(echo(CN, HOME)), MAC)
        for packet in self.tester.live.read(2.0):
            inner = inner_of(packet)
            if inner and inner.is_mobility(HOTI):
                self.tests[HOTI] = inner
            elif packet.is_mobility(COTI):
                self.tests[COTI] = packet
            if len(self.tests) == 2:
                break
        self.tokens = {HOT: b"HOMETOKN", COT: b"CARETOKN"}
        self.indices = {HOT: 17, COT: 18}
        self.kbm = hashlib.sha1(self.tokens[HOT] + self.tokens[COT]).digest()
        self.update = None

    def answer(self, kind, cookie=None, source=CN, tunnel=True, destination=None, reserved=False, **rest):
        init = self.tests[kind - 2]
        destination = destination or (HOME if kind == HOT else CARE_OF)
        body = struct.pack(">H", self.indices[kind]) + (cookie or init.body[8:16]) + self.tokens[kind]
        packet = ipv6(source, destination, MOBILITY, mobility(source, destination, kind, body, reserved=0xff if reserved else 0, **rest))
        return self.tester.tunnelled(packet) if kind == HOT and tunnel else packet

    def tell(self, *packets):
        """After these: the Binding Update to the correspondent, or None."""
        for packet in packets:
            self.tester.live.send(packet, MAC)
        found = self.tester.exchange()
        self.update = next((one for one in found if not isinstance(one, str) and one.is_mobility(BU) and one.destination == CN), None)
        return self.update

    def acknowledgement(self, status=0, sequence=None, lifetime=50, right=True, authorized=True, kbm=None):
        body = struct.pack(">BBHH", status, 0, self.update.word(6) if sequence is None else sequence, lifetime)
        if authorized:
            body += b"\1\4" + bytes(4) + bytes([5, 12]) + bytes(12)
            bare = mobility(CN, HOME, BA, body)
            value = authenticator(kbm or self.kbm, CARE_OF, CN, bare)
            body = body[:-12] + (value if right else bytes(12))
        return ipv6(CN, CARE_OF, ROUTING, type_2(MOBILITY, HOME) + mobility(CN, HOME, BA, body))

    def bind(self):
        self.tell(self.answer(HOT), self.answer(COT))
        assert self.update, "no Binding Update to the correspondent"
        self.tester.exchange(self.acknowledgement())
        return self

    def is_optimized(self):
        """Does what it sends to the correspondent go there, with a Home Address option?"""
        found = self.tester.exchange(ipv6(CN, CARE_OF, ROUTING, type_2(ICMPV6, HOME) + outside.icmp(CN, HOME, ECHO, 0, b"\0\7\0\1xy")))
        direct = [one for one in found if not isinstance(one, str) and one.is_icmp(REPLY) and one.home == HOME and one.source == CARE_OF]
        return len(direct) == 1

    def end(self):
        self.tester.live.kill()


def tests_of_correspondents():
    peer = Correspondent()
    home, care_of = peer.tests.get(HOTI), peer.tests.get(COTI)
    case("HoTI: through the tunnel, from the home address to the correspondent", home is not None and home.source == HOME
         and home.destination == CN and home.is_sound() and home.home is None and len(home.body) == 16, str(home))
    case("CoTI: from the care-of address to the correspondent itself", care_of is not None and care_of.source == CARE_OF
         and care_of.destination == CN and care_of.is_sound() and care_of.home is None and len(care_of.body) == 16, str(care_of))
    case("HoTI, CoTI: cookies of their own", home.body[8:16] != care_of.body[8:16])
    packet = peer.tell(peer.answer(HOT), peer.answer(COT))
    options = packet.mobility_options() if packet else {}
    case("BU to a correspondent: from the care-of address, Home Address option", packet is not None and packet.source == CARE_OF
         and packet.home == HOME and packet.is_sound(), str(packet))
    if packet:
        case("BU to a correspondent: neither H nor K; nonce indices; lifetime of at most 420 s", packet.word(8) & (H | K) == 0
             and options.get(4) == struct.pack(">HH", 17, 18) and 0 < packet.word(10) <= 105, (packet.body[:12].hex(), options))
        case("BU to a correspondent: the authenticator", options.get(5) == authenticator(peer.kbm, CARE_OF, CN, packet.body)
             and packet.body[-14:-12] == b"\5\x0c")
        peer.tester.exchange(peer.acknowledgement())
        case("BA of a correspondent: packets go by the binding", peer.is_optimized())
    peer.end()
    for title, order, good in (
            ("CoT, then HoT", lambda p: (p.answer(COT), p.answer(HOT)), True),
            ("HoT twice, then CoT", lambda p: (p.answer(HOT), p.answer(HOT), p.answer(COT)), True),
            ("CoT twice, then HoT", lambda p: (p.answer(COT), p.answer(COT), p.answer(HOT)), True),
            ("Reserved fields other than 0", lambda p: (p.answer(HOT, reserved=True), p.answer(COT, reserved=True)), True),
            ("HoT with another cookie", lambda p: (p.answer(HOT, cookie=b"nonsense"), p.answer(COT)), False),
            ("CoT with another cookie", lambda p: (p.answer(HOT), p.answer(COT, cookie=b"nonsense")), False),
            ("HoT from another source", lambda p: (p.answer(HOT, source=STRANGER), p.answer(COT)), False),
            ("CoT from another source", lambda p: (p.answer(HOT), p.answer(COT, source=STRANGER)), False),
            ("HoT not through the tunnel", lambda p: (p.answer(HOT, tunnel=False), p.answer(COT)), False),
            ("HoT to the care-of address", lambda p: (p.answer(HOT, tunnel=False, destination=CARE_OF), p.answer(COT)), False),
            ("CoT through the tunnel", lambda p: (p.answer(HOT), p.tester.tunnelled(p.answer(COT, destination=HOME))), False),
            ("HoT with a wrong checksum", lambda p: (p.answer(HOT, value=0x1234), p.answer(COT)), False),
            ("CoT with Payload Proto 0xff", lambda p: (p.answer(HOT), p.answer(COT, proto=0xff)), False),
            ("HoT alone", lambda p: (p.answer(HOT),), False), ("CoT alone", lambda p: (p.answer(COT),), False)):
        peer = Correspondent()
        packet = peer.tell(*order(peer))
        case("tests: %s: %s" % (title, "a Binding Update" if good else "none"), (packet is not None) == good, str(packet))
        if not good and "alone" not in title and "twice" not in title:
            packet = peer.tell(peer.answer(HOT), peer.answer(COT))
            case("tests: %s: the right ones still count" % title, packet is not None)
        peer.end()


def tests_again():
    """11.8: tests are sent again after a second."""
    peer = Correspondent()
    begun, again = time.time(), {}
    for packet in peer.tester.live.read(1.5):
        inner = inner_of(packet)
        if inner and inner.is_mobility(HOTI):
            again.setdefault(HOTI, time.time() - begun)
        elif packet.is_mobility(COTI):
            again.setdefault(COTI, time.time() - begun)
    case("HoTI, CoTI: sent again after a second", set(again) == {HOTI, COTI} and all(0.7 < at < 1.4 for at in again.values()), again)
    peer.end()
    tester = Tester()
    found = tester.exchange(tester.tunnelled(echo(HA, HOME)))
    tests = [one for one in found if one.is_mobility(COTI) or inner_of(one) and inner_of(one).is_mobility(HOTI)]
    case("traffic of the home agent's own begins no tests", tests == [], [str(one) for one in tests])
    tester.exchange(ipv6(CN, CARE_OF, ROUTING, type_2(ICMPV6, HOME) + outside.icmp(CN, HOME, 129, 0, b"\0\7\0\1")))
    tester.live.kill()
    tester = Tester("other-correspondents = never")
    found = tester.exchange(tester.tunnelled(echo(CN, HOME)))
    tests = [one for one in found if one.is_mobility(COTI) or inner_of(one) and inner_of(one).is_mobility(HOTI)]
    case("route optimization switched off: no tests", tests == [], [str(one) for one in tests])
    tester.live.kill()


def acknowledgements_of_correspondents():
    for title, rest in (("a wrong authenticator", {"right": False}), ("no authorization data", {"authorized": False}),
                        ("another number", {"sequence": 9999}), ("status 135, a wrong authenticator", {"status": 135, "right": False})):
        peer = Correspondent()
        peer.tell(peer.answer(HOT), peer.answer(COT))
        first = peer.update
        peer.tester.exchange(peer.acknowledgement(**rest))
        packet = peer.tester.live.wait(lambda packet: packet.is_mobility(BU) and packet.destination == CN, 1.5)
        case("BA of a correspondent: %s: ignored, the update sent again" % title, packet is not None and packet.word(6) != first.word(6), str(packet))
        peer.end()


def refusals_of_correspondents():
    for status in (128, 129, 130):
        peer = Correspondent()
        peer.tell(peer.answer(HOT), peer.answer(COT))
        peer.tester.exchange(peer.acknowledgement(status))
        case("BA of a correspondent: status %d: not by a binding" % status, not peer.is_optimized())
        peer.end()
    for status in (136, 137, 138):
        peer = Correspondent()
        peer.tell(peer.answer(HOT), peer.answer(COT))
        peer.tester.live.drain()
        peer.tester.live.send(peer.acknowledgement(status, authorized=False), MAC)
        seen = set()
        for packet in peer.tester.live.read(1.6):
            inner = inner_of(packet)
            if inner and inner.is_mobility(HOTI):
                seen.add(HOTI)
            elif packet.is_mobility(COTI):
                seen.add(COTI)
            if len(seen) == 2:
                break
        wanted = {136: {HOTI}, 137: {COTI}, 138: {HOTI, COTI}}[status]
        case("BA of a correspondent: status %d: tested again" % status, wanted <= seen, seen)
        peer.end()
    peer = Correspondent()
    peer.tell(peer.answer(HOT), peer.answer(COT))
    peer.tester.exchange(peer.acknowledgement(135, sequence=500))
    packet = peer.tester.live.wait(lambda packet: packet.is_mobility(BU) and packet.destination == CN, 2)
    case("BA of a correspondent: status 135 with number 500: the next one is greater", packet is not None and packet.word(6) > 500, str(packet))
    peer.end()


def trouble_with_correspondents():
    peer = Correspondent().bind()
    case("bound: packets go by the binding", peer.is_optimized())
    peer.tester.live.drain()
    error = ipv6(CN, CARE_OF, MOBILITY, mobility(CN, CARE_OF, BE, b"\1\0" + packed(HOME)))
    peer.tester.live.send(error, MAC)
    found = peer.tester.exchange()
    case("Binding Error 1: packets go through the tunnel again", not peer.is_optimized(), [str(one) for one in found])
    peer.end()
    peer = Correspondent().bind()
    for title, packet in (("from a stranger", ipv6(STRANGER, CARE_OF, MOBILITY, mobility(STRANGER, CARE_OF, BE, b"\1\0" + packed(HOME)))),
                          ("about somebody else's home address", ipv6(CN, CARE_OF, MOBILITY, mobility(CN, CARE_OF, BE, b"\1\0" + packed(
                              "2001:db8:1::bad")))),
                          ("with a wrong checksum", ipv6(CN, CARE_OF, MOBILITY, mobility(CN, CARE_OF, BE, b"\1\0" + packed(HOME), value=0x1234)))):
        peer.tester.exchange(packet)
        case("Binding Error 1 %s: ignored" % title, peer.is_optimized())
    peer.tester.live.drain()
    peer.tester.live.send(peer.tester.tunnelled(ipv6(CN, HOME, MOBILITY, mobility(CN, HOME, BRR, bytes(2)))), MAC)
    seen = set()
    for packet in peer.tester.live.read(1.5):
        inner = inner_of(packet)
        seen.add(HOTI if inner and inner.is_mobility(HOTI) else packet.body[2] if packet.upper == MOBILITY else None)
        if HOTI in seen or BU in seen:
            break
    case("Binding Refresh Request: tests or an update", bool(seen & {HOTI, COTI, BU}), seen)
    peer.end()
    peer = Correspondent()
    home = peer.tests[HOTI]
    error = icmp_packet(CN, HOME, 4, 1, struct.pack(">I", 6) + ipv6(HOME, CN, MOBILITY, home.body))
    peer.tester.exchange(peer.tester.tunnelled(error))
    packet = peer.tester.live.wait(lambda packet: packet.is_mobility(COTI) or bool(inner_of(packet) and inner_of(packet).is_mobility(HOTI)), 1.4)
    case("Parameter Problem 1 about a Home Test Init: no tests with that correspondent any more", packet is None, str(packet))
    peer.end()


# ---- 11.5: home again ----

def returning():
    tester = Tester()
    tester.live.answers[HA] = HA_MAC
    tester.live.answers[HA_LINK_LOCAL] = HA_MAC
    tester.live.ctl("attach", "mn", "home")
    body = (struct.pack(">BBHII", 64, 0x20, 1800, 0, 0) + link_layer(1, HA_MAC) + prefix_option(HA, flags=0xe0)
            + struct.pack(">BBHHH", 8, 1, 0, 0, 1800))
    tester.live.send(icmp_packet(HA_LINK_LOCAL, ALL_NODES, RA, 0, body), ALL_NODES_MAC, HA_MAC, tester.home_tap)
    before = []
    packet = None
    for one in tester.live.read(3, tester.home_tap):
        if one.is_mobility(BU):
            packet = one
            break
        before.append(one)
    case("home: a Binding Update to the home agent, lifetime 0, A and H, from the home address", packet is not None and packet.source == HOME
         and packet.destination == HA and packet.word(10) == 0 and packet.word(8) & (A | H) == A | H and packet.is_sound()
         and packet.frame[:6] == outside.mac(HA_MAC), str(packet))
    early = [one for one in before if one.is_icmp(NS) and one.source == "::" and one.body[8:24] == packed(HOME)]
    case("home: no test for duplicates of the home address", early == [], [str(one) for one in early])
    early = [one for one in before if one.is_icmp(NA) and one.body[8:24] == packed(HOME)]
    case("home: the home address is not advertised before the answer", early == [], [str(one) for one in early])
    if packet:
        header = mobility(HA, HOME, BA, struct.pack(">BBHH", 0, 0, packet.word(6), 0))
        tester.live.send(ipv6(HA, HOME, MOBILITY, header), MAC, HA_MAC, tester.home_tap)
        advertisement = tester.live.wait(lambda packet: packet.is_icmp(NA) and packet.body[8:24] == packed(HOME), 1.5, tester.home_tap)
        case("home: then it is, to all nodes, O", advertisement is not None and advertisement.destination == ALL_NODES
             and advertisement.body[4] & 0x60 == 0x20 and advertisement.body[24:32] == link_layer(2, MAC), str(advertisement))
        tester.live.send(echo("2001:db8:1::99", HOME), MAC, "02:00:00:00:99:99", tester.home_tap)
        tester.live.answers["2001:db8:1::99"] = "02:00:00:00:99:99"
        reply = tester.live.wait(lambda packet: packet.is_icmp(REPLY), 1, tester.home_tap)
        case("home: an echo request to the home address is answered plainly", reply is not None and reply.source == HOME and reply.home is None,
             str(reply))
        tester.live.send(icmp_packet("2001:db8:1::99", HOME, NS, 0, bytes(4) + packed(HOME) + link_layer(1, "02:00:00:00:99:99")), MAC,
                         "02:00:00:00:99:99", tester.home_tap)
        answer = tester.live.wait(lambda packet: packet.is_icmp(NA) and packet.body[4] & 0x40, 1, tester.home_tap)
        case("home: a solicitation for the home address is answered", answer is not None and answer.body[8:24] == packed(HOME), str(answer))
    tester.finish()


outside.enter()
outside.at_once(report, home_registration, acknowledgements, refusals, lifetimes, refresh_advice, packets, tests_of_correspondents, tests_again,
                acknowledgements_of_correspondents, refusals_of_correspondents, trouble_with_correspondents, returning)
sys.exit(report.end())
