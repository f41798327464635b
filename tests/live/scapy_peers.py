#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""scapy outside: as a mobile node to a correspondent node inside, and as a correspondent to a mobile node inside.

Messages are built by scapy; tokens, keys and authenticators are computed here from hashlib and hmac alone (RFC 6275,
5.2.5, 6.2.7). Then a table of packets that are wrong, with the ICMPv6 error, and its pointer, that each must have (RFC 8200,
4; RFC 4443, 3.4; RFC 6275, 9.2, 9.3), or silence. Runs as root in a network namespace of its own.
"""
import hashlib
import hmac
import logging
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

import outside

outside.enter()
logging.getLogger("scapy").setLevel(logging.CRITICAL)
try:
    from scapy.layers.inet6 import (
        HAO, ICMPv6EchoRequest, ICMPv6ND_NA, ICMPv6ND_NS, ICMPv6ND_RA, ICMPv6NDOptDstLLAddr, ICMPv6NDOptSrcLLAddr, IPv6,
        IPv6ExtHdrDestOpt, IPv6ExtHdrRouting, MIP6MH_BA, MIP6MH_BU, MIP6MH_CoT, MIP6MH_CoTI, MIP6MH_HoT, MIP6MH_HoTI,
        MIP6OptBindingAuthData, MIP6OptNonceIndices, UDP)
    from scapy.layers.l2 import Ether
    from scapy.packet import Raw
except ImportError:
    outside.skip("no scapy")

PROGRAM = outside.PROGRAM
OUR_MAC = "02:00:00:00:99:01"
work = tempfile.mkdtemp(prefix="mip6sim-scapy.")
failures = 0


def check(good, what):
    global failures
    if not good:
        failures += 1
        print("FAIL:", what)


def packed(address):
    return socket.inet_pton(socket.AF_INET6, address)


class Live:
    """The program with a scenario, and the packets at its TAP."""

    def __init__(self, scenario, lan, station, ours):
        self.station = station
        self.ours = ours  # addresses that we answer for
        path = work + "/scenario.ini"
        open(path, "w").write(scenario)
        self.errors = open(work + "/errors", "w+")
        self.socket_path = work + "/socket"
        if os.path.exists(self.socket_path):
            os.unlink(self.socket_path)
        self.process = subprocess.Popen(
            [PROGRAM, "live", path, "--tap", lan + "=tap0", "--out", work + "/out", "--control", self.socket_path],
            stdout=subprocess.DEVNULL, stderr=self.errors)
        deadline = time.time() + 10
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86dd))
        while True:
            try:
                # The kernel's own IPv6 keeps out of it.
                open("/proc/sys/net/ipv6/conf/tap0/disable_ipv6", "w").write("1")
                self.socket.bind(("tap0", 0x86dd))
                break
            except OSError:
                if time.time() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.01)
        while not os.path.exists(self.socket_path) and time.time() < deadline and self.process.poll() is None:
            time.sleep(0.01)
        self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)  # the interface may not have been up yet
        self.socket.settimeout(0.05)

    def send(self, packet):
        self.socket.send(bytes(Ether(src=OUR_MAC, dst=self.station) / packet))

    def receive(self, seconds):
        """IPv6 packets as octets, one after the other; solicitations are answered."""
        deadline = time.time() + seconds
        while time.time() < deadline:
            try:
                frame, address = self.socket.recvfrom(65535)
            except (socket.timeout, TimeoutError):
                continue
            if address[2] == socket.PACKET_OUTGOING or frame[12:14] != b"\x86\xdd":
                continue
            packet = frame[14:]
            if packet[6] == 58 and packet[40] == 135:
                target = socket.inet_ntop(socket.AF_INET6, packet[48:64])
                source = socket.inet_ntop(socket.AF_INET6, packet[8:24])
                if target in self.ours and source != "::":
                    self.send(IPv6(src=target, dst=source, hlim=255)
                              / ICMPv6ND_NA(tgt=target, R=1, S=1, O=1) / ICMPv6NDOptDstLLAddr(lladdr=OUR_MAC))
                    continue
            yield packet

    def wait(self, matches, seconds=2.0):
        for packet in self.receive(seconds):
            if matches(packet):
                return packet
        return None

    def ask(self, packet, matches, seconds=2.0):
        self.send(packet)
        return self.wait(matches, seconds)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(10)
        self.socket.close()
        self.errors.seek(0)
        check(status == 0, "status %d: %s" % (status, self.errors.read()))


def upper(packet):
    """Next header, offset of the upper-layer header, type 2 home address, destination options' home address."""
    next_header, at, routed = packet[6], 40, None
    while next_header in (0, 43, 60):
        if next_header == 43 and packet[at + 2] == 2:
            routed = packet[at + 8:at + 24]
        next_header, at = packet[at], at + 8 * (packet[at + 1] + 1)
    return next_header, at, routed


