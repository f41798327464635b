#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes discovery.h: home agent and prefix discovery as scapy builds it (RFC 6275, 6.5 to 6.8). Run by hand when a
message is added; the result is kept, so the tests need no scapy."""

from scapy.layers.inet6 import (HAO, ICMPv6HAADReply, ICMPv6HAADRequest, ICMPv6MPAdv, ICMPv6MPSol,
                                ICMPv6NDOptPrefixInfo, ICMPv6NDOptUnknown, IPv6, IPv6ExtHdrDestOpt,
                                IPv6ExtHdrRouting)
from scapy.layers.l2 import Ether

ANYCAST = "2001:db8:1:0:fdff:ffff:ffff:fffe"
HOME_AGENT = "2001:db8:1::1"
OTHER_HOME_AGENT = "2001:db8:1::2"
HOME_ADDRESS = "2001:db8:1::100"
CARE_OF = "2001:db8:2::100"
MOBILE_CARE_OF = "2001:db8:2::ff:fe00:a"
STATION = "02:00:00:00:00:0a"
ROUTER_STATION = "02:00:00:00:00:01"
INFINITE = 0xffffffff


def prefix(address, valid, preferred, r=0, length=64):
    return ICMPv6NDOptPrefixInfo(prefixlen=length, L=1, A=1, R=r, validlifetime=valid, preferredlifetime=preferred,
                                 prefix=address)


def sent(packet):
    return Ether(src=STATION, dst=ROUTER_STATION) / packet


def received(packet):
    return Ether(src=ROUTER_STATION, dst=STATION) / packet


def request(source, identifier):
    return IPv6(src=source, dst=ANYCAST, hlim=64) / ICMPv6HAADRequest(id=identifier, R=0)


def reply(destination, identifier, addresses):
    return IPv6(src=HOME_AGENT, dst=destination, hlim=64) / ICMPv6HAADReply(id=identifier, R=0, addresses=addresses)


def solicitation(care_of, identifier):
    """The checksum covers the home address, as the Home Address option has it."""
    return (IPv6(src=care_of, dst=HOME_AGENT, hlim=64) / IPv6ExtHdrDestOpt(options=[HAO(hoa=HOME_ADDRESS)]) /
            ICMPv6MPSol(id=identifier))


def advertisement(care_of, identifier, options, source=HOME_AGENT):
    packet = (IPv6(src=source, dst=care_of, hlim=64) /
              IPv6ExtHdrRouting(type=2, segleft=1, addresses=[HOME_ADDRESS]) / ICMPv6MPAdv(id=identifier, flags=0))
    for option in options:
        packet = packet / option
    return packet


OWN = prefix(HOME_AGENT, INFINITE, INFINITE, r=1)
RENUMBERED = [prefix("2001:db8:9::1", 86400, 14400, r=1), ICMPv6NDOptUnknown(type=200, len=1, data=b"\0" * 6),
              prefix(HOME_AGENT, 100, 0, r=1)]

VECTORS = [
    ("REQUEST", "from the care-of address, identifier 0x1234", request(CARE_OF, 0x1234)),
    ("REPLY_ALONE", "one address", reply(CARE_OF, 0x1234, [HOME_AGENT])),
    ("REPLY_OTHER_FIRST", "two, the other first", reply(CARE_OF, 0x1234, [OTHER_HOME_AGENT, HOME_AGENT])),
    ("SOLICITATION", "identifier 0x1234", solicitation(CARE_OF, 0x1234)),
    ("SOLICITATION_AGAIN", "identifier 0x1235", solicitation(CARE_OF, 0x1235)),
    ("SOLICITATION_WITHOUT_OPTION", "no Home Address option",
     IPv6(src=CARE_OF, dst=HOME_AGENT, hlim=64) / ICMPv6MPSol(id=0x1234)),
    ("ADVERTISEMENT", "the home prefix, with the home agent's address", advertisement(CARE_OF, 0x1234, [OWN])),
    ("ADVERTISEMENT_AGAIN", "identifier 0x1235", advertisement(CARE_OF, 0x1235, [OWN])),
    ("ADVERTISEMENT_UNSOLICITED", "identifier 0", advertisement(CARE_OF, 0, [OWN])),
    ("ADVERTISEMENT_TWO", "identifier 0, a second prefix",
     advertisement(CARE_OF, 0, [OWN, prefix("2001:db8:9::1", 86400, 14400, r=1)])),
    ("MOBILE_REQUEST", "frame", sent(request(MOBILE_CARE_OF, 0x1234))),
    ("MOBILE_REPLY", "frame: two home agents",
     received(reply(MOBILE_CARE_OF, 0x1234, [HOME_AGENT, OTHER_HOME_AGENT]))),
    ("MOBILE_REPLY_WRONG_IDENTIFIER", "frame", received(reply(MOBILE_CARE_OF, 0x1235, [HOME_AGENT]))),
    ("MOBILE_REPLY_EMPTY", "frame: nobody", received(reply(MOBILE_CARE_OF, 0x1234, []))),
    ("MOBILE_SOLICITATION", "frame, identifier 0x1234", sent(solicitation(MOBILE_CARE_OF, 0x1234))),
    ("MOBILE_ADVERTISEMENT", "frame: a new prefix, an unknown option, the old prefix for 100 s more",
     received(advertisement(MOBILE_CARE_OF, 0x1234, RENUMBERED))),
    ("MOBILE_ADVERTISEMENT_UNSOLICITED", "frame", received(advertisement(MOBILE_CARE_OF, 0, RENUMBERED))),
    ("MOBILE_ADVERTISEMENT_FROM_ANOTHER", "frame: not from the home agent",
     received(advertisement(MOBILE_CARE_OF, 0x1234, RENUMBERED, source=OTHER_HOME_AGENT))),
    ("MOBILE_ADVERTISEMENT_PLAIN", "frame: no routing header",
     received(IPv6(src=HOME_AGENT, dst=MOBILE_CARE_OF, hlim=64) / ICMPv6MPAdv(id=0x1234, flags=0) / OWN)),
]

print("/* SPDX-License-Identifier: GPL-2.0-or-later */")
print("/* Home agent and prefix discovery, made by scapy: written by tests/vectors/discovery.py. */")
print("#ifndef MIP6SIM_TESTS_VECTORS_DISCOVERY_H\n#define MIP6SIM_TESTS_VECTORS_DISCOVERY_H")
for name, comment, packet in VECTORS:
    digits = bytes(packet).hex()
    print(f"\n/* {comment}; {len(digits) // 2} octets */\n#define {name} \\")
    lines = [digits[i:i + 96] for i in range(0, len(digits), 96)]
    print(" \\\n".join(f'    "{line}"' for line in lines))
print("\n#endif")
