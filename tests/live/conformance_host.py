#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A host on a TAP, as a conformance tester for IPv6 puts it to the test: RFC 8200 (headers, options, fragments), RFC 4443 (errors,
echo), RFC 4861 (Neighbor Discovery), RFC 4862 (addresses, duplicates), RFC 5095 (routing header 0). One line for each case,
what is sent and exactly what must come of it, answers and silence.

The host forms its addresses by itself, from the advertisements of a router outside."""
import json
import struct
import subprocess
import sys
import time

import outside
from outside import (ECHO, FRAGMENT, HOP_BY_HOP, ICMPV6, NA, NONE, NS, OPTIONS, RA, REDIRECT, REPLY, ROUTING, RS, TOO_BIG, UDP, Live, echo,
                     icmp_packet, ipv6, kind_of, link_layer, option, options_header, packed, prefix_option, type_2)

MAC = "02:00:00:00:03:01"
LINK_LOCAL, HOST = "fe80::ff:fe00:301", "2001:db8:3::ff:fe00:301"
ROUTER, ROUTER_MAC = "fe80::99", "02:00:00:00:99:01"
BETTER, BETTER_MAC = "fe80::98", "02:00:00:00:98:01"
NEIGHBOR, NEIGHBOR_MAC = "2001:db8:3::55", "02:00:00:00:55:01"
PEER = "2001:db8:77::5"
ALL_NODES, ALL_NODES_MAC = "ff02::1", "33:33:00:00:00:01"
SCENARIO = """[scenario]
title = A host
duration = 600s
[lan net]
prefix = 2001:db8:3::/64
[router r]
attached = net
external = yes
[host h]
attached = net
address = 2001:db8:3::1
autoconfiguration = yes
mac = %s
%%s
""" % MAC

report = outside.Report()
case = report.case


class Tester(outside.Tester):
    def __init__(self, settings="icmp-error-rate = unlimited\ndad-transmits = 0"):
        super().__init__(Live(SCENARIO % settings, {"net": outside.new_tap()}), report, HOST, MAC, ignored=("rs", "ns"))
        self.live.answers.update({ROUTER: ROUTER_MAC, BETTER: BETTER_MAC})

    def advertise(self, options=None, lifetime=1800, hop_limit=64, source=ROUTER, station=ROUTER_MAC, limit=255, code=0, reachable=0,
                  retransmission=0, value=None, cut=None, destination=ALL_NODES):
        if options is None:
            options = link_layer(1, station) + prefix_option("2001:db8:3::")
        body = struct.pack(">BBHII", hop_limit, 0, lifetime, reachable, retransmission) + options
        self.live.send(icmp_packet(source, destination, RA, code, body[:cut], limit, value), ALL_NODES_MAC, station)

    def reaches(self, destination=PEER):
        """Does an echo request from afar, to its static address, have an answer? So it has a default router."""
        self.live.send(echo(destination, "2001:db8:3::1", b"reached?"), MAC)
        packet = self.live.wait(lambda packet: packet.is_icmp(REPLY) and packet.destination == destination, 0.1)
        return packet

    def addresses(self):
        rows = json.loads(self.live.ctl("show", "addresses", "h", "--json"))
        return rows

    def neighbour(self, address):
        """(state, station, router) of an entry; None: there is none."""
        for row in rows_of(json.loads(self.live.ctl("show", "neighbours", "h", "--json"))):
            if row["address"] == address:
                return row["state"], row["station"], row["router"] in ("yes", True, "true")
        return None


def rows_of(answer):
    if isinstance(answer, dict):
        return next(value for value in answer.values() if isinstance(value, list))
    return answer


def solicited_node(address):
    tail = packed(address)[13:]
    return outside.text(packed("ff02::1:ff00:0")[:13] + tail), "33:33:ff:%02x:%02x:%02x" % tuple(tail)


# ---- RFC 4861, 6.1.2, 6.3: routers; RFC 4862: addresses ----

def routers():
    tester = Tester()
    packet = tester.live.wait(lambda packet: packet.is_icmp(RS), 2)
    case("RS: it solicits routers, from its link-local address or none", packet is not None and packet.hop_limit == 255
         and packet.destination == "ff02::2" and packet.is_sound()
         and (packet.source == "::" and len(packet.body) == 8 or packet.source == LINK_LOCAL and packet.body[8:] == link_layer(1, MAC)),
         str(packet))
    for title, change in (
            ("a hop limit of 254", {"limit": 254}), ("code 1", {"code": 1}), ("a wrong checksum", {"value": 0x1234}),
            ("from a global address", {"source": "2001:db8:3::99"}), ("too short", {"cut": 8}),
            ("an option of length 0", {"options": bytes(8)}), ("an option beyond the packet", {"options": b"\1\2\0\0\0\0\0\0"}),
            ("router lifetime 0", {"lifetime": 0})):
        tester.advertise(**change)
        case("RA: %s: no router" % title, tester.reaches() is None)
    for title, prefix in (("without A", prefix_option("2001:db8:5::", flags=0x80)),
                          ("a length of 60", prefix_option("2001:db8:6::", 60)),
                          ("preferred longer than valid", prefix_option("2001:db8:7::", valid=10, preferred=20)),
                          ("valid lifetime 0", prefix_option("2001:db8:8::", valid=0, preferred=0)),
                          ("a group", prefix_option("ff02::"))):
        tester.advertise(link_layer(1, ROUTER_MAC) + prefix)
        formed = outside.text(prefix[16:24] + packed(LINK_LOCAL)[8:])
        tester.live.send(echo(PEER, formed), MAC)
        case("RA: %s: no address" % title, tester.live.wait(lambda packet: packet.is_icmp(REPLY), 0.05) is None)
    tester.advertise(hop_limit=77)
    packet = tester.reaches()
    case("RA: a good one: a default router, and its hop limit", packet is not None and packet.hop_limit == 77
         and packet.frame[:6] == outside.mac(ROUTER_MAC), str(packet))
    tester.expect("RA: a good one: an address of its prefix", echo(PEER, HOST), [("reply",)], lambda packet: packet.source == HOST)
    tester.advertise(hop_limit=0)
    packet = tester.reaches()
    case("RA: hop limit unspecified: it stays", packet is not None and packet.hop_limit == 77, str(packet))
    tester.advertise(link_layer(1, ROUTER_MAC) + option(200, bytes(6))[:1] + b"\1" + bytes(6), hop_limit=64)
    packet = tester.reaches()
    case("RA: an unknown option is skipped", packet is not None and packet.hop_limit == 64, str(packet))
    # MTU
    for mtu, cut in ((1000, False), (1501, False), (1280, True)):
        tester.advertise(link_layer(1, ROUTER_MAC) + struct.pack(">BBHI", 5, 1, 0, mtu))
        found = tester.exchange(echo(PEER, HOST, bytes(1400)))
        case("RA: MTU %d is %s" % (mtu, "heeded" if cut else "ignored"), bool(found) and all(len(packet.octets) <= 1280 for packet in found)
             == cut, [len(packet.octets) for packet in found])
    tester.advertise(link_layer(1, ROUTER_MAC) + struct.pack(">BBHI", 5, 1, 0, 1500))
    # RFC 4862, 5.5.3 e: the remaining lifetime is not shortened to less than two hours.
    tester.advertise(link_layer(1, ROUTER_MAC) + prefix_option("2001:db8:3::", valid=1, preferred=0))
    time.sleep(1.1)
    tester.expect("RA: a valid lifetime of 1 s does not end an address that has an hour", echo(PEER, HOST), [("reply",)])
    # On link or not
    tester.advertise(link_layer(1, ROUTER_MAC) + prefix_option("2001:db8:44::", flags=0x40))
    found = tester.exchange(echo("2001:db8:44::77", HOST))
    case("RA: a prefix without L is not on link: by way of the router", len(found) == 1 and found[0].frame[:6] == outside.mac(ROUTER_MAC), found)
    tester.advertise()
    tester.live.drain()
    tester.live.send(echo("2001:db8:3::66", HOST), MAC)
    packet = tester.live.wait(lambda packet: packet.is_icmp(NS) and packet.body[8:24] == packed("2001:db8:3::66"), 0.5)
    case("RA: a prefix with L is on link: it looks for the neighbour there", packet is not None and packet.hop_limit == 255
         and packet.destination == solicited_node("2001:db8:3::66")[0] and packet.body[24:32] == link_layer(1, MAC)
         and packet.frame[:6] == outside.mac(solicited_node("2001:db8:3::66")[1]), str(packet))
    tester.advertise(lifetime=0)
    case("RA: router lifetime 0: it is no default router any more", tester.reaches() is None)
    tester.advertise()
    return tester


# ---- RFC 4861, 7.2: neighbours ----

def solicitations(tester):
    group, station = solicited_node(HOST)

    def body(target=HOST, source=True):
        return bytes(4) + packed(target) + (link_layer(1, NEIGHBOR_MAC) if source else b"")

    def advert(flags, destination, target=HOST):
        return lambda packet: (packet.destination == destination and packet.body[4] & 0xe0 == flags and packet.hop_limit == 255
                               and packet.body[8:24] == packed(target) and packet.body[24:32] == link_layer(2, MAC)
                               and packet.body[5:8] == bytes(3))

    def ask(title, packet, expected, check=lambda packet: True, to=station):
        tester.expect("NS: " + title, packet, expected, check, station=to, source=NEIGHBOR_MAC)
    for target, source in ((HOST, NEIGHBOR), (LINK_LOCAL, "fe80::55"), ("2001:db8:3::1", NEIGHBOR), (LINK_LOCAL, NEIGHBOR)):
        to, to_mac = solicited_node(target)
        ask("to the group, for %s, from %s: advertised, S and O" % (target, source), icmp_packet(source, to, NS, 0, body(target)),
            [("na",)], advert(0x60, source, target), to_mac)
    ask("to the address itself", icmp_packet(NEIGHBOR, HOST, NS, 0, body()), [("na",)], advert(0x60, NEIGHBOR), MAC)
    ask("without source link-layer address, to the address itself", icmp_packet(NEIGHBOR, HOST, NS, 0, body(source=False)), [("na",)],
        lambda packet: packet.body[4] & 0xe0 == 0x60, MAC)
    ask("a test for duplicates: advertised to all nodes, O alone", icmp_packet("::", group, NS, 0, body(source=False)), [("na",)],
        advert(0x20, ALL_NODES))
    ask("reserved octets, unknown option", icmp_packet(NEIGHBOR, group, NS, 0, b"\xff" * 4 + packed(HOST) + b"\xc8\1" + bytes(6)
                                                       + link_layer(1, NEIGHBOR_MAC)), [("na",)], advert(0x60, NEIGHBOR))
    for title, packet in (
            ("for somebody else", icmp_packet(NEIGHBOR, group, NS, 0, body("2001:db8:3::1:ff00:301"))),
            ("for a group", icmp_packet(NEIGHBOR, group, NS, 0, body(ALL_NODES))),
            ("a hop limit of 254", icmp_packet(NEIGHBOR, group, NS, 0, body(), 254)),
            ("code 1", icmp_packet(NEIGHBOR, group, NS, 1, body())),
            ("a wrong checksum", icmp_packet(NEIGHBOR, group, NS, 0, body(), value=0x1234)),
            ("too short", icmp_packet(NEIGHBOR, group, NS, 0, body()[:18])),
            ("an option of length 0", icmp_packet(NEIGHBOR, group, NS, 0, bytes(4) + packed(HOST) + bytes(8))),
            ("from nobody, with a link-layer address", icmp_packet("::", group, NS, 0, body())),
            ("from nobody, to all nodes", icmp_packet("::", ALL_NODES, NS, 0, body(source=False)))):
        ask("%s: silence" % title, packet, [], to=ALL_NODES_MAC if "all nodes" in title else station)
    # The cache (appendix C): what is there, and what an advertisement makes of it.
    number = 0x100
    other = "02:00:00:00:55:99"
    for before in ("none", "incomplete", "stale"):
        for flags in (0x00, 0x20, 0x40, 0x60):
            for given in (NEIGHBOR_MAC, other, None):
                number += 1
                address = "2001:db8:3::%x" % number
                if before == "incomplete":      # its queued packet goes out as soon as there is a station: stale is delay then
                    tester.live.send(echo(address, HOST), MAC)
                    after = ("reachable" if flags & 0x40 else "delay", given) if given else ("incomplete", "-")
                elif before == "stale":         # and has been answered: delay
                    tester.live.send(icmp_packet(address, group, NS, 0, body()), station, NEIGHBOR_MAC)
                    if given == other and not flags & 0x20:
                        after = ("delay", NEIGHBOR_MAC)
                    else:
                        after = ("reachable" if flags & 0x40 else "stale" if given == other else "delay", given or NEIGHBOR_MAC)
                else:
                    after = None
                tester.live.send(icmp_packet(address, HOST, NA, 0, bytes([flags, 0, 0, 0]) + packed(address) + (
                    link_layer(2, given) if given else b"")), MAC, NEIGHBOR_MAC)
                tester.exchange()
                found = tester.neighbour(address)
                case("NA: %s, S=%d O=%d, %s: %s" % (before, bool(flags & 0x40), bool(flags & 0x20), {
                    NEIGHBOR_MAC: "its link-layer address", other: "another link-layer address", None: "no link-layer address"}[given],
                    "no entry" if after is None else after[0]), found is None if after is None else found is not None
                     and found[0] == after[0] and (found[1] == after[1] or found[0] == "incomplete"), found)
    address = "2001:db8:3::600"
    tester.live.send(echo(address, HOST), MAC)
    for title, packet in (
            ("a hop limit of 254", icmp_packet(address, HOST, NA, 0, b"\x60\0\0\0" + packed(address) + link_layer(2, NEIGHBOR_MAC), 254)),
            ("code 1", icmp_packet(address, HOST, NA, 1, b"\x60\0\0\0" + packed(address) + link_layer(2, NEIGHBOR_MAC))),
            ("a wrong checksum", icmp_packet(address, HOST, NA, 0, b"\x60\0\0\0" + packed(address) + link_layer(2, NEIGHBOR_MAC),
                                             value=0x1234)),
            ("too short", icmp_packet(address, HOST, NA, 0, b"\x60\0\0\0" + packed(address)[:8])),
            ("for a group", icmp_packet(address, HOST, NA, 0, b"\x60\0\0\0" + packed(ALL_NODES) + link_layer(2, NEIGHBOR_MAC))),
            ("S, to a group", icmp_packet(address, ALL_NODES, NA, 0, b"\x60\0\0\0" + packed(address) + link_layer(2, NEIGHBOR_MAC))),
            ("an option of length 0", icmp_packet(address, HOST, NA, 0, b"\x60\0\0\0" + packed(address) + bytes(8)))):
        tester.exchange(packet)
        found = tester.neighbour(address)
        case("NA: %s: no good" % title, found is not None and found[0] == "incomplete", found)
    # What it has kept for a neighbour goes when there is an answer.
    address = "2001:db8:3::700"
    tester.live.drain()
    for sequence in (1, 2, 3):
        tester.live.send(echo(address, HOST, sequence=sequence), MAC)
    tester.live.send(icmp_packet(address, HOST, NA, 0, b"\x60\0\0\0" + packed(address) + link_layer(2, NEIGHBOR_MAC)), MAC, NEIGHBOR_MAC)
    kept = [packet.word(6) for packet in tester.live.read(0.2) if packet.is_icmp(REPLY) and packet.destination == address]
    case("what waits for a neighbour's answer goes out, the newest in any case", 3 in kept and kept == sorted(kept), kept)
    # IsRouter going from true to false: no default router any more.
    tester.live.send(icmp_packet(ROUTER, LINK_LOCAL, NA, 0, b"\x20\0\0\0" + packed(ROUTER) + link_layer(2, ROUTER_MAC)), MAC, ROUTER_MAC)
    case("NA: a router that says it is none is no default router", tester.reaches() is None)
    tester.advertise()


# ---- RFC 4861, 8: redirects ----

def redirects(tester):
    number = 0x900

    def redirect(source=ROUTER, target=BETTER, destination=None, limit=255, code=0, value=None, options=None, cut=None):
        body = bytes(4) + packed(target) + packed(destination) + (link_layer(2, BETTER_MAC) if options is None else options)
        return icmp_packet(source, HOST, REDIRECT, code, body[:cut], limit, value)

    def goes_to(destination):
        found = tester.exchange(echo(destination, HOST))
        return ":".join("%02x" % octet for octet in found[0].frame[:6]) if len(found) == 1 and not isinstance(found[0], str) else found

    for title, change, good in (
            ("a good one", {}, True), ("without link-layer address", {"options": b""}, True),
            ("reserved, unknown option", {"options": b"\xc8\1" + bytes(6) + link_layer(2, BETTER_MAC)}, True),
            ("a hop limit of 254", {"limit": 254}, False), ("code 1", {"code": 1}, False), ("a wrong checksum", {"value": 0x1234}, False),
            ("from a global address", {"source": "2001:db8:3::99"}, False), ("from who is not the router", {"source": BETTER}, False),
            ("a target that is a group", {"target": ALL_NODES}, False), ("a destination that is a group", {"destination": "ff02::5"}, False),
            ("a global target that is not the destination", {"target": "2001:db8:3::98"}, False), ("too short", {"cut": 20}, False),
            ("an option of length 0", {"options": bytes(8)}, False)):
        number += 1
        peer = "2001:db8:77::%x" % number
        change = dict(change)
        change.setdefault("destination", peer)
        assert goes_to(peer) == ROUTER_MAC
        tester.exchange(redirect(**change))
        where = goes_to(peer)
        case("redirect: %s: %s" % (title, "heeded" if good else "no good"), where == (BETTER_MAC if good else ROUTER_MAC), where)
    peer = "2001:db8:77::fff"
    tester.exchange(redirect(destination=peer, target=peer, options=link_layer(2, "02:00:00:00:77:77")))
    where = goes_to(peer)
    case("redirect: the destination itself is a neighbour: heeded", where == "02:00:00:00:77:77", where)


# ---- RFC 4443: echo, and messages it does not know ----

def echoes(tester):
    for destination, station, source in ((HOST, MAC, HOST), (LINK_LOCAL, MAC, LINK_LOCAL), ("2001:db8:3::1", MAC, "2001:db8:3::1"),
                                         (ALL_NODES, ALL_NODES_MAC, None), (*solicited_node(HOST), None)):
        peer = "fe80::99" if destination in (LINK_LOCAL, ALL_NODES) else PEER
        for size in (0, 1, 8, 1000, 1452):
            data = bytes(index & 255 for index in range(size))
            tester.expect("echo: to %s, %d octets" % (destination, size), echo(peer, destination, data, 0xabcd, 0x1234), [("reply",)],
                          lambda packet, data=data, source=source, peer=peer: packet.destination == peer and packet.body[4:] ==
                          b"\xab\xcd\x12\x34" + data and (source is None or packet.source == source)
                          and packed(packet.source)[0] != 0xff and packet.body[1] == 0, station=station)
    for title, packet in (
            ("a wrong checksum", icmp_packet(PEER, HOST, ECHO, 0, b"\0\0\0\1", value=0x1234)),
            ("from a group", echo("ff02::5", HOST)), ("from nobody", echo("::", HOST)), ("from loopback", echo("::1", HOST)),
            ("to an address that is not its own", echo(PEER, "2001:db8:3::dead")),
            ("to a group that it is not in", echo(PEER, "ff02::1:3")),
            ("an echo reply that nobody asked for", echo(PEER, HOST, kind=REPLY)),
            ("too short", icmp_packet(PEER, HOST, ECHO, 0, b"\0\0")),
            ("an informational message of type 200", icmp_packet(PEER, HOST, 200, 0, bytes(8))),
            ("an error of type 100", icmp_packet(PEER, HOST, 100, 0, bytes(8))),
            ("Destination Unreachable about nothing", icmp_packet(PEER, HOST, 1, 0, bytes(4))),
            ("Parameter Problem about what it has not sent", icmp_packet(PEER, HOST, 4, 0, bytes(4) + echo(HOST, PEER)))):
        tester.expect("ICMPv6: %s: silence" % title, packet, [])
    tester.live.send(echo(PEER, HOST), "02:00:00:00:03:77")
    tester.expect("Ethernet: a frame for another station: silence", [], [])
    tester.expect("echo: traffic class and flow label", echo(PEER, HOST)[:0] + b"\x6f\xf1\x23\x45" + echo(PEER, HOST)[4:], [("reply",)])
    tester.expect("echo: hop limit 1", echo(PEER, HOST, hop_limit=1), [("reply",)])
    tester.expect("echo: padding of the frame behind the packet is no part of it", echo(PEER, HOST, b"") + bytes(20), [("reply",)],
                  lambda packet: len(packet.octets) == 48)
    tester.expect("version 4: silence", b"\x45" + echo(PEER, HOST)[1:], [])
    tester.expect("version 7: silence", b"\x70" + echo(PEER, HOST)[1:], [])
    tester.expect("a payload length beyond the frame: silence", ipv6(PEER, HOST, ICMPV6, echo(PEER, HOST)[40:], length=500), [])


# ---- RFC 8200: headers and options ----

def headers(tester):
    request = outside.icmp(PEER, HOST, ECHO, 0, b"\0\7\0\1options!")

    def to_group(next_header, octets, peer="fe80::99"):
        return ipv6(peer, ALL_NODES, next_header, octets)
    group_request = outside.icmp("fe80::99", ALL_NODES, ECHO, 0, b"\0\7\0\1options!")
    reply = [("reply",)]
    for header, name in ((OPTIONS, "destination option"), (HOP_BY_HOP, "hop-by-hop option")):
        for kind, expected, expected_of_group in ((0x1e, reply, reply), (0x5e, [], []), (0x9e, [("parameter", 2, 42)], [("parameter", 2, 42)]),
                                                  (0xde, [("parameter", 2, 42)], [])):
            octets = options_header(ICMPV6, option(kind, bytes(4)))
            tester.expect("%s 0x%02x" % (name, kind), ipv6(PEER, HOST, header, octets + request), expected)
            tester.expect("%s 0x%02x, to a group" % (name, kind), to_group(header, octets + group_request), expected_of_group,
                          station=ALL_NODES_MAC)
        second = options_header(ICMPV6, bytes([1, 2, 0, 0]) + option(0x9e, bytes(4)))
        tester.expect("%s behind PadN: the pointer" % name, ipv6(PEER, HOST, header, second + request), [("parameter", 2, 46)])
        tester.expect("%s 0x1e before 0x9e: in their order" % name, ipv6(PEER, HOST, header, options_header(
            ICMPV6, option(0x1e, bytes(2)) + option(0x9e, bytes(4))) + request), [("parameter", 2, 46)])
        tester.expect("%s 0x5e before 0x9e: silence" % name, ipv6(PEER, HOST, header, options_header(
            ICMPV6, option(0x5e, bytes(2)) + option(0x9e, bytes(4))) + request), [])
        for padding in (b"\0" * 6, bytes([1, 4, 0, 0, 0, 0]), bytes([1, 0, 1, 2, 0, 0]), bytes([1, 12]) + bytes(12)):
            tester.expect("%s: padding %s" % (name, padding.hex()), ipv6(PEER, HOST, header, bytes([ICMPV6, (len(padding) + 2) // 8 - 1])
                          + padding + request), reply)
        tester.expect("%s beyond its header: silence or a Parameter Problem" % name, ipv6(PEER, HOST, header, bytes([ICMPV6, 0, 0x1e, 40])
                      + bytes(4) + request), [("parameter", 0, 43)])
        tester.expect("%s: a header beyond the packet" % name, ipv6(PEER, HOST, header, bytes([ICMPV6, 20]) + bytes(6)),
                      [("parameter", 0, 41)])
    tester.expect("two destination options headers", ipv6(PEER, HOST, OPTIONS, options_header(OPTIONS, b"") + options_header(ICMPV6, b"")
                                                          + request), reply)
    tester.expect("hop-by-hop, then destination options", ipv6(PEER, HOST, HOP_BY_HOP, options_header(OPTIONS, b"") + options_header(
        ICMPV6, b"") + request), reply)
    tester.expect("hop-by-hop behind destination options", ipv6(PEER, HOST, OPTIONS, options_header(HOP_BY_HOP, b"") + options_header(
        ICMPV6, b"") + request), [("parameter", 1, 40)])
    for number in (138, 200, 253, 255):
        tester.expect("an unknown next header %d" % number, ipv6(PEER, HOST, number, b"12345678"), [("parameter", 1, 6)])
        tester.expect("an unknown next header %d behind destination options" % number, ipv6(PEER, HOST, OPTIONS, options_header(number, b"")
                      + b"12345678"), [("parameter", 1, 40)])
    tester.expect("no next header: silence", ipv6(PEER, HOST, NONE, b"whatever"), [])
    tester.expect("no next header behind destination options: silence", ipv6(PEER, HOST, OPTIONS, options_header(NONE, b"") + b"whatever"), [])
    for kind in (0, 1, 33, 253):
        header = bytes([ICMPV6, 2, kind, 0, 0, 0, 0, 0]) + packed(PEER)
        tester.expect("routing header %d, nothing left: skipped" % kind, ipv6(PEER, HOST, ROUTING, header + request), reply)
        tester.expect("routing header %d, one left" % kind, ipv6(PEER, HOST, ROUTING, header[:3] + b"\1" + header[4:] + request),
                      [("parameter", 0, 42)])
    for left in (0, 1, 2):
        found = tester.exchange(ipv6(PEER, HOST, ROUTING, type_2(ICMPV6, "2001:db8:1::1", left) + outside.icmp(
            PEER, "2001:db8:1::1", ECHO, 0, b"\0\0\0\1")))
        kinds = [kind_of(packet) for packet in found]
        case("routing header 2, Segments Left %d: not for a host" % left, kinds in ([], [("parameter", 0, 42)]), kinds)
    tester.expect("UDP, a port where nobody listens", ipv6(PEER, HOST, UDP, datagram(PEER, HOST)), [("unreachable", 4)],
                  lambda packet: packet.destination == PEER and packet.body[8:] == ipv6(PEER, HOST, UDP, datagram(PEER, HOST)))
    tester.expect("UDP, a wrong checksum: silence", ipv6(PEER, HOST, UDP, datagram(PEER, HOST, 0x1234)), [])
    tester.expect("UDP, no checksum: silence", ipv6(PEER, HOST, UDP, datagram(PEER, HOST, 0)), [])
    tester.expect("UDP to a group: silence", to_group(UDP, datagram("fe80::99", ALL_NODES)), [], station=ALL_NODES_MAC)
    big = tester.expect("an error has as much of its cause as fits in 1280 octets", ipv6(PEER, HOST, 200, bytes(1400)), [("parameter", 1, 6)],
                        lambda packet: len(packet.octets) == 1280)
    assert big is None or big.is_sound()
    for title, packet in (("about an error", ipv6(PEER, HOST, OPTIONS, options_header(ICMPV6, option(0x9e, bytes(4))) + outside.icmp(
            PEER, HOST, 3, 0, bytes(4) + echo(HOST, PEER)))),
                          ("to nobody", ipv6("::", HOST, 200, bytes(8))), ("to a group", ipv6("ff02::5", HOST, 200, bytes(8))),
                          ("about an unknown header to a group", None)):
        if packet is None:
            tester.expect("no error %s" % title, to_group(200, bytes(8)), [], station=ALL_NODES_MAC)
        else:
            tester.expect("no error %s" % title, packet, [])


def datagram(source, destination, value=None):
    octets = struct.pack(">HHHH", 5000, 33333, 12, 0) + b"data"
    value = outside.checksum(source, destination, UDP, octets) if value is None else value
    return octets[:6] + struct.pack(">H", value) + octets[8:]


# ---- RFC 8200, 4.5: fragments ----

def fragments(tester):
    state = {"identification": 0x1000}

    def pieces(*cuts, identification=None, source=PEER, next_header=ICMPV6, payload=None, last=True):
        """(offset, more, octets) of a payload, cut so; as packets."""
        state["identification"] += 1
        identification = identification or state["identification"]
        payload = payload or outside.icmp(source, HOST, ECHO, 0, b"\0\7\0\1" + bytes(range(100)))
        edges = [0, *cuts, len(payload)]
        found = []
        for start, end in zip(edges, edges[1:]):
            found.append(piece(start, end < len(payload) or not last, payload[start:end], identification, source, next_header))
        return found

    def piece(offset, more, octets, identification, source=PEER, next_header=ICMPV6):
        return ipv6(source, HOST, FRAGMENT, struct.pack(">BBHI", next_header, 0, offset | more, identification) + octets)
    reply = [("reply",)]
    good = lambda packet: packet.body[8:] == bytes(range(100))
    two, three = pieces(48), pieces(24, 64)
    tester.expect("fragments: two, in order", two, reply, good)
    tester.expect("fragments: two, the last first", pieces(48)[::-1], reply, good)
    tester.expect("fragments: three, in order", three, reply, good)
    for order in ((1, 0, 2), (2, 1, 0), (2, 0, 1), (1, 2, 0), (0, 2, 1)):
        three = pieces(24, 64)
        tester.expect("fragments: three, in the order %d, %d, %d" % tuple(index + 1 for index in order), [three[index] for index in order],
                      reply, good)
    tester.expect("fragments: a packet that is one fragment", pieces(), reply, good)
    other = pieces(48)
    tester.expect("fragments: a packet that is one fragment, of the identification of another that waits", [other[0]] + pieces(
        identification=state["identification"]), reply, good)
    tester.expect("fragments: and the other is complete, later", [other[1]], reply, good)
    two = pieces(48)
    tester.expect("fragments: the same one twice", [two[0], two[0], two[1]], reply, good)
    a, b = pieces(48), pieces(48)
    tester.expect("fragments: two packets in turns", [a[0], b[0], b[1], a[1]], [("reply",), ("reply",)], good)
    a, b = pieces(48), pieces(48, identification=state["identification"], source="2001:db8:77::6")
    tester.expect("fragments: of two sources with one identification", [a[0], b[1]], [])
    tester.expect("fragments: and each is complete, later", [a[1], b[0]], [("reply",), ("reply",)])
    payload = outside.icmp(PEER, HOST, ECHO, 0, b"\0\7\0\1" + bytes(range(100)))
    number = state["identification"] = 0x2000
    tester.expect("fragments: overlapping: silence, all of them", [
        piece(0, 1, payload[:64], number), piece(48, 0, payload[48:], number), piece(64, 0, payload[64:], number)], [])
    tester.expect("fragments: a length that is no multiple of 8, not the last", piece(0, 1, payload[:45], 0x3000), [("parameter", 0, 4)],
                  lambda packet: packet.destination == PEER)
    tester.expect("fragments: beyond 65535 octets", piece(65528, 0, bytes(40), 0x3001), [("parameter", 0, 42)])
    tester.expect("fragments: the first alone: nothing yet", pieces(48)[:1], [])
    tester.expect("fragments: the last alone: nothing", pieces(48)[1:], [])
    tester.expect("fragments: the first lacks the upper-layer header: Parameter Problem 3", piece(
        0, 1, options_header(ICMPV6, option(0x1e, bytes(12))), 0x3003, next_header=OPTIONS), [("parameter", 3, 0)])
    tester.expect("fragments: reserved bits do not matter", [ipv6(PEER, HOST, FRAGMENT, struct.pack(
        ">BBHI", ICMPV6, 0xff, 48 | 6, 0x3004) + payload[48:]), piece(0, 1, payload[:48], 0x3004)], reply, good)
    big_reply(tester, pieces)
    tester.expect("fragments: an unknown header within: the pointer is to the one before it", pieces(
        16, next_header=OPTIONS, payload=options_header(200, b"") + bytes(24)), [("parameter", 1, 40)])
    # Packet Too Big (RFC 8201).
    peer = "2001:db8:77::1280"

    def sizes():
        return [len(packet.octets) for packet in tester.exchange(echo(peer, HOST, bytes(1400)))]
    case("too big: before it, the reply is whole", sizes() == [1448], sizes())
    sent = echo(HOST, peer, bytes(1200), kind=REPLY)
    for title, packet, cut in (
            ("a wrong checksum", icmp_packet(ROUTER, HOST, TOO_BIG, 0, struct.pack(">I", 1300) + sent, 64, 0x1234), None),
            ("about what somebody else has sent", icmp_packet(ROUTER, HOST, TOO_BIG, 0, struct.pack(">I", 1300) + echo(PEER, peer, bytes(1200)),
                                                              64), None),
            ("an MTU of 1500 and more", icmp_packet(ROUTER, HOST, TOO_BIG, 0, struct.pack(">I", 9000) + sent, 64), None),
            ("an MTU of 1400", icmp_packet(ROUTER, HOST, TOO_BIG, 0, struct.pack(">I", 1400) + sent, 64), 1400),
            ("then one of 1450: it does not grow", icmp_packet(ROUTER, HOST, TOO_BIG, 0, struct.pack(">I", 1450) + sent, 64), 1400),
            ("an MTU of 1280", icmp_packet(ROUTER, HOST, TOO_BIG, 0, struct.pack(">I", 1280) + sent, 64), 1280),
            ("an MTU of 600: not below 1280", icmp_packet(ROUTER, HOST, TOO_BIG, 0, struct.pack(">I", 600) + sent, 64), 1280)):
        tester.exchange(packet)
        found = sizes()
        case("too big: %s" % title, found == [1448] if cut is None else len(found) == 2 and max(found) <= cut and max(found) > cut - 8, found)


def big_reply(tester, pieces):
    found = tester.exchange(*pieces(1400, payload=outside.icmp(PEER, HOST, ECHO, 0, b"\0\7\0\1" + bytes(2000))))
    offsets = [packet.fragment for packet in found]
    case("fragments: of a big request: the reply is cut, too", len(found) == 2 and None not in offsets and offsets[0] == 1
         and offsets[1] & ~7 == len(found[0].body) and sum(len(packet.body) for packet in found) == 2008, offsets)


# ---- RFC 4861, 7.3: is a neighbour still there ----

def unreachable(tester):
    """From stale by delay (5 s) to probe, and away; the retransmission timer is 200 ms by advertisement."""
    address = "2001:db8:3::abc"
    tester.advertise(retransmission=200)
    tester.live.send(icmp_packet(address, solicited_node(HOST)[0], NS, 0, bytes(4) + packed(HOST) + link_layer(1, NEIGHBOR_MAC)),
                     solicited_node(HOST)[1], NEIGHBOR_MAC)
    tester.exchange()
    found = tester.neighbour(address)
    case("NUD: a neighbour that solicits: stale, or delay as soon as it is answered", found and found[0] in ("stale", "delay"), found)
    tester.live.send(echo(address, HOST), MAC, NEIGHBOR_MAC)
    tester.exchange()
    begun = time.time()
    found = tester.neighbour(address)
    case("NUD: what is sent to it: delay", found and found[0] == "delay", found)
    probes = []
    for packet in tester.live.read(6.2):
        if packet.is_icmp(NS) and packet.body[8:24] == packed(address):
            probes.append((time.time() - begun, packet))
    case("NUD: after 5 s three probes to the station itself, 200 ms apart", len(probes) == 3 and all(
        packet.destination == address and packet.frame[:6] == outside.mac(NEIGHBOR_MAC) for _, packet in probes)
         and 4.5 < probes[0][0] < 5.5 and 0.15 < probes[1][0] - probes[0][0] < 0.35, [(at, str(packet)) for at, packet in probes])
    found = tester.neighbour(address)
    case("NUD: nobody answers: the entry is gone", found is None, found)


# ---- RFC 4862, 5.4: duplicates ----

def duplicates():
    testers = []
    for title, answer, used in (("nobody has it", None, True), ("somebody advertises it", "na", False), ("somebody else tests it", "ns", False)):
        title = "duplicates: %s: " % title
        tester = Tester("dad-transmits = 1\nicmp-error-rate = unlimited")
        probe = tester.live.wait(lambda packet: packet.is_icmp(NS) and packet.source == "::"
                                 and packet.body[8:24] == packed(LINK_LOCAL))
        testers.append((title, used, tester, time.time()))
        group, station = solicited_node(LINK_LOCAL)
        case(title + "the link-local address is tested", probe is not None and probe.hop_limit == 255 and probe.destination == group
             and len(probe.body) in (24, 32), str(probe))
        if answer == "na":
            tester.live.send(icmp_packet(LINK_LOCAL, ALL_NODES, NA, 0, b"\x20\0\0\0" + packed(LINK_LOCAL) + link_layer(
                2, NEIGHBOR_MAC)), ALL_NODES_MAC, NEIGHBOR_MAC)
        elif answer == "ns":
            tester.live.send(icmp_packet("::", group, NS, 0, bytes(4) + packed(LINK_LOCAL)), station, NEIGHBOR_MAC)
        ask = icmp_packet("fe80::55", group, NS, 0, bytes(4) + packed(LINK_LOCAL) + link_layer(1, NEIGHBOR_MAC))
        tester.live.send(ask, station, NEIGHBOR_MAC)
        early = tester.live.wait(lambda packet: packet.is_icmp(NA), 0.1)
        case(title + "while it is tested it is not answered for", early is None, str(early))
    for title, used, tester, begun in testers:
        time.sleep(max(0, begun + 1.15 - time.time()))
        tester.live.drain()
        tester.live.send(ask, station, NEIGHBOR_MAC)
        late = tester.live.wait(lambda packet: packet.is_icmp(NA) and packet.body[8:24] == packed(LINK_LOCAL), 0.2)
        case(title + "after that it is%s" % ("" if used else " not, either"), (late is not None) == used, str(late))
        tester.live.end()


def errors_limited():
    """RFC 4443, 2.4 f: ten errors at once, by default."""
    tester = Tester("dad-transmits = 0")
    tester.advertise()
    found = tester.exchange(*[ipv6(PEER, HOST, 200, b"12345678")] * 30)
    case("errors: ten at once, then no more", 10 <= len(found) <= 12, len(found))
    time.sleep(0.5)
    found = tester.exchange(*[ipv6(PEER, HOST, 200, b"12345678")] * 30)
    case("errors: five more half a second later", 4 <= len(found) <= 8, len(found))
    tester.finish()


def tables():
    host = routers()
    solicitations(host)
    redirects(host)
    echoes(host)
    headers(host)
    fragments(host)
    host.finish()


def neighbor_unreachability():
    host = Tester()
    unreachable(host)
    host.finish()


outside.enter()
outside.at_once(report, tables, neighbor_unreachability, duplicates, errors_limited)
sys.exit(report.end())