def mobility(kind):
    def matches(packet):
        next_header, at, _ = upper(packet)
        return next_header == 135 and packet[at + 2] == kind
    return matches


def icmp(kind):
    return lambda packet: upper(packet)[0] == 58 and packet[upper(packet)[1]] == kind


def authenticator(kbm, care_of, correspondent, header):
    """Over a Mobility Header whose last 12 octets it will be; the checksum counts as 0."""
    data = header[:4] + b"\0\0" + header[6:-12]
    return hmac.new(kbm, packed(care_of) + packed(correspondent) + data, hashlib.sha1).digest()[:12]


# ---- scapy is a mobile node ----

CN = "2001:db8:3::1"
HOME = "2001:db8:1::100"
CARE_OF = "2001:db8:2::200"
ROUTER = "fe80::99"
CN_MAC = "02:00:00:00:03:01"
COOKIE = bytes(range(0xc0, 0xc8))


def as_mobile_node():
    live = Live("""[scenario]
title = A correspondent node
duration = 100s
[lan net]
prefix = 2001:db8:3::/64
[correspondent-node cn]
attached = net
address = %s
mac = %s
dad-transmits = 0
[router r]
attached = net
external = yes
address = 2001:db8:3::fe
""" % (CN, CN_MAC), "net", CN_MAC, [ROUTER])
    live.send(IPv6(src=ROUTER, dst="ff02::1", hlim=255) / ICMPv6ND_RA(routerlifetime=1800)
              / ICMPv6NDOptSrcLLAddr(lladdr=OUR_MAC))
    time.sleep(0.2)

    answer = live.ask(IPv6(src=ROUTER, dst=CN, hlim=255) / ICMPv6ND_NS(tgt=CN) / ICMPv6NDOptSrcLLAddr(lladdr=OUR_MAC), icmp(136))
    check(answer and answer[48:64] == packed(CN), "no Neighbor Advertisement")
    answer = live.ask(IPv6(src=CARE_OF, dst=CN) / ICMPv6EchoRequest(id=7, seq=9, data=b"abcdefgh"), icmp(129))
    check(answer and answer[-8:] == b"abcdefgh", "no echo reply")

    home_test = live.ask(IPv6(src=HOME, dst=CN) / MIP6MH_HoTI(res=0, cookie=COOKIE), mobility(3))
    check(home_test is not None, "no Home Test")
    care_of_test = live.ask(IPv6(src=CARE_OF, dst=CN) / MIP6MH_CoTI(mhtype=2, res=0, cookie=COOKIE), mobility(4))
    check(care_of_test is not None, "no Care-of Test")
    if not home_test or not care_of_test:
        live.end()
        return
    home_index, = struct.unpack(">H", home_test[46:48])
    care_of_index, = struct.unpack(">H", care_of_test[46:48])
    check(home_test[48:56] == COOKIE and care_of_test[48:56] == COOKIE, "the cookies come back")
    check(home_test[24:40] == packed(HOME) and care_of_test[24:40] == packed(CARE_OF), "tests go to whom they test")
    kbm = hashlib.sha1(home_test[56:64] + care_of_test[56:64]).digest()

    def update(sequence, lifetime=50, key=kbm, indices=(home_index, care_of_index), flags="A"):
        def message(value):
            return MIP6MH_BU(res=0, seq=sequence, flags=flags, mhtime=lifetime, options=[
                MIP6OptNonceIndices(olen=4, hni=indices[0], coni=indices[1]),
                MIP6OptBindingAuthData(olen=12, authenticator=value)])
        bare = message(0)
        bare.cksum = 0
        value = authenticator(key, CARE_OF, CN, bytes(bare))
        return (IPv6(src=CARE_OF, dst=CN) / IPv6ExtHdrDestOpt(options=[HAO(hoa=HOME)])
                / message(int.from_bytes(value, "big")))

    def status_of(packet):
        return packet and packet[upper(packet)[1] + 6]

    check(live.ask(update(10, key=b"wrong"), mobility(6), 0.7) is None, "a wrong authenticator is answered")
    answer = live.ask(update(10, indices=(home_index ^ 0x4000, care_of_index)), mobility(6))
    check(status_of(answer) == 136, "an expired home nonce index: status %s" % status_of(answer))
    answer = live.ask(update(10), mobility(6))
    check(status_of(answer) == 0, "a Binding Update: status %s" % status_of(answer))
    if answer:
        _, at, routed = upper(answer)
        check(routed == packed(HOME), "the acknowledgement has a type 2 routing header")
        header = answer[at:at + 8 * (answer[at + 1] + 1)]
        check(header[-12:] == authenticator(kbm, CARE_OF, CN, header), "the acknowledgement's authenticator")
        check(struct.unpack(">H", header[8:10])[0] == 10, "the acknowledgement's sequence number")
    answer = live.ask(update(9), mobility(6))
    check(status_of(answer) == 135, "an old sequence number: status %s" % status_of(answer))
    answer = live.ask(IPv6(src=CARE_OF, dst=CN) / IPv6ExtHdrDestOpt(options=[HAO(hoa=HOME)])
                      / ICMPv6EchoRequest(id=1, seq=2, data=b"optimized"), icmp(129))
    check(answer and answer[24:40] == packed(CARE_OF) and upper(answer)[2] == packed(HOME), "echo by the binding")
    malformed(live)
    live.end()


