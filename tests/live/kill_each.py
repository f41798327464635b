#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""kill -9 at each system call between the arrival of a Binding Update under a static key and what follows its Binding
Acknowledgement: the number in stable storage is never less than one that has been acknowledged, and no Binding Update that has
been accepted is accepted again (RFC 4449, 3; RFC 6275, 9.5.1). And each of those calls on the file fails, with ENOSPC or EIO: the
update is not acknowledged as accepted, the program says so, and goes on.

The Binding Updates come through a TAP, made here with hashlib and hmac. strace counts the calls, and kills: what happens at the
entry of one call is all that can be seen of a kill between it and the one before."""
import hashlib
import hmac
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

import outside
from outside import A, BA, RA, Live, binding_update, home_address_option, icmp_packet, ipv6, link_layer, packed, skip

CN, CN_MAC = "2001:db8:3::1", "02:00:00:00:03:01"
HOME, CARE_OF, ROUTER, ROUTER_MAC = "2001:db8:1::100", "2001:db8:2::200", "fe80::99", "02:00:00:00:99:01"
KCN, HOME_NONCE, CARE_OF_NONCE = bytes(range(20)), bytes(range(0x20, 0x28)), bytes(range(0x30, 0x38))
SCENARIO = """[scenario]
title = A correspondent node with a static key
duration = 600s
[lan home]
prefix = 2001:db8:1::/64
[lan net]
prefix = 2001:db8:3::/64
[home-agent ha]
attached = home
[router r]
attached = net, home
external = yes
[correspondent-node cn]
attached = net
address = %s
mac = %s
dad-transmits = 0
[mobile-node mn]
home-agent = ha
home-address = %s
external = yes
[peers mn cn]
authorization = static-key
kcn = %s
home-nonce = %s
care-of-nonce = %s
""" % (CN, CN_MAC, HOME, KCN.hex(), HOME_NONCE.hex(), CARE_OF_NONCE.hex())


def token(address, nonce, last):
    return hmac.new(KCN, packed(address) + nonce + bytes([last]), hashlib.sha1).digest()[:8]


KBM = hashlib.sha1(token(HOME, HOME_NONCE, 0) + token(CARE_OF, CARE_OF_NONCE, 1)).digest()


def update(number):
    header = binding_update(HOME, CN, number, A, 100, kbm=KBM, care_of=CARE_OF)
    return ipv6(CARE_OF, CN, outside.OPTIONS, home_address_option(outside.MOBILITY, HOME) + header)


def stored(store):
    """The number in the file; None: there is none."""
    path = store + "/cn.store"
    if not os.path.exists(path):
        return None
    octets = open(path, "rb").read()
    assert octets.startswith(b"mip6sim store 1\n") and hashlib.sha256(octets[:-32]).digest() == octets[-32:], "it is damaged"
    name, value = struct.unpack(">HH", octets[16:20])
    assert len(octets) == 16 + 4 + name + value + 32 and octets[20:24] == b"4449"
    return struct.unpack(">H", octets[20 + name:22 + name])[0]


class Correspondent(Live):
    def __init__(self, work):
        self.store = work + "/store"
        if os.path.exists(work + "/socket"):
            os.unlink(work + "/socket")
        super().__init__(SCENARIO, {"net": "tap0"}, ["--store", self.store], work=work)
        self.strace = None
        self.send(icmp_packet(ROUTER, "ff02::1", RA, 0, struct.pack(">BBHII", 64, 0, 1800, 0, 0) + link_layer(1, ROUTER_MAC)),
                  "33:33:00:00:00:01")

    def ask(self, number):
        """(status, sequence) of the acknowledgement; None: none has come, it is dead."""
        try:
            self.send(update(number), CN_MAC)
        except OSError:
            assert self.process.wait(5) != 0    # killed in the call that it was in, and its interface is gone
            return None
        deadline = time.time() + 5
        while time.time() < deadline:
            answer = self.wait(lambda packet: packet.is_mobility(BA), 0.02)
            if answer:
                assert answer.routed == HOME and answer.destination == CARE_OF and answer.is_sound(), answer
                return answer.body[6], answer.word(8)
            if self.process.poll() is not None:
                answer = self.wait(lambda packet: packet.is_mobility(BA), 0)
                return (answer.body[6], answer.word(8)) if answer else None
        raise AssertionError("neither an answer nor an end")

    def trace(self, inject=None):
        """What it calls from now on goes into the file calls; inject says where it is killed, or what fails."""
        calls = self.work + "/calls"
        command = ["strace", "-q", "-p", str(self.process.pid), "-o", calls]
        if inject:
            command += ["-e", "inject=" + inject]
        if os.path.exists(calls):
            os.unlink(calls)
        self.strace = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        deadline = time.time() + 5
        # It is attached when the call that it was in is in the file.
        while not os.path.exists(calls) or os.path.getsize(calls) == 0:
            if time.time() > deadline or self.strace.poll() is not None:
                self.strace.kill()
                skip("strace cannot trace here: " + self.strace.stderr.read().strip())
            time.sleep(0.002)

    def traced(self):
        """Ends the trace; the calls, by name, in order."""
        if self.process.poll() is None:
            self.strace.terminate()
        self.strace.wait()
        self.strace.stderr.close()
        lines = open(self.work + "/calls", encoding="utf-8", errors="replace").read().split("\n")
        return [match[1] for match in (re.match(r"([a-z0-9_]+)\(", line) for line in lines) if match], lines


def occurrences(calls):
    """(name, which) of each."""
    counts, found = {}, []
    for name in calls:
        counts[name] = counts.get(name, 0) + 1
        found.append((name, counts[name]))
    return found


def kill_everywhere(work):
    number = 1
    live = Correspondent(work)
    assert live.ask(number) == (0, number)
    live.trace()
    number += 1
    assert live.ask(number) == (0, number)
    time.sleep(0.1)
    calls, lines = live.traced()
    places = occurrences(calls)
    names = [name for name, _ in places]
    for name in ("openat", "fsync", "renameat", "write"):
        assert name in names, "no %s: %s" % (name, lines)
    # The order that makes it safe: new file, octets, fsync, rename, fsync of the directory; then the frame leaves.
    rename = names.index("renameat")
    assert names.index("openat") < names.index("write") < names.index("fsync") < rename < rename + 1 + names[rename + 1:].index("fsync"), names
    acknowledged, killed, accepted_once, refused = number, [], 0, 0
    for name, which in places:
        number += 1
        live.trace("%s:signal=KILL:when=%d" % (name, which))
        answer = live.ask(number)
        if answer:
            assert answer == (0, number), answer
            acknowledged = number
        deadline = time.time() + 2
        while live.process.poll() is None and time.time() < deadline:
            time.sleep(0.005)
        if live.process.poll() is None:
            live.traced()   # it waits for events, as when it was attached to: there is nothing behind it
            live.process.kill()
        else:
            done, lines = live.traced()
            killed.append(name)
        live.process.wait()
        live.close()
        kept = stored(live.store)
        assert kept in (number - 1, number) and kept >= acknowledged, "%s %d: %s in the file, %d acknowledged" % (name, which, kept, acknowledged)
        live = Correspondent(work)
        # The old one, that has been acknowledged; then this one, once more.
        answer = live.ask(number - 1)
        assert answer == (135, kept), "%s %d: the one before: %s" % (name, which, answer)
        answer = live.ask(number)
        assert answer == ((135, kept) if kept == number else (0, number)), "%s %d, %d in the file: %s" % (name, which, kept, answer)
        refused += answer[0] == 135
        accepted_once += answer[0] == 0
        assert live.ask(number) == (135, number)
        acknowledged = number
    status, told = live.end()
    assert status == 0, told
    assert killed[:names.index("fsync")] and len(killed) >= len(places) - 2, (killed, places)
    assert {"openat", "write", "fsync", "close", "renameat"} <= set(killed), killed
    assert refused > 0 and accepted_once > 0, (refused, accepted_once)
    print("killed at the entry of each of %d system calls (%s): %d times it had not been accepted yet, %d times it was refused" %
          (len(killed), " ".join(killed), accepted_once, refused))
    return number, names


def fail_everywhere(work, number, names):
    to_file = names[names.index("openat"):]
    write = names[:names.index("openat")].count("write") + 1
    before = names[:names.index("openat")].count("close")
    cases = [("openat", "ENOSPC", 1), ("openat", "EACCES", 1), ("write", "ENOSPC", write), ("write", "EIO", write),
             ("fsync", "EIO", 1), ("fsync", "ENOSPC", 1), ("close", "EIO", before + 1), ("renameat", "ENOSPC", 1),
             ("renameat", "EIO", 1), ("fsync", "EIO", 2)]
    assert to_file
    for name, error, which in cases:
        live = Correspondent(work)
        before = stored(live.store)
        number += 1
        live.trace("%s:error=%s:when=%d" % (name, error, which))
        answer = live.ask(number)
        live.traced()
        what = "%s fails with %s" % (name, error)
        assert answer == (130, number), "%s: %s" % (what, answer)
        reason = {"ENOSPC": "No space left on device", "EIO": "Input/output error", "EACCES": "Permission denied"}[error]
        assert "cn.store: cannot be made safe: " + reason in live.told(), "%s: %s" % (what, live.told())
        assert stored(live.store) in (before, number), what
        assert not os.path.exists(live.store + "/cn.store.new"), what
        # It goes on; what was accepted before is refused, and what was not is new.
        assert live.ask(number - 1) == (135, number - 1), what
        assert live.ask(number) == (0, number) and live.ask(number) == (135, number), what
        assert stored(live.store) == number, what
        # In the end it says once more that it has failed.
        status, told = live.end()
        assert status == 1 and told.count("cannot be made safe: " + reason) == 2, (status, told)
        print("%s: not accepted, told, and it goes on" % what)


outside.enter()
if not shutil.which("strace"):
    skip("there is no strace: apt-get install strace")
directory = tempfile.mkdtemp(prefix="mip6sim-kill-each.")
try:
    fail_everywhere(directory, *kill_everywhere(directory))
finally:
    shutil.rmtree(directory, ignore_errors=True)
sys.exit(0)
