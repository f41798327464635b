#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes attacker.h: what an attacker hears and what it is to make of it, as scapy and hashlib build it (RFC 6275, 5.2,
6.1; RFC 4449, 3). Run by hand when a message is added; the result is kept, so the tests need no scapy."""

import hashlib
import hmac
import socket
import struct

from scapy.layers.inet6 import (HAO, ICMPv6EchoRequest, ICMPv6ND_NA, ICMPv6ND_NS, ICMPv6NDOptDstLLAddr,
                                ICMPv6NDOptSrcLLAddr, ICMPv6ParamProblem, IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrRouting,
                                UDP)
from scapy.layers.l2 import Ether
from scapy.utils import checksum

MN, CN, HA = "2001:db8:1::100", "2001:db8:3::2", "2001:db8:1::1"
CARE_OF = "2001:db8:2::100"
OWN = "2001:db8:6::66"
VICTIM = "2001:db8:7::7"
COOKIE_HOME, COOKIE_CARE_OF = bytes(range(0x10, 0x18)), bytes(range(0x20, 0x28))
TOKEN_HOME, TOKEN_CARE_OF = bytes(range(0xa0, 0xa8)), bytes(range(0xb0, 0xb8))
KCN = bytes(range(20))
NONCE_HOME, NONCE_CARE_OF = bytes(range(0x30, 0x38)), bytes(range(0x40, 0x48))


def address(text):
    return socket.inet_pton(socket.AF_INET6, text)


def mobility(kind, body, source, destination):
    """The checksum is over the addresses that upper layers see (RFC 6275, 6.1.1)."""
    message = bytes([59, (6 + len(body)) // 8 - 1, kind, 0, 0, 0]) + body
    assert len(message) % 8 == 0
    pseudo = address(source) + address(destination) + struct.pack("!II", len(message), 135)
    return message[:4] + struct.pack("!H", checksum(pseudo + message)) + message[6:]


def ip(source, destination, nh=None):
    return IPv6(src=source, dst=destination, hlim=64, nh=nh) if nh else IPv6(src=source, dst=destination, hlim=64)


def plain(kind, body, source, destination):
    return ip(source, destination, 135) / mobility(kind, body, source, destination)


def init(kind, cookie, source):
    return plain(kind, bytes(2) + cookie, source, CN)


def test(kind, index, cookie, token, destination, source=CN):
    return plain(kind, struct.pack("!H", index) + cookie + token, source, destination)


def keygen(nonce, addr, kind):
    return hmac.new(KCN, address(addr) + nonce + bytes([kind]), hashlib.sha1).digest()[:8]


def kbm_static(home, care_of, deletion=False):
    return hashlib.sha1(keygen(NONCE_HOME, home, 0) +
                        (b"" if deletion else keygen(NONCE_CARE_OF, care_of, 1))).digest()


def with_home(care_of, home, message, nh=135):
    return ip(care_of, CN) / IPv6ExtHdrDestOpt(options=[HAO(hoa=home)], nh=nh) / message


def authenticated(kind, head, options, kbm, care_of, correspondent, source, destination):
    """options: those before Binding Authorization Data, padded so that it stands at 8n + 2."""
    body = head + options
    message = bytes([59, (6 + len(body) + 14) // 8 - 1, kind, 0, 0, 0]) + body + b"\x05\x0c"
    mac = hmac.new(kbm, address(care_of) + address(correspondent) + message, hashlib.sha1).digest()[:12]
    return mobility(kind, body + b"\x05\x0c" + mac, source, destination)


def update(sequence, lifetime, kbm, care_of, indices=None, home=MN):
    """The body begins at offset 6; nonce indices stand at 12 and leave 18 for the authorization data."""
    head = struct.pack("!HHH", sequence, 0x8000, lifetime // 4)
    options = struct.pack("!BBHH", 4, 4, *indices) if indices else b"\x01\x04" + bytes(4)
    registered = care_of if lifetime else home  # 6.2.7
    return with_home(care_of, home, authenticated(5, head, options, kbm, registered, CN, home, CN))


def acknowledgement(status, sequence, lifetime, kbm, care_of, home=MN):
    head = struct.pack("!BBHH", status, 0, sequence, lifetime // 4)
    message = authenticated(6, head, b"\x01\x04" + bytes(4), kbm, care_of, CN, CN, home)
    return ip(CN, care_of) / IPv6ExtHdrRouting(type=2, segleft=1, addresses=[home], nh=135) / message


def refusal(status, sequence, care_of, home=MN):
    """Without authorization data, which an attacker does not look at."""
    body = struct.pack("!BBHH", status, 0, sequence, 0) + b"\x01\x02\x00\x00"
    return (ip(CN, care_of) / IPv6ExtHdrRouting(type=2, segleft=1, addresses=[home], nh=135) /
            mobility(6, body, CN, home))


KBM = hashlib.sha1(TOKEN_HOME + TOKEN_CARE_OF).digest()
KBM_DELETION = hashlib.sha1(TOKEN_HOME).digest()
HOME_TEST = test(3, 7, COOKIE_HOME, TOKEN_HOME, MN)
STATION, ROUTER = "02:00:00:00:00:66", "02:00:00:00:00:01"
EACH_0 = "2001:db8:6::1:0"

VECTORS = [
    ("HOME_TEST_INIT", "the attacker's, from the mobile node's home address", init(1, COOKIE_HOME, MN)),
    ("CARE_OF_TEST_INIT", "from its own address", init(2, COOKIE_CARE_OF, OWN)),
    ("HOME_TEST_HEARD", "index 7", HOME_TEST),
    ("HOME_TEST_OTHER_COOKIE", "of the mobile node's own test", test(3, 7, bytes(8), TOKEN_HOME, MN)),
    ("HOME_TEST_TUNNELLED", "on its way to the mobile node", ip(HA, CARE_OF) / HOME_TEST),
    ("CARE_OF_TEST_HEARD", "index 9", test(4, 9, COOKIE_CARE_OF, TOKEN_CARE_OF, OWN)),
    ("UPDATE", "sequence 0x1234, 420 s", update(0x1234, 420, KBM, OWN, (7, 9))),
    ("UPDATE_NEXT", "sequence 0x4322", update(0x4322, 420, KBM, OWN, (7, 9))),
    ("UPDATE_DELETION", "sequence 0x1234 and then 0x1235, lifetime 0", update(0x1235, 0, KBM_DELETION, OWN, (7, 9))),
    ("UPDATE_STATIC_KEY", "sequence 0x1234", update(0x1234, 420, kbm_static(MN, OWN), OWN)),
    ("REFUSAL_135", "last accepted 0x4321", refusal(135, 0x4321, OWN)),
    ("REFUSAL_136", "of sequence 0x1234", refusal(136, 0x1234, OWN)),
    ("VICTIMS_UPDATE", "the mobile node's, sequence 0x4321", update(0x4321, 420, kbm_static(MN, CARE_OF), CARE_OF)),
    ("ACKNOWLEDGEMENT", "status 129, with the static key",
     acknowledgement(129, 0x4321, 420, kbm_static(MN, CARE_OF), CARE_OF)),
    ("BINDING_ERROR", "status 1, about the mobile node",
     plain(7, b"\x01\x00" + address(MN), CN, MN)),
    ("REFRESH_REQUEST", "in the correspondent's name", plain(0, bytes(2), CN, MN)),
    ("DATAGRAM_HOME_ADDRESS", "four octets to port 9, Home Address option naming the victim",
     with_home(OWN, VICTIM, UDP(sport=49152, dport=9) / (b"\xff" * 4), 17)),
    ("DATAGRAM_ROUTING", "type 2 routing header naming the victim",
     ip(OWN, MN) / IPv6ExtHdrRouting(type=2, segleft=1, addresses=[VICTIM]) / UDP(sport=49152, dport=9) / (b"\xff" * 4)),
    ("ECHO_REQUEST", "identifier 49152, sequence 0", ip(OWN, CN) / ICMPv6EchoRequest(id=49152, seq=0, data=b"\xff" * 4)),
    ("PARAMETER_PROBLEM", "code 1, quoting what the mobile node has sent",
     ip(CN, MN) / ICMPv6ParamProblem(code=1, ptr=6) / bytes(update(0x4321, 420, kbm_static(MN, CARE_OF), CARE_OF))),
    ("EACH_HOME_TEST_INIT", "from the first of the attacker's own addresses", init(1, COOKIE_HOME, EACH_0)),
    ("EACH_HOME_TEST", "the answer", test(3, 7, COOKIE_HOME, TOKEN_HOME, EACH_0)),
    ("EACH_UPDATE", "for that address", update(0x1234, 420, KBM, OWN, (7, 9), EACH_0)),
    ("EACH_SOLICITATION", "a router asks for it",
     Ether(src=ROUTER, dst="33:33:ff:01:00:00") / IPv6(src="fe80::1", dst="ff02::1:ff01:0", hlim=255) /
     ICMPv6ND_NS(tgt=EACH_0) / ICMPv6NDOptSrcLLAddr(lladdr=ROUTER)),
    ("EACH_ADVERTISEMENT", "the attacker says that it has it",
     Ether(src=STATION, dst=ROUTER) / IPv6(src=EACH_0, dst="fe80::1", hlim=255) /
     ICMPv6ND_NA(tgt=EACH_0, R=0, S=1, O=1) / ICMPv6NDOptDstLLAddr(lladdr=STATION)),
]

print("/* SPDX-License-Identifier: GPL-2.0-or-later */")
print("/* What an attacker hears and makes, by scapy and hashlib: written by tests/vectors/attacker.py. */")
print("#ifndef MIP6SIM_TESTS_VECTORS_ATTACKER_H")
print("#define MIP6SIM_TESTS_VECTORS_ATTACKER_H")
for name, text, packet in VECTORS:
    octets = bytes(packet).hex()
    print(f"\n/* {text}; {len(octets) // 2} octets */")
    lines = [octets[i:i + 96] for i in range(0, len(octets), 96)]
    print(f"#define {name} \\")
    print(" \\\n".join(f'    "{line}"' for line in lines))
print("\n#endif")
