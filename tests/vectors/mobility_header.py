#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Mobility Header messages and the packets that carry them, as scapy builds them (RFC 6275, 6.1 - 6.4).

Prints the lines of mobility_header.txt:  NAME header HEX  (a Mobility Header, checksum zero)
                                          NAME packet HEX  (the whole IPv6 packet, checksum right)
The test in C knows each by its name. scapy gives Nonce Indices and Binding Authorization Data a wrong length of its own,
and Care-of Test Init and Care-of Test their siblings' type; both are told to it.
"""
import logging

logging.getLogger("scapy").setLevel(logging.CRITICAL)

from scapy.layers.inet6 import (  # noqa: E402
    HAO, IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrRouting, MIP6MH_BA, MIP6MH_BE, MIP6MH_BRR, MIP6MH_BU, MIP6MH_CoT, MIP6MH_CoTI,
    MIP6MH_HoT, MIP6MH_HoTI, MIP6OptAltCoA, MIP6OptBindingAuthData, MIP6OptBRAdvice, MIP6OptNonceIndices)

HOME = "2001:db8:1::100"
CARE_OF = "2001:db8:2::200"
CORRESPONDENT = "2001:db8:3::300"
HOME_AGENT = "2001:db8:1::1"
COOKIE = bytes(range(0xc0, 0xc8))
TOKEN = bytes(range(0x70, 0x78))
AUTHENTICATOR = int.from_bytes(bytes(range(0xa0, 0xac)), "big")

nonce_indices = MIP6OptNonceIndices(olen=4, hni=0x0102, coni=0x0304)
authorization = MIP6OptBindingAuthData(olen=12, authenticator=AUTHENTICATOR)
alternate = MIP6OptAltCoA(acoa=CARE_OF)
advice = MIP6OptBRAdvice(rinter=600)


def update(flags, lifetime, options, sequence=0x1234):
    return MIP6MH_BU(res=0, seq=sequence, flags=flags, mhtime=lifetime, options=options)


def acknowledgement(status, flags, lifetime, options, sequence=0x1234):
    return MIP6MH_BA(res=0, status=status, flags=flags, seq=sequence, mhtime=lifetime, options=options)


def plain(source, destination):
    return IPv6(src=source, dst=destination)


def from_away(destination):
    return IPv6(src=CARE_OF, dst=destination) / IPv6ExtHdrDestOpt(options=[HAO(hoa=HOME)])


def routed(source):
    header = IPv6ExtHdrRouting(nh=135, len=2, type=2, segleft=1, addresses=[HOME])
    return IPv6(src=source, dst=CARE_OF) / header


MESSAGES = [
    ("binding-refresh-request", plain(CORRESPONDENT, HOME), MIP6MH_BRR(res=0, res2=0)),
    ("home-test-init", plain(HOME, CORRESPONDENT), MIP6MH_HoTI(res=0, cookie=COOKIE)),
    ("care-of-test-init", plain(CARE_OF, CORRESPONDENT), MIP6MH_CoTI(mhtype=2, res=0, cookie=COOKIE)),
    ("home-test", plain(CORRESPONDENT, HOME), MIP6MH_HoT(res=0, index=0xbeef, cookie=COOKIE, token=TOKEN)),
    ("care-of-test", plain(CORRESPONDENT, CARE_OF), MIP6MH_CoT(mhtype=4, res=0, index=0xbeef, cookie=COOKIE, token=TOKEN)),
    ("update-correspondent", from_away(CORRESPONDENT), update("A", 105, [nonce_indices, authorization])),
    ("update-static", from_away(CORRESPONDENT), update("A", 0xffff, [authorization])),
    ("update-alternate", from_away(CORRESPONDENT), update("A", 105, [alternate, nonce_indices, authorization])),
    ("update-home-agent", from_away(HOME_AGENT), update("HA", 900, [alternate])),
    ("update-home-agent-all-flags", from_away(HOME_AGENT), update("KLHA", 900, [])),
    ("update-delete", plain(HOME, CORRESPONDENT), update("A", 0, [nonce_indices, authorization])),
    ("acknowledgement-correspondent", routed(CORRESPONDENT), acknowledgement(0, "", 105, [authorization])),
    ("acknowledgement-nonce", routed(CORRESPONDENT), acknowledgement(136, "", 0, [])),
    ("acknowledgement-sequence", routed(CORRESPONDENT), acknowledgement(135, "", 0, [authorization], 0xfffe)),
    ("acknowledgement-home-agent", routed(HOME_AGENT), acknowledgement(0, "", 900, [])),
    ("acknowledgement-advice", routed(HOME_AGENT), acknowledgement(1, "K", 900, [advice])),
    ("acknowledgement-advice-authorization", routed(HOME_AGENT), acknowledgement(0, "", 900, [advice, authorization])),
    ("binding-error", plain(CORRESPONDENT, CARE_OF), MIP6MH_BE(res=0, status=1, ha=HOME)),
    ("binding-error-type", plain(CORRESPONDENT, CARE_OF), MIP6MH_BE(res=0, status=2, ha="::")),
]

for name, below, message in MESSAGES:
    bare = message.copy()
    bare.cksum = 0
    packet = bytes(below / message)
    header = bytes(bare)
    assert bytes(IPv6(packet)) == packet, name
    assert packet.endswith(header[6:]), name
    print(name, "header", header.hex())
    print(name, "packet", packet.hex())
