#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Random frames, and mutated valid ones of every protocol, into three TAPs (10 s; MIP6SIM_NOISE seconds): the program goes on,
answers a client all the while, moves its mobile nodes about, its memory does not grow, and it ends as it should.

Valid are all frames that the same scenario has by itself, and some of each kind made here: Mobility Header messages, ESP,
Neighbor Discovery, fragments, tunnels, options, routing headers, errors. Mutations change octets, lengths, types, addresses
and the order of headers; half of them have the right checksum all the same, so that they get further than that.

MIP6SIM_WRAPPER is put before the program (valgrind ...; see memory.py), MIP6SIM_NOISE_SEED makes other frames."""
import os
import random
import shlex
import struct
import subprocess
import sys
import tempfile
import time

import outside
from outside import (A, BA, BE, BRR, BU, COT, COTI, DHAAD_REPLY, DHAAD_REQUEST, ECHO, ESP, FRAGMENT, H, HOP_BY_HOP, HOT, HOTI, ICMPV6, IPV6,
                     MOBILITY, MPA, MPS, NA, NONE, NS, OPTIONS, RA, REDIRECT, REPLY, ROUTING, RS, TOO_BIG, UDP, Live, binding_update, echo,
                     home_address_option, icmp_packet, ipv6, link_layer, mobility, option, options_header, packed, prefix_option,
                     test_init, type_2)

SCENARIO = """[scenario]
title = Noise
duration = 20s
[lan home]
prefix = 2001:db8:1::/64
[lan visited]
prefix = 2001:db8:2::/64
router-advertisement-interval = 200ms..400ms
[lan net]
prefix = 2001:db8:3::/64
[home-agent ha]
attached = home
mac = 02:00:00:00:01:01
any-home-address = yes
home-binding-limit = 100
icmp-error-rate = unlimited
[router access]
attached = visited, net
mac = 02:00:00:00:02:fe, 02:00:00:00:03:fe
[point-to-point ha-access]
between = ha, access
[correspondent-node cn]
attached = net
mac = 02:00:00:00:03:01
autoconfiguration = yes
binding-refresh-requests = yes
binding-error-interval = 0s
icmp-error-rate = unlimited
[mobile-node guarded]
home-agent = ha
mac = 02:00:00:00:0a:01
icmp-error-rate = unlimited
[mobile-node open]
home-agent = ha
mac = 02:00:00:00:0a:02
ipsec = no
ipsec-encryption = null
[peers open cn]
authorization = static-key
[movement guarded]
model = residence
links = home, visited
residence = 2s
[movement open]
model = residence
links = visited, home
residence = 3s
[flow there]
from = cn
to = guarded
interval = 50ms
[flow back]
from = open
to = cn
interval = 50ms
"""
SECONDS = float(os.environ.get("MIP6SIM_NOISE", "10"))
SEED = int(os.environ.get("MIP6SIM_NOISE_SEED", "6275"))
HA, CN, ROUTER = "2001:db8:1::1", "2001:db8:3::2", "2001:db8:2::1"
HOMES = ["2001:db8:1::1:0:1", "2001:db8:1::1:0:2"]
CARE_OFS = ["2001:db8:2::ff:fe00:a01", "2001:db8:2::ff:fe00:a02"]
STATIONS = ["02:00:00:00:01:01", "02:00:00:00:02:fe", "02:00:00:00:03:fe", "02:00:00:00:03:01", "02:00:00:00:0a:01", "02:00:00:00:0a:02",
            "33:33:00:00:00:01", "33:33:00:00:00:02", "33:33:ff:00:00:01", "02:00:00:00:99:99"]
ADDRESSES = [HA, CN, ROUTER, *HOMES, *CARE_OFS, "fe80::ff:fe00:101", "fe80::ff:fe00:301", "fe80::ff:fe00:a01", "fe80::99", "ff02::1",
             "ff02::2", "ff02::1:ff00:1", "::", "::1", "2001:db8:1:0:fdff:ffff:ffff:fffe", "2001:db8:77::7", "ff0e::1"]
TAPS = {"home": "tap0", "visited": "tap1", "net": "tap2"}


def made():
    """One packet of each kind, to whom it may concern."""
    found = []
    for home, care_of in zip(HOMES, CARE_OFS):
        for agent in (HA, CN):
            for kind in (HOTI, COTI):
                source = home if kind == HOTI else care_of
                found.append(ipv6(source, agent, MOBILITY, test_init(source, agent, kind, b"COOKIE78")))
            for flags, options in ((A, option(4, b"\0\1\0\1")), (A | H, b"\1\0" + option(3, packed(care_of))), (H, b"")):
                for lifetime in (0, 5):
                    found.append(ipv6(care_of, agent, OPTIONS, home_address_option(MOBILITY, home) + binding_update(
                        home, agent, 77, flags, lifetime, options, None if flags & H else bytes(20), care_of)))
            for kind, body in ((BRR, bytes(2)), (HOT, bytes(18)), (COT, bytes(18)), (BA, b"\0\0\0\7\0\5" + option(2, b"\0\1")),
                               (BE, b"\1\0" + packed(home)), (99, bytes(10))):
                found.append(ipv6(agent, care_of, ROUTING, type_2(MOBILITY, home) + mobility(agent, home, kind, body)))
                found.append(ipv6(agent, home, MOBILITY, mobility(agent, home, kind, body)))
            found.append(ipv6(care_of, agent, OPTIONS, home_address_option(ICMPV6, home) + outside.icmp(home, agent, ECHO, 0, bytes(40))))
            found.append(ipv6(agent, care_of, ROUTING, type_2(ICMPV6, home) + outside.icmp(agent, home, ECHO, 0, bytes(40))))
            found.append(ipv6(care_of, agent, OPTIONS, home_address_option(ESP, home) + struct.pack(">II", 0x1000, 9) + os.urandom(68)))
            found.append(ipv6(care_of, agent, IPV6, echo(home, CN)))
            found.append(ipv6(agent, care_of, IPV6, echo(CN, home)))
            found.append(ipv6(agent, care_of, IPV6, ipv6(agent, home, IPV6, echo(CN, home))))
            found.append(ipv6(agent, care_of, ESP, struct.pack(">II", 0x1003, 9) + os.urandom(84)))
            for kind in (1, 2, 3, 4):
                found.append(icmp_packet("2001:db8:77::7", agent, kind, 0, struct.pack(">I", 1280) + ipv6(agent, care_of, ROUTING, type_2(
                    UDP, home) + bytes(20))))
        found.append(icmp_packet(care_of, "2001:db8:1:0:fdff:ffff:ffff:fffe", DHAAD_REQUEST, 0, b"\0\7\0\0"))
        found.append(icmp_packet(HA, care_of, DHAAD_REPLY, 0, b"\0\7\0\0" + bytes(4) + packed(HA)))
        found.append(ipv6(care_of, HA, OPTIONS, home_address_option(ICMPV6, home) + outside.icmp(home, HA, MPS, 0, b"\0\7\0\0")))
        found.append(ipv6(HA, care_of, ROUTING, type_2(ICMPV6, home) + outside.icmp(HA, home, MPA, 0, b"\0\7\0\0" + prefix_option(HA, flags=0xe0))))
    station = link_layer(1, "02:00:00:00:99:99")
    for target in ADDRESSES[:10]:
        found.append(icmp_packet("fe80::99", "ff02::1", NS, 0, bytes(4) + packed(target) + station))
        found.append(icmp_packet("::", "ff02::1:ff" + "%02x:%02x%02x" % tuple(packed(target)[13:]), NS, 0, bytes(4) + packed(target)))
        found.append(icmp_packet("fe80::99", "ff02::1", NA, 0, b"\x60\0\0\0" + packed(target) + link_layer(2, "02:00:00:00:99:99")))
        found.append(icmp_packet("fe80::99", target, REDIRECT, 0, bytes(4) + packed("fe80::98") + packed(CN) + station))
    found.append(icmp_packet("fe80::99", "ff02::2", RS, 0, bytes(4) + station))
    for prefix in ("2001:db8:1::", "2001:db8:2::", "2001:db8:44::"):
        found.append(icmp_packet("fe80::99", "ff02::1", RA, 0, struct.pack(">BBHII", 64, 0x20, 5, 0, 0) + station + prefix_option(
            prefix, valid=5, preferred=3) + struct.pack(">BBHI", 5, 1, 0, 1400) + struct.pack(">BBHHH", 8, 1, 0, 5, 5) + struct.pack(
                ">BBHI", 7, 1, 0, 100)))
    for destination in (HA, CN, *HOMES, *CARE_OFS):
        found += [echo("2001:db8:77::7", destination), echo("2001:db8:77::7", destination, bytes(1400)), echo(
            "2001:db8:77::7", destination, kind=REPLY), icmp_packet("2001:db8:77::7", destination, TOO_BIG, 0, struct.pack(">I", 1300) + echo(
                destination, "2001:db8:77::7", bytes(1400))), ipv6("2001:db8:77::7", destination, UDP, bytes.fromhex("13881389000c0000") + b"data")]
        for options in (option(0x1e, bytes(4)), option(0x9e, bytes(4)), option(5, b"\0\0"), option(4, b"\3"), option(201, packed(HA))):
            for header in (HOP_BY_HOP, OPTIONS):
                found.append(ipv6("2001:db8:77::7", destination, header, options_header(ICMPV6, options) + outside.icmp(
                    "2001:db8:77::7", destination, ECHO, 0, bytes(20))))
        whole = outside.icmp("2001:db8:77::7", destination, ECHO, 0, bytes(60))
        for offset, more in ((0, 1), (32, 0), (24, 1), (0, 0)):
            found.append(ipv6("2001:db8:77::7", destination, FRAGMENT, struct.pack(">BBHI", ICMPV6, 0, offset | more, 7) + whole[offset:offset + 32]))
    return found


def upper_of(packet):
    """(protocol, offset) of the upper layer; None: there is none to be found."""
    protocol, at = packet[6], 40
    while protocol in (HOP_BY_HOP, OPTIONS, ROUTING) and at + 2 <= len(packet):
        protocol, at = packet[at], at + 8 * (packet[at + 1] + 1)
    return (protocol, at) if protocol in (ICMPV6, MOBILITY, UDP) and at + 8 <= len(packet) else None


def corrected(packet):
    """With the checksum that it should have, as far as can be told, and the payload length."""
    packet = bytearray(packet)
    packet[4:6] = struct.pack(">H", (len(packet) - 40) & 0xffff)
    upper = upper_of(packet)
    if not upper:
        return bytes(packet)
    protocol, at = upper
    source, destination = bytes(packet[8:24]), bytes(packet[24:40])
    if packet[6] == OPTIONS and packet[46:48] == b"\xc9\x10" and at >= 64:
        source = bytes(packet[48:64])
    if packet[6] == ROUTING and packet[42] == 2 and at >= 64:
        destination = bytes(packet[48:64])
    where = at + {ICMPV6: 2, MOBILITY: 4, UDP: 6}[protocol]
    packet[where:where + 2] = b"\0\0"
    packet[where:where + 2] = struct.pack(">H", outside.checksum(source, destination, protocol, bytes(packet[at:])))
    return bytes(packet)


class Noise:
    def __init__(self, frames, seed):
        self.random = random.Random(seed)
        self.frames = frames
        self.waiting = []

    def octets(self, packet):
        packet = bytearray(packet)
        for _ in range(self.random.randint(1, 8)):
            packet[self.random.randrange(len(packet))] = self.random.choice((0, 1, 255, self.random.randrange(256)))
        return packet

    def payload(self, packet):
        """Octets behind the headers that lead there."""
        packet = bytearray(packet)
        start = (upper_of(packet) or (0, min(40, len(packet) - 1)))[1]
        for _ in range(self.random.randint(1, 4)):
            packet[self.random.randrange(min(start, len(packet) - 1), len(packet))] = self.random.choice(
                (0, 1, 2, 128, 255, self.random.randrange(256)))
        return packet

    def length(self, packet):
        if self.random.random() < 0.5:
            return packet[:self.random.randrange(40, len(packet) + 1)]
        return bytes(packet) + self.random.randbytes(self.random.choice((1, 8, 16, 100)))

    def addresses(self, packet):
        at = self.random.choice((8, 24))
        return packet[:at] + packed(self.random.choice(ADDRESSES)) + packet[at + 16:]

    def header(self, packet):
        """One more header."""
        kind = self.random.choice((HOP_BY_HOP, OPTIONS, ROUTING, FRAGMENT, IPV6, ESP, NONE, MOBILITY))
        if kind == IPV6:
            return ipv6(self.random.choice(ADDRESSES), self.random.choice(ADDRESSES), IPV6, bytes(packet))
        inserted = {ROUTING: type_2(packet[6], self.random.choice(ADDRESSES), self.random.randrange(3), kind=self.random.choice((0, 2, 4))),
                    FRAGMENT: struct.pack(">BBHI", packet[6], 0, self.random.choice((0, 1, 8, 9, 64, 65528)), self.random.randrange(4)),
                    ESP: struct.pack(">II", 0x1000 + self.random.randrange(12), self.random.randrange(99))}.get(kind)
        if inserted is None:
            inserted = options_header(packet[6], b"".join(option(self.random.choice((0, 1, 4, 5, 0x1e, 0x5e, 0x9e, 0xde, 201)), self.random.randbytes(
                self.random.choice((0, 1, 2, 4, 16, 17)))) for _ in range(self.random.randrange(4))))
        return packet[:6] + bytes([kind]) + packet[7:40] + inserted + packet[40:]

    def pieces(self, packet):
        """Cut into fragments, of which some may be missing, double or overlap."""
        body, number, at, step = packet[40:], self.random.randrange(1 << 32), 0, 8 * self.random.randint(1, 20)
        found = []
        while at < len(body):
            end = at + step
            found.append(packet[:6] + bytes([FRAGMENT]) + packet[7:40] + struct.pack(">BBHI", packet[6], 0, (at & ~7) | (end < len(body)), number)
                         + body[at:end + self.random.choice((0, 0, 0, 0, 8))])
            at = end
        self.random.shuffle(found)
        self.waiting += [corrected(one) for one in found[:12] if self.random.random() < 0.95]
        return self.waiting.pop() if self.waiting else packet

    def next(self):
        """A frame."""
        pick = self.random
        if self.waiting:
            return self.framed(self.waiting.pop())
        if pick.random() < 0.08:
            return pick.randbytes(pick.choice((14, 15, 54, 60, 100, 1514)))
        frame = pick.choice(self.frames)
        packet = frame[14:]
        if pick.random() < 0.85:
            for _ in range(pick.choice((1, 1, 2, 3))):
                packet = bytes(pick.choice((self.octets, self.payload, self.payload, self.length, self.addresses, self.header,
                                            self.pieces))(packet))
                packet = packet[:1500] if len(packet) >= 41 else frame[14:]
            if pick.random() < 0.5:
                packet = corrected(packet)
        if pick.random() < 0.5:
            return frame[:14] + packet
        return self.framed(packet)

    def framed(self, packet):
        return (outside.mac(self.random.choice(STATIONS)) + outside.mac(self.random.choice(("02:00:00:00:99:99", *STATIONS[:6])))
                + self.random.choice((b"\x86\xdd",) * 30 + (b"\x08\x00",)) + packet)


def frames_of(path):
    octets, at, frames = open(path, "rb").read(), 24, []
    while at < len(octets):
        length, = struct.unpack("<I", octets[at + 8:at + 12])
        frames.append(octets[at + 16:at + 16 + length])
        at += 16 + length
    return frames


def resident(pid):
    for line in open("/proc/%d/status" % pid, encoding="ascii"):
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


def make_noise(seconds=SECONDS, seed=SEED, wrapper=(), least=0):
    """Of the program: (exit status, what it has said, frames sent, memory at a third, two thirds and the end, in KiB)."""
    with tempfile.TemporaryDirectory(prefix="mip6sim-noise.") as work:
        path = work + "/scenario.ini"
        with open(path, "w", encoding="ascii") as file:
            file.write(SCENARIO)
        subprocess.run([outside.PROGRAM, "run", path, "--pcap", "--out", work + "/seed"], check=True, stdout=subprocess.DEVNULL)
        frames = [frame for lan in TAPS for frame in frames_of("%s/seed/%s.pcap" % (work, lan)) if len(frame) > 54]
        assert len(frames) > 1000
        by_kind = frames[::len(frames) // 1000] + [outside.mac(random.Random(seed + index).choice(STATIONS)) + outside.mac("02:00:00:00:99:99")
                                                   + b"\x86\xdd" + packet for index, packet in enumerate(made())] * 3
        noise = Noise(by_kind, seed)
        live = Live(SCENARIO, TAPS, ["--duration", "forever"], wrapper=wrapper)
        sent, looked, memory, begun = 0, 0, [], time.time()
        orders = (["attach", "guarded", "visited"], ["show", "links"], ["show", "neighbours"], ["attach", "guarded", "home"],
                  ["show", "bindings", "--json"], ["link", "ha-access", "delay", "1ms"], ["nonsense"], ["show", "nonces"], ["reboot", "cn"])
        while time.time() < begun + seconds or sent < least:
            try:
                live.socket.sendto(noise.next(), (live.random_tap(noise.random), 0x86dd))
                sent += 1
            except OSError:
                time.sleep(0.0005)
            if sent % 200 == 0:
                assert live.process.poll() is None, "it has died: " + live.told()
            if wrapper and sent % 20 == 0:
                time.sleep(0.002)   # what is under valgrind is slow
            now = time.time() - begun
            if now > looked + 1:
                # An order is kept, with the scenario that it makes: to see what the noise does, there are no more in the end.
                order = orders[looked % len(orders)] if looked < 30 else ["show", "links"]
                answer = subprocess.run([outside.PROGRAM, "ctl", live.control, *order], capture_output=True, text=True)
                assert (answer.returncode == 0) == (order != ["nonsense"]), (order, answer, live.process.poll(), live.told())
                looked += 1
            if now > seconds * (len(memory) + 1) / 3:
                memory.append(resident(live.process.pid))
        memory.append(resident(live.process.pid))
        status, told = live.end()
        return status, told, sent, memory


if __name__ == "__main__":
    outside.enter()
    status, told, sent, memory = make_noise(wrapper=shlex.split(os.environ.get("MIP6SIM_WRAPPER", "")))
    assert status == 0, "status %d: %s" % (status, told)
    # Tables grow to their limits, that of messages among them; more than that they do not.
    assert memory[-1] - memory[0] < 30000, "resident memory grows: %s KiB" % memory
    print("noise: %d frames; resident %s KiB" % (sent, ", ".join(str(one) for one in memory)))