def malformed(live):
    """What is wrong, the packet, and what must come: ICMPv6 type, code, pointer; a Binding Error's status; or silence."""
    stranger = "2001:db8:2::77"

    def raw(next_header, octets):
        return IPv6(src=stranger, dst=CN, nh=next_header) / Raw(octets)

    def checked(packet):
        """With the right checksum of a Mobility Header that scapy would not build."""
        octets = bytearray(packet)
        pseudo = packed(stranger) + packed(CN) + struct.pack(">IHBB", len(octets), 0, 0, 135)
        octets[4:6] = b"\0\0"
        data = pseudo + bytes(octets) + b"\0" * (len(octets) % 2)
        total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
        while total >> 16:
            total = (total & 0xffff) + (total >> 16)
        octets[4:6] = struct.pack(">H", ~total & 0xffff)
        return bytes(octets)

    home_test_init = bytes([59, 1, 1, 0, 0, 0, 0, 0]) + COOKIE
    table = [
        ("a Home Address option without a binding", IPv6(src=stranger, dst=CN)
         / IPv6ExtHdrDestOpt(options=[HAO(hoa="2001:db8:1::bad")]) / ICMPv6EchoRequest(), ("be", 1)),
        ("an unknown Mobility Header type", raw(135, checked(bytes([59, 1, 99, 0]) + bytes(12))), ("be", 2)),
        ("a Mobility Header with a payload", raw(135, checked(b"\x11" + home_test_init[1:])), (4, 0, 40)),
        ("a Home Test Init too short", raw(135, checked(bytes([59, 0, 1, 0, 0, 0, 0, 0]))), (4, 0, 41)),
        ("a Mobility Header with a bad checksum", raw(135, home_test_init[:4] + b"\x12\x34" + home_test_init[6:]), None),
        ("an unknown next header", raw(200, b"12345678"), (4, 1, 6)),
        ("an unknown option: skip", IPv6(src=stranger, dst=CN, nh=60) / Raw(bytes([58, 0, 0x3e, 4, 0, 0, 0, 0]) + b""), None),
        ("an unknown option: discard", raw(60, bytes([59, 0, 0x7e, 4, 0, 0, 0, 0])), None),
        ("an unknown option: report", raw(60, bytes([59, 0, 0xbe, 4, 0, 0, 0, 0])), (4, 2, 42)),
        ("a routing header of type 0", raw(43, bytes([59, 2, 0, 1, 0, 0, 0, 0]) + packed(HOME)), (4, 0, 42)),
        ("a routing header of an unknown type", raw(43, bytes([59, 2, 77, 1, 0, 0, 0, 0]) + packed(HOME)), (4, 0, 42)),
        ("a port where nobody listens", IPv6(src=stranger, dst=CN) / UDP(sport=5, dport=33333) / b"x", (1, 4, None)),
        ("version 4", Raw(b"\x40" + bytes(IPv6(src=stranger, dst=CN) / ICMPv6EchoRequest())[1:]), None),
        ("a length beyond the packet", IPv6(src=stranger, dst=CN, plen=500) / ICMPv6EchoRequest(), None),
        ("an echo request with a bad checksum", IPv6(src=stranger, dst=CN) / ICMPv6EchoRequest(cksum=0x1234), None),
        ("a packet from a group", IPv6(src="ff02::5", dst=CN) / ICMPv6EchoRequest(), None),
        ("no next header", raw(59, b"whatever"), None),
        ("a Neighbor Solicitation from afar", IPv6(src=ROUTER, dst=CN, hlim=64) / ICMPv6ND_NS(tgt=CN), None),
    ]
    for what, packet, expected in table:
        live.send(packet)
        seen = None
        for answer in live.receive(0.5 if expected is None else 2.0):
            next_header, at, _ = upper(answer)
            if next_header == 135 and answer[at + 2] == 7:
                seen = ("be", answer[at + 6])
            elif next_header == 58 and answer[at] < 128 or next_header == 58 and answer[at] in (129, 136):
                pointer = struct.unpack(">I", answer[at + 4:at + 8])[0] if answer[at] == 4 else None
                seen = (answer[at], answer[at + 1], pointer)
            if seen:
                break
        check(seen == expected, "%s: expected %s, seen %s" % (what, expected, seen))
        if expected and expected[0] == "be":
            time.sleep(1.05)  # Binding Errors are one a second


