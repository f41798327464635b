# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests outside share: a network namespace of their own, the program with a TAP or two, and packets made and read from
the RFCs' diagrams alone (RFC 8200, 4443, 4861, 6275), with struct, hashlib and hmac."""
import atexit
import hashlib
import hmac
import itertools
import os
import shutil
import signal
import select
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback

PROGRAM = os.environ.get("MIP6SIM", "./mip6sim")

# Next headers, ICMPv6 types, Mobility Header types.
HOP_BY_HOP, IPV6, UDP, ROUTING, FRAGMENT, ESP, ICMPV6, NONE, OPTIONS, MOBILITY = 0, 41, 17, 43, 44, 50, 58, 59, 60, 135
UNREACHABLE, TOO_BIG, TIME_EXCEEDED, PARAMETER, ECHO, REPLY = 1, 2, 3, 4, 128, 129
RS, RA, NS, NA, REDIRECT = 133, 134, 135, 136, 137
DHAAD_REQUEST, DHAAD_REPLY, MPS, MPA = 144, 145, 146, 147
BRR, HOTI, COTI, HOT, COT, BU, BA, BE = range(8)


def skip(why):
    print("SKIP: " + why)
    sys.exit(77)


def enter():
    """Begins this test again in a network namespace of its own, or skips it."""
    if os.geteuid() != 0 or not os.path.exists("/dev/net/tun"):
        skip("this needs root and TAP interfaces")
    if "MIP6SIM_INSIDE" not in os.environ:
        unshare = shutil.which("unshare")
        if not unshare or subprocess.run([unshare, "-n", "true"], stderr=subprocess.DEVNULL).returncode != 0:
            skip("no network namespaces can be made here")
        os.environ["MIP6SIM_INSIDE"] = "1"
        os.execv(unshare, [unshare, "-n", sys.executable, *sys.argv])


def packed(address):
    return address if isinstance(address, bytes) else socket.inet_pton(socket.AF_INET6, address)


def text(octets):
    return socket.inet_ntop(socket.AF_INET6, octets)


def mac(address):
    return bytes.fromhex(address.replace(":", ""))


# ---- making packets ----

def checksum(source, destination, protocol, octets):
    """RFC 8200, 8.1."""
    data = packed(source) + packed(destination) + struct.pack(">II", len(octets), protocol) + octets
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ipv6(source, destination, next_header, payload, hop_limit=64, length=None):
    return (struct.pack(">IHBB", 6 << 28, len(payload) if length is None else length, next_header, hop_limit)
            + packed(source) + packed(destination) + payload)


def icmp(source, destination, kind, code, body, value=None):
    """An ICMPv6 message; its checksum, or the value given."""
    octets = bytes([kind, code, 0, 0]) + body
    value = checksum(source, destination, ICMPV6, octets) if value is None else value
    return octets[:2] + struct.pack(">H", value) + octets[4:]


def icmp_packet(source, destination, kind, code, body, hop_limit=255, value=None):
    return ipv6(source, destination, ICMPV6, icmp(source, destination, kind, code, body, value), hop_limit)


def echo(source, destination, data=b"abcdefgh", identifier=7, sequence=9, hop_limit=64, kind=ECHO):
    return icmp_packet(source, destination, kind, 0, struct.pack(">HH", identifier, sequence) + data, hop_limit)


def option(kind, data):
    return bytes([kind, len(data)]) + data


def link_layer(kind, address):
    return bytes([kind, 1]) + mac(address)


def prefix_option(prefix, length=64, flags=0xc0, valid=3600, preferred=1800):
    return struct.pack(">BBBBIII", 3, 4, length, flags, valid, preferred, 0) + packed(prefix)


