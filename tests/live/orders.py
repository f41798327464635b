#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Random orders, half of them wrong, to runs with two TAPs between which the kernel sends: nothing breaks, wrong ones change
nothing, answers in JSON are JSON; and the same frames and orders under the virtual clock give the same frames, to the
nanosecond. Seeds 1 and 2, 120 orders each (MIP6SIM_ORDERS: as many others; the first argument: another seed)."""
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import outside

outside.enter()
scenarios = os.path.join(os.environ.get("srcdir", "."), "scenarios")
count = int(os.environ.get("MIP6SIM_ORDERS", "120"))
VALUES = """yes no 1s 10s 60s 100ms 4s 420s 1s..2s 30ms..70ms 1400 64 1 0 5 50% 1% none unlimited infinite unspecified eager lazy
always never on-traffic no-sequence-check no-anti-replay at-once 1Mbit/s uniform(1ms,3ms) gilbert-elliott(1%,25%)""".split()
MESSAGES = ["BU", "BA", "HoTI", "HoT", "CoTI", "CoT", "any", "UDP", "RA", "RS", "NS", "NA", "Echo Request", "BE", "MPS", "MPA"]
PREFIXES = ["2001:db8:%x::/64" % number for number in (0x11, 0x22, 0x33, 1, 2)]
ADDRESSES = ["2001:db8:1::7", "2001:db8:1::8", "2001:db8:1::1", "2001:db8:2::77", "2001:db8:77::1"]
TOPICS = "bindings neighbours nonces addresses routes associations advertisements prefixes nodes links faults".split()


class Run:
    """A live run, and what is there."""

    def __init__(self, work, scenario):
        self.work = work
        self.process = subprocess.Popen(
            [outside.PROGRAM, "live", scenario, "--duration", "forever", "--control", work + "/socket", "--out", work + "/out",
             "--tap", "home=tap0", "--tap", "visited=tap1", "--record", "home=" + work + "/home.pcap", "--record",
             "visited=" + work + "/visited.pcap", "--record-random", work + "/journal"],
            stdout=open(work + "/told", "w"), stderr=open(work + "/errors", "w"))
        for _ in range(100):
            if os.path.exists(work + "/socket"):
                break
            time.sleep(0.1)
        kinds = {row["node"]: row["kind"] for row in self.rows("nodes")}
        self.mobile = [name for name in kinds if kinds[name] == "mobile-node"]
        self.nodes = [name for name in kinds if name not in self.mobile]
        links = {row["link"]: row["kind"] for row in self.rows("links")}
        self.links = list(links)
        self.lans = [name for name in links if links[name] != "point-to-point"]
        self.kinds = {**kinds, **links}
        self.keys = {kind: self.changeable(kind) for kind in [*self.kinds.values(), "peers"]}

    @staticmethod
    def changeable(kind):
        told = subprocess.run([outside.PROGRAM, "keys", kind], capture_output=True, text=True, check=True).stdout
        return [line.split()[0] for line in told.split("\n") if line.endswith("[at]")]

    def ask(self, command, mode):
        client = socket.socket(socket.AF_UNIX)
        client.connect(self.work + "/socket")
        client.settimeout(30)
        client.sendall(("%s %s\n" % (mode, command)).encode())
        answer = b""
        while b"\n" not in answer or len(answer.split(b"\n", 1)[1]) < int(answer.split(b"\n", 1)[0].split()[1]):
            octets = client.recv(1 << 16)
            assert octets, "gone at %s: %s" % (command, open(self.work + "/errors").read()[-2000:])
            answer += octets
        client.close()
        head, rest = answer.split(b"\n", 1)
        if mode == "json":
            json.loads(rest)
        return head.startswith(b"ok "), rest.decode()

    def rows(self, topic):
        return json.loads(self.ask("show " + topic, "json")[1])

    def order(self):
        """Any, right or wrong."""
        one = random.choice
        name = one(list(self.kinds))
        return one([
            lambda: "attach %s %s" % (one(self.mobile), one(self.lans)),
            lambda: "detach %s" % one(self.mobile),
            lambda: "reboot %s%s" % (one(self.nodes + self.mobile), one(["", " for 300ms", " without-storage"])),
            lambda: "%s %s%s" % (one(["down", "up"]), one(self.nodes), one(["", " for 200ms"])),
            lambda: "link %s %s" % (one(self.links), one(["down for 300ms", "up", "mend", "loss 10% for 1s"])),
            lambda: "set %s %s / %s = %s" % (self.kinds[name], name, one(self.keys[self.kinds[name]]), one(VALUES)),
            lambda: "set %s / %s = %s" % (name, one(self.keys[self.kinds[name]]), one(VALUES)),
            lambda: "%s %s %s %s" % (one(["prefix", "deprecate", "withdraw"]), one(self.lans), one(PREFIXES),
                                     one(["", "valid 60s", "valid 60s preferred 30s", "on-link no autonomous no", "valid 0s"])),
            lambda: "%s %s %s" % (one(["silent", "cease", "advertise"]), one(self.nodes), one(["", *self.lans])),
            lambda: "%s %s address %s" % (one(["add", "remove"]), one(self.nodes), one(ADDRESSES)),
            lambda: "%s %s" % (one(self.nodes), one(["add route 2001:db8:99::/64 via fe80::1 on home", "add default-router fe80::1",
                                                     "remove route 2001:db8:99::/64", "remove default-router"])),
            lambda: "ipsec %s %s" % (one(self.mobile), one(["rekey", "off", "on", "rekey 3des-cbc", "rekey null hmac-sha-256-128",
                                                            "rekey spi 300", "rekey sa1 spi 310 sa3 spi 311", "rekey 3des-cbc sa2"])),
            lambda: "%s %s %s %s%s%s" % (one(["drop", "duplicate", "corrupt", "hold-back"]), one(self.links),
                                         one(["", "3", "the 2nd", "every 2", "all", "100ms", "100ms 5"]), one(MESSAGES),
                                         one(["", " from " + one(self.nodes), " to " + one(self.mobile), " probability 50%"]),
                                         one(["", " for 500ms"])),
            lambda: "show " + one(TOPICS),
            lambda: "capture %s %s %s/%d.pcap" % (one(["start", "stop"]), one(self.links), self.work, random.randrange(100)),
        ])()


def bring_up(interface, address):
    for words in ("tuntap add dev %s mode tap" % interface, "link set %s up" % interface,
                  "-6 addr add %s/64 dev %s nodad" % (address, interface)):
        subprocess.run(["ip", *words.split()], check=True)


def run(seed, scenario):
    random.seed(seed)
    work = tempfile.mkdtemp(prefix="mip6sim-orders.")
    try:
        live = Run(work, scenario)
        pings = [subprocess.Popen(["ping", "-6", "-q", "-i", "0.05", "-w", "60", to], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) for to in ("2001:db8:1::1:0:1", "2001:db8:2::1")]
        right = 0
        for _ in range(count):
            command = live.order()
            right += live.ask(command, random.choice(["text", "json"]))[0]
            assert live.process.poll() is None, "gone after " + command
            time.sleep(random.random() * 0.1)
        live.ask("stop", "text")
        status = live.process.wait(30)
        for ping in pings:
            ping.kill()
            ping.wait()
        assert status == 0, open(work + "/errors").read()[-2000:]
        again = subprocess.run([outside.PROGRAM, "replay", scenario, "--tap", "home=" + work + "/home.pcap", "--tap",
                                "visited=" + work + "/visited.pcap", "--random", work + "/journal"], capture_output=True, text=True)
        assert again.returncode == 0 and again.stdout.count("identical") == 2, again.stdout + again.stderr
        frames = re.findall(r"(\d+) frames fed, (\d+) emitted", again.stdout)
        print("orders: seed %d: %d right orders of %d; fed and emitted: %s" % (seed, right, count, frames))
    finally:
        shutil.rmtree(work)


for tool in ("ip", "ping"):
    if not shutil.which(tool):
        outside.skip("there is no " + tool)
with tempfile.NamedTemporaryFile("w", prefix="mip6sim-orders.", suffix=".ini") as own:
    own.write(open(os.path.join(scenarios, "live/home.ini")).read().split("[expect]")[0])
    own.flush()
    bring_up("tap0", "2001:db8:1::99")
    bring_up("tap1", "2001:db8:2::99")
    for chosen in [int(argument) for argument in sys.argv[1:2]] or (1, 2):
        run(chosen, own.name)
sys.exit(0)
