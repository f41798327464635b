#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Random frames, and valid ones with some octets changed, into two TAPs (10 s; MIP6SIM_NOISE seconds): the program goes
on, answers a client all the while, its memory does not grow, and it ends as it should. Runs as root in a network namespace of
its own."""
import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

if os.geteuid() != 0 or not os.path.exists("/dev/net/tun"):
    print("SKIP: this needs root and TAP interfaces")
    sys.exit(77)
if "MIP6SIM_INSIDE" not in os.environ:
    unshare = shutil.which("unshare")
    if not unshare or subprocess.run([unshare, "-n", "true"], stderr=subprocess.DEVNULL).returncode != 0:
        print("SKIP: no network namespaces can be made here")
        sys.exit(77)
    os.environ["MIP6SIM_INSIDE"] = "1"
    os.execv(unshare, [unshare, "-n", sys.executable, *sys.argv])

program = os.environ["MIP6SIM"]
seconds = float(os.environ.get("MIP6SIM_NOISE", "10"))
work = tempfile.mkdtemp(prefix="mip6sim-noise.")
random.seed(int(os.environ.get("MIP6SIM_NOISE_SEED", "6275")))
text = open(os.environ["top_srcdir"] + "/scenarios/first-handover.ini").read()
open(work + "/scenario.ini", "w").write(text[:text.index("[expect]")])


def frames_of(path):
    octets, at, frames = open(path, "rb").read(), 24, []
    while at < len(octets):
        length, = struct.unpack("<I", octets[at + 8:at + 12])
        frames.append(octets[at + 16:at + 16 + length])
        at += 16 + length
    return frames


def resident(pid):
    for line in open("/proc/%d/status" % pid):
        if line.startswith("VmRSS"):
            return int(line.split()[1])


try:
    subprocess.run([program, "run", work + "/scenario.ini", "--pcap", "--out", work + "/seed"], check=True,
                   stdout=subprocess.DEVNULL)
    valid = frames_of(work + "/seed/home.pcap") + frames_of(work + "/seed/visited.pcap")
    header = valid[0][:12] + b"\x86\xdd"
    valid += [header + packet for packet in frames_of(work + "/seed/edge-cn.pcap")]
    errors = open(work + "/errors", "w+")
    live = subprocess.Popen([program, "live", work + "/scenario.ini", "--tap", "home=tap0", "--tap", "visited=tap1",
                             "--duration", "forever", "--control", work + "/socket", "--out", work + "/out"],
                            stdout=subprocess.DEVNULL, stderr=errors)
    while not os.path.exists(work + "/socket") and live.poll() is None:
        time.sleep(0.01)
    sockets = []
    for name in ("tap0", "tap1"):
        one = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        one.bind((name, 0x86dd))
        one.setblocking(False)
        sockets.append(one)
    begun, sent, early, looked = time.time(), 0, None, 0
    while time.time() - begun < seconds:
        kind = random.random()
        frame = bytearray(random.choice(valid) if kind < 0.9 else os.urandom(random.choice((14, 15, 54, 60, 100, 1514))))
        if kind < 0.7:
            for _ in range(random.randint(1, 8)):
                frame[random.randrange(12, len(frame))] = random.randrange(256)
            if random.random() < 0.2:
                frame = frame[:random.randrange(14, len(frame) + 1)]
        elif kind >= 0.9 and random.random() < 0.7:
            frame[:14] = random.choice(valid)[:12] + b"\x86\xdd"
        try:
            random.choice(sockets).send(bytes(frame))
            sent += 1
        except OSError:
            time.sleep(0.0005)
        assert sent % 1000 or live.poll() is None, "it has died"
        if time.time() - begun > looked + 1:
            looked += 1
            subprocess.run([program, "ctl", work + "/socket", "show", "links"], check=True, stdout=subprocess.DEVNULL)
            if early is None and looked >= max(2, seconds / 3):
                early = resident(live.pid)
    late = resident(live.pid)
    live.send_signal(signal.SIGINT)
    status = live.wait(30)
    errors.seek(0)
    assert status == 0, "status %d: %s" % (status, errors.read())
    # Tables grow to their limits, the table of messages among them; more than that they do not.
    assert late - early < 30000, "resident memory grows from %d to %d KiB" % (early, late)
    print("noise: %d frames; resident %d KiB, then %d KiB" % (sent, early, late))
finally:
    shutil.rmtree(work, ignore_errors=True)