def options_header(next_header, options):
    """Destination or hop-by-hop options, padded to a multiple of 8."""
    gap = -(len(options) + 2) % 8
    padding = b"" if gap == 0 else b"\0" if gap == 1 else bytes([1, gap - 2]) + bytes(gap - 2)
    return bytes([next_header, (len(options) + 2 + gap) // 8 - 1]) + options + padding


def home_address_option(next_header, home_address):
    """RFC 6275, 6.3: the option at 8n + 6."""
    return bytes([next_header, 2, 1, 2, 0, 0, 201, 16]) + packed(home_address)


def type_2(next_header, home_address, left=1, length=2, kind=2):
    return bytes([next_header, length, kind, left, 0, 0, 0, 0]) + packed(home_address)


def mobility(source, destination, kind, body, proto=NONE, length=None, value=None, reserved=0):
    """A Mobility Header; addresses are those that the checksum is made with (RFC 6275, 6.1.1)."""
    body += b"" if (len(body) + 6) % 8 == 0 else bytes([1, -(len(body) + 8) % 8]) + bytes(-(len(body) + 8) % 8)
    octets = bytes([proto, (len(body) + 6) // 8 - 1 if length is None else length, kind, reserved, 0, 0]) + body
    value = checksum(source, destination, MOBILITY, octets) if value is None else value
    return octets[:4] + struct.pack(">H", value) + octets[6:]


def test_init(source, destination, kind, cookie, options=b"", reserved=0):
    """HoTI or CoTI (RFC 6275, 6.1.3, 6.1.4)."""
    return mobility(source, destination, kind, struct.pack(">H", reserved) + cookie + options)


def authenticator(kbm, care_of, correspondent, header):
    """Over a Mobility Header whose last 12 octets it will be; the checksum counts as 0 (RFC 6275, 6.2.7)."""
    data = header[:4] + b"\0\0" + header[6:-12]
    return hmac.new(kbm, packed(care_of) + packed(correspondent) + data, hashlib.sha1).digest()[:12]


def binding_update(home, correspondent, sequence, flags, lifetime, options=b"", kbm=None, care_of=None, right=True, **rest):
    """A Mobility Header; with a Kbm, the Binding Authorization Data option is its last (RFC 6275, 6.1.7, 6.2.7)."""
    body = struct.pack(">HHH", sequence, flags, lifetime) + options
    if kbm is None:
        return mobility(home, correspondent, BU, body, **rest)
    gap = -(len(body) + 6 + 14) % 8  # the option is the end of the header, and that a multiple of 8
    body += b"" if gap == 0 else b"\0" if gap == 1 else bytes([1, gap - 2]) + bytes(gap - 2)
    body += bytes([5, 12]) + bytes(12)
    bare = mobility(home, correspondent, BU, body, **rest)
    value = authenticator(kbm, care_of, correspondent, bare)
    if not right:
        value = bytes([value[0] ^ 1]) + value[1:]
    return mobility(home, correspondent, BU, body[:-12] + value, **rest)


A, H, L, K = 0x8000, 0x4000, 0x2000, 0x1000


# ---- reading them ----

class Packet:
    """A received IPv6 packet. upper: the last header's number, body: its octets; home: of a Home Address option, routed: of a
    type 2 routing header."""

    def __init__(self, frame):
        self.frame, self.octets = frame, frame[14:]
        self.source, self.destination = text(self.octets[8:24]), text(self.octets[24:40])
        self.hop_limit = self.octets[7]
        length, = struct.unpack(">H", self.octets[4:6])
        self.octets = self.octets[:40 + length]
        self.upper, self.at, self.routed, self.home, self.fragment = self.octets[6], 40, None, None, None
        while self.upper in (HOP_BY_HOP, ROUTING, OPTIONS, FRAGMENT):
            header, at = self.upper, self.at
            if header == ROUTING and self.octets[at + 2] == 2:
                self.routed = text(self.octets[at + 8:at + 24])
            if header == OPTIONS and self.octets[at + 6] == 201:
                self.home = text(self.octets[at + 8:at + 24])
            if header == FRAGMENT:
                self.fragment, = struct.unpack(">H", self.octets[at + 2:at + 4])
            self.upper = self.octets[at]
            self.at += 8 if header == FRAGMENT else 8 * (self.octets[at + 1] + 1)
        self.body = self.octets[self.at:]

    def is_sound(self):
        """Are its checksums right?"""
        if self.upper not in (ICMPV6, MOBILITY, UDP) or self.fragment:
            return True
        return checksum(self.home or self.source, self.routed or self.destination, self.upper, self.body) == 0

    def word(self, at):
        return struct.unpack(">H", self.body[at:at + 2])[0]

    def long(self, at):
        return struct.unpack(">I", self.body[at:at + 4])[0]

    def is_icmp(self, kind):
        return self.upper == ICMPV6 and self.body[0] == kind

    def is_mobility(self, kind):
        return self.upper == MOBILITY and self.body[2] == kind

    def mobility_options(self):
        start = {BRR: 8, HOTI: 16, COTI: 16, HOT: 24, COT: 24, BU: 12, BA: 12, BE: 24}[self.body[2]]
        return options_of(self.body[start:])

    def neighbor_options(self):
        at, found = {RS: 8, RA: 16, NS: 24, NA: 24, REDIRECT: 40, MPA: 8}[self.body[0]], []
        while at < len(self.body):
            found.append(self.body[at:at + 8 * self.body[at + 1]])
            at += 8 * self.body[at + 1]
        return found

    def __str__(self):
        return "%s > %s %d %s" % (self.source, self.destination, self.upper, self.body[:24].hex())


def options_of(octets):
    at, found = 0, {}
    while at < len(octets):
        if octets[at] == 0:
            at += 1
            continue
        found[octets[at]] = octets[at + 2:at + 2 + octets[at + 1]]
        at += 2 + octets[at + 1]
    return found


def kind_of(packet):
    """What an answer is, in a word and its numbers."""
    body = packet.body
    if packet.upper == ICMPV6:
        if body[0] == PARAMETER:
            return ("parameter", body[1], packet.long(4))
        names = {UNREACHABLE: "unreachable", TIME_EXCEEDED: "time exceeded"}
        if body[0] in names:
            return (names[body[0]], body[1])
        return {TOO_BIG: ("too big", packet.long(4)), ECHO: ("echo",), REPLY: ("reply",), RS: ("rs",), RA: ("ra",), NS: ("ns",),
                NA: ("na",), REDIRECT: ("redirect",), DHAAD_REQUEST: ("dhaad request",), DHAAD_REPLY: ("dhaad reply",),
                MPS: ("mps",), MPA: ("mpa",)}.get(body[0], ("icmp", body[0], body[1]))
    if packet.upper == MOBILITY:
        if body[2] == BE:
            return ("be", body[6])
        if body[2] == BA:
            return ("ba", body[6])
        return (["brr", "hoti", "coti", "hot", "cot", "bu"][body[2]],) if body[2] < 6 else ("mobility", body[2])
    return ("next header", packet.upper)


# ---- the program ----

taps_used = itertools.count()


def new_tap():
    """A name for one more interface."""
    return "tap%d" % next(taps_used)


def at_once(report, *parts):
    """Runs them side by side, each with programs and interfaces of its own: most of them wait most of the time."""
    def run(part):
        try:
            part()
        except Exception:
            report.case("%s: runs to its end" % part.__name__, False, traceback.format_exc())
    threads = [threading.Thread(target=run, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Live:
    """The program with a scenario, and the packets at its TAPs."""

    def __init__(self, scenario, taps, arguments=(), work=None, wrapper=()):
        self.work = work or tempfile.mkdtemp(prefix="mip6sim-outside.")
        self.own = work is None
        self.answers = {}   # address: MAC; solicitations for it are answered
        self.answered = 0   # so many solicitations
        self.aside = {}     # tap: frames that have come there while we read another
        path = os.path.join(self.work, "scenario.ini")
        with open(path, "w", encoding="ascii") as file:
            file.write(scenario)
        self.errors = open(os.path.join(self.work, "errors"), "w+", encoding="utf-8", errors="replace")
        self.control = os.path.join(self.work, "socket")
        command = [*wrapper, PROGRAM, "live", path, "--out", os.path.join(self.work, "out"), "--control", self.control, *arguments]
        for lan, tap in taps.items():
            command += ["--tap", lan + "=" + tap]
        # The kernel's own IPv6 keeps out of it; and we hear all that comes from any interface, from its first frame on.
        with open("/proc/sys/net/ipv6/conf/default/disable_ipv6", "w", encoding="ascii") as file:
            file.write("1")
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86dd))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.setblocking(False)
        self.taps = list(taps.values())
        self.tap = self.taps[0]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=self.errors)
        atexit.register(lambda: self.process.poll() is None and self.process.kill())
        deadline = time.time() + (60 if wrapper else 20)
        while not os.path.exists(self.control):
            if time.time() > deadline or self.process.poll() is not None:
                raise AssertionError("the program does not run: " + self.told())
            time.sleep(0.002)

    def told(self):
        with open(os.path.join(self.work, "errors"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def ctl(self, *words):
        return subprocess.run([PROGRAM, "ctl", self.control, *words], capture_output=True, text=True, check=True).stdout

    def random_tap(self, source):
        return source.choice(self.taps)

    def send(self, packet, destination, source="02:00:00:00:99:01", tap=None):
        self.socket.sendto(mac(destination) + mac(source) + b"\x86\xdd" + packet, (tap or self.tap, 0x86dd))

    def read(self, seconds, tap=None):
        """Packets, one after the other; solicitations for addresses in answers are answered."""
        tap = tap or self.tap
        aside = self.aside.setdefault(tap, [])
        deadline = time.time() + seconds
        while True:
            try:
                frame, address = (aside.pop(0), None) if aside else self.socket.recvfrom(65535)
            except BlockingIOError:
                left = deadline - time.time()
                if left <= 0:
                    return
                select.select([self.socket], [], [], left)
                continue
            if address and (address[2] == socket.PACKET_OUTGOING or frame[12:14] != b"\x86\xdd"):
                continue
            if address and address[0] != tap:
                if address[0] in self.taps:
                    self.aside.setdefault(address[0], []).append(frame)
                continue
            packet = Packet(frame)
            if packet.is_icmp(NS) and packet.source != "::":
                target = text(packet.body[8:24])
                ours = self.answers.get(target)
                if ours:
                    self.answered += 1
                    self.send(icmp_packet(target, packet.source, NA, 0, b"\x60\0\0\0" + packed(target) + link_layer(2, ours)),
                              ":".join("%02x" % octet for octet in frame[6:12]), ours, tap)
                    continue
            yield packet

    def drain(self, tap=None):
        for _ in self.read(0, tap):
            pass

    def wait(self, matches, seconds=1.0, tap=None):
        for packet in self.read(seconds, tap):
            if matches(packet):
                return packet
        return None

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.close()

    def close(self):
        self.socket.close()
        self.errors.close()
        if self.own:
            shutil.rmtree(self.work, ignore_errors=True)

    def end(self):
        """Its exit status and what it has said."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(60)
        told = self.told()
        self.close()
        return status, told


# ---- cases ----

class Report:
    """One line for each case."""

    def __init__(self):
        self.cases = self.failures = 0

    def case(self, title, good, detail=""):
        self.cases += 1
        self.failures += not good
        sys.stdout.write(("ok    " if good else "FAIL  ") + title + ("" if good else ": %s" % (detail,)) + "\n")
        return good

    def end(self):
        """The exit status."""
        print("%d cases, %d failures" % (self.cases, self.failures))
        return int(self.failures > 0)


class Tester:
    """A node under test, and packets to it, each followed by an echo request from a stranger, the mark: what has not come before
    its reply does not come."""

    def __init__(self, live, report, address, station, stranger="2001:db8:77::77", ignored=(), tap=None):
        self.live, self.report, self.address, self.station, self.stranger, self.tap = live, report, address, station, stranger, tap
        self.ignored = set(ignored)  # kinds of packets that come by themselves
        self.marks = 0

    def mark(self):
        self.marks += 1
        return echo(self.stranger, self.address, b"a mark", 0x4d4b, self.marks)

    def exchange(self, *packets, station=None, ignored=None, source="02:00:00:00:99:01"):
        """What comes of packets: all answers to them, in order."""
        ignored = self.ignored if ignored is None else ignored
        for packet in packets:
            self.live.send(packet, station or self.station, source, tap=self.tap)
        answered = self.live.answered
        self.live.send(self.mark(), self.station, tap=self.tap)
        found = []
        for packet in self.live.read(5.0, self.tap):
            if packet.is_icmp(REPLY) and packet.destination == self.stranger and packet.word(4) == 0x4d4b:
                if packet.word(6) < self.marks:
                    continue
                if answered == self.live.answered:
                    return found
                answered = self.live.answered  # something has waited for that answer: it comes before the next mark's
                self.live.send(self.mark(), self.station, tap=self.tap)
            elif kind_of(packet)[0] not in ignored:
                if not packet.is_sound():
                    found.append("a wrong checksum: %s" % packet)
                found.append(packet)
        return found + ["nothing at all"]

    def expect(self, title, packets, expected, check=lambda packet: True, **rest):
        """The kinds of the answers, and what must hold of the first."""
        rest.setdefault("ignored", self.ignored - {kind[0] for kind in expected})
        found = self.exchange(*(packets if isinstance(packets, list) else [packets]), **rest)
        kinds = [kind_of(packet) if not isinstance(packet, str) else packet for packet in found]
        good = kinds == expected and (not expected or bool(check(found[0])))
        self.report.case(title, good, "expected %s, came %s" % (expected or "silence", [str(packet) for packet in found]
                                                                 if kinds == expected else kinds))
        return found[0] if good and found else None

    def finish(self):
        status, told = self.live.end()
        self.report.case("the program ends as it should", status == 0, told)
