#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes home_agent.h: what a home agent receives and sends, as scapy builds it (RFC 6275, 6.1.7, 6.1.8, 6.3,
6.4; RFC 4861, 4.4). Run by hand when a message is added; the result is kept, so the tests need no scapy."""

from scapy.layers.inet6 import (IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrRouting, HAO, ICMPv6ND_NA,
                                ICMPv6NDOptDstLLAddr, MIP6MH_BU, MIP6MH_BA, MIP6OptAltCoA, MIP6OptBRAdvice)
from scapy.layers.inet import UDP
from scapy.layers.l2 import Ether
from scapy.packet import Raw

HOME_AGENT = "2001:db8:1::1"
LINK_LOCAL = "fe80::ff:fe00:1"
HOME_ADDRESS = "2001:db8:1::100"
HOME_LINK_LOCAL = "fe80::100"
CARE_OF_ADDRESS = "2001:db8:2::100"
CORRESPONDENT = "2001:db8:9::9"
STATION = "02:00:00:00:00:01"
ALL_NODES_GROUP = "33:33:00:00:00:01"


def update(lifetime, sequence, flags, care_of=CARE_OF_ADDRESS):
    """From away: Home Address option (scapy pads to 8n+6), whose address the checksum covers."""
    return (IPv6(src=CARE_OF_ADDRESS, dst=HOME_AGENT, hlim=64) /
            IPv6ExtHdrDestOpt(options=[HAO(hoa=HOME_ADDRESS)]) /
            MIP6MH_BU(seq=sequence, flags=flags, mhtime=lifetime, options=[MIP6OptAltCoA(acoa=care_of)]))


def acknowledgement(status, sequence, lifetime, options=()):
    """To the care-of address, home address in a type 2 routing header."""
    return (IPv6(src=HOME_AGENT, dst=CARE_OF_ADDRESS, hlim=64) /
            IPv6ExtHdrRouting(type=2, segleft=1, addresses=[HOME_ADDRESS]) /
            MIP6MH_BA(status=status, flags=0, seq=sequence, mhtime=lifetime, options=list(options)))


def proxied(target, source):
    """Unsolicited, R 0, S 0, O 1, from the home agent's address of the target's scope (RFC 6275, 10.4.1)."""
    return (Ether(src=STATION, dst=ALL_NODES_GROUP) / IPv6(src=source, dst="ff02::1", hlim=255) /
            ICMPv6ND_NA(R=0, S=0, O=1, tgt=target) / ICMPv6NDOptDstLLAddr(lladdr=STATION))


def data(source, destination, hop_limit):
    return (IPv6(src=source, dst=destination, hlim=hop_limit) / UDP(sport=1000, dport=2000) /
            Raw(b"from home to away"))


VECTORS = [
    ("BINDING_UPDATE", "A H, sequence 16, 40 s", update(10, 16, "AH")),
    ("BINDING_UPDATE_LINK_LOCAL", "A H L, sequence 17, 40 s", update(10, 17, "AHL")),
    ("DEREGISTRATION_FROM_HOME", "A H, sequence 20, from the home address",
     IPv6(src=HOME_ADDRESS, dst=HOME_AGENT, hlim=64) /
     MIP6MH_BU(seq=20, flags="AH", mhtime=0, options=[MIP6OptAltCoA(acoa=HOME_ADDRESS)])),
    ("DEREGISTRATION_FROM_AWAY", "A H, sequence 21", update(0, 21, "AH", HOME_ADDRESS)),
    ("ACKNOWLEDGEMENT", "status 0, sequence 16, 40 s", acknowledgement(0, 16, 10)),
    ("ACKNOWLEDGEMENT_WITH_ADVICE", "status 0, sequence 16, 40 s, refresh after 20 s",
     acknowledgement(0, 16, 10, [MIP6OptBRAdvice(rinter=5)])),
    ("ACKNOWLEDGEMENT_DUPLICATE", "status 134, sequence 16", acknowledgement(134, 16, 0)),
    ("ACKNOWLEDGEMENT_OUT_OF_WINDOW", "status 135, last accepted sequence 16", acknowledgement(135, 16, 0)),
    ("ACKNOWLEDGEMENT_DEREGISTERED_AWAY", "status 0, sequence 21, lifetime 0", acknowledgement(0, 21, 0)),
    ("ACKNOWLEDGEMENT_DEREGISTERED_HOME", "status 0, sequence 20, lifetime 0, no routing header",
     IPv6(src=HOME_AGENT, dst=HOME_ADDRESS, hlim=64) / MIP6MH_BA(status=0, flags=0, seq=20, mhtime=0)),
    ("ADVERTISEMENT_HOME_ADDRESS", "frame", proxied(HOME_ADDRESS, HOME_AGENT)),
    ("ADVERTISEMENT_LINK_LOCAL", "frame", proxied(HOME_LINK_LOCAL, LINK_LOCAL)),
    ("DATA", "to the home address", data(CORRESPONDENT, HOME_ADDRESS, 60)),
    ("DATA_TUNNELLED", "through the home agent: inner hop limit one less",
     IPv6(src=HOME_AGENT, dst=CARE_OF_ADDRESS, hlim=64, nh=41) / data(CORRESPONDENT, HOME_ADDRESS, 59)),
    ("REVERSE_TUNNELLED", "from the mobile node",
     IPv6(src=CARE_OF_ADDRESS, dst=HOME_AGENT, hlim=64, nh=41) / data(HOME_ADDRESS, CORRESPONDENT, 64)),
    ("REVERSE_FORWARDED", "and on from the home agent", data(HOME_ADDRESS, CORRESPONDENT, 63)),
]

print("/* SPDX-License-Identifier: GPL-2.0-or-later */")
print("/* What a home agent receives and sends, made by scapy: written by tests/vectors/home_agent.py. */")
print("#ifndef MIP6SIM_TESTS_VECTORS_HOME_AGENT_H\n#define MIP6SIM_TESTS_VECTORS_HOME_AGENT_H")
for name, comment, packet in VECTORS:
    digits = bytes(packet).hex()
    print(f"\n/* {comment}; {len(digits) // 2} octets */\n#define {name} \\")
    lines = [digits[i:i + 96] for i in range(0, len(digits), 96)]
    print(" \\\n".join(f'    "{line}"' for line in lines))
print("\n#endif")