# ---- scapy is a correspondent ----

PEER = "2001:db8:3::99"
ROUTER_MAC = "02:00:00:00:03:fe"


def as_correspondent():
    live = Live("""[scenario]
title = A mobile node away
duration = 100s
[lan net]
prefix = 2001:db8:3::/64
[lan home]
prefix = 2001:db8:1::/64
[lan visited]
prefix = 2001:db8:2::/64
router-advertisement-interval = 30ms..70ms
[home-agent ha]
attached = home
home-address-dad = no
dad-transmits = 0
[router r]
attached = net, visited
mac = %s
dad-transmits = 0
[point-to-point ha-r]
between = ha, r
[correspondent-node cn]
attached = net
address = %s
external = yes
[mobile-node mn]
home-agent = ha
start = visited
dad-transmits = 0
[peers mn cn]
authorization = return-routability
""" % (ROUTER_MAC, PEER), "net", ROUTER_MAC, [PEER])
    tokens = {1: b"HOMETOKN", 2: b"CARETOKN"}
    seen = {}
    bound = None
    for packet in live.receive(8.0):
        next_header, at, _ = upper(packet)
        if next_header != 135:
            continue
        kind = packet[at + 2]
        source = socket.inet_ntop(socket.AF_INET6, packet[8:24])
        if kind in (1, 2):
            seen[kind] = source
            message = MIP6MH_HoT if kind == 1 else MIP6MH_CoT
            live.send(IPv6(src=PEER, dst=source) / message(mhtype=kind + 2, res=0, index=kind * 100, cookie=packet[at + 8:at + 16],
                                                           token=tokens[kind]))
        elif kind == 5:
            header = packet[at:at + 8 * (packet[at + 1] + 1)]
            kbm = hashlib.sha1(tokens[1] + tokens[2]).digest()
            check(header[-12:] == authenticator(kbm, source, PEER, header), "the Binding Update's authenticator")
            check(header[12:18] == bytes([4, 4]) + struct.pack(">HH", 100, 200), "the nonce indices come back: %s" % header.hex())
            bare = MIP6MH_BA(res=0, status=0, flags="", seq=struct.unpack(">H", header[6:8])[0], mhtime=50,
                             options=[MIP6OptBindingAuthData(olen=12, authenticator=0)])
            bare.cksum = 0
            value = int.from_bytes(authenticator(kbm, source, PEER, bytes(bare)), "big")
            answer = bare.copy()
            answer.cksum = None
            answer.options[0].authenticator = value
            live.send(IPv6(src=PEER, dst=source)
                      / IPv6ExtHdrRouting(nh=135, len=2, type=2, segleft=1, addresses=[seen.get(1, "::")]) / answer)
            bound = source
            break
    check(seen.get(1) == "2001:db8:1::1:0:1", "a Home Test Init from the home address: %s" % seen)
    check(bound is not None and seen.get(2) == bound, "a Care-of Test Init and a Binding Update from the care-of address")
    time.sleep(0.5)
    shown = subprocess.run([PROGRAM, "ctl", live.socket_path, "show", "bindings"], capture_output=True, text=True)
    check(any("to correspondent" in line and PEER in line and "bound" in line for line in shown.stdout.splitlines()),
          "the mobile node has its binding: " + shown.stdout + shown.stderr)
    # By the binding, both ways.
    if bound:
        echo = (IPv6(src=PEER, dst=bound) / IPv6ExtHdrRouting(nh=58, len=2, type=2, segleft=1, addresses=[seen[1]])
                / ICMPv6EchoRequest(id=3, seq=4, data=b"hello"))
        answer = live.ask(echo, icmp(129))
        check(answer and answer[8:24] == packed(bound), "echo by the binding comes from the care-of address")
    live.end()


try:
    as_mobile_node()
    as_correspondent()
finally:
    shutil.rmtree(work, ignore_errors=True)
if failures:
    sys.exit(1)
print("scapy: a mobile node to ours, a correspondent to ours, and what is malformed")
