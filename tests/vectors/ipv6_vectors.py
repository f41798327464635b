#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets as an independent implementation (scapy) builds them, checksums included, as a C header on standard output:

    tests/vectors/ipv6_vectors.py > tests/vectors/ipv6_vectors.h

The unit tests hold the octets that the IPv6 layer sends against these.
"""
from scapy.layers.inet6 import (IPv6, UDP, ICMPv6EchoRequest, ICMPv6EchoReply, ICMPv6ParamProblem, ICMPv6TimeExceeded,
                                ICMPv6DestUnreach, ICMPv6PacketTooBig, IPv6ExtHdrRouting, IPv6ExtHdrDestOpt, HAO,
                                IPv6ExtHdrFragment, HBHOptUnknown)
from scapy.packet import Raw

A, B, ROUTER = '2001:db8:1::1', '2001:db8:2::2', '2001:db8:1::fe'
HOME, CARE_OF = '2001:db8:1::1', '2001:db8:9::77'
PEER_HOME, PEER_CARE_OF = '2001:db8:2::2', '2001:db8:8::88'

vectors = []


def vector(name, comment, packet):
    vectors.append((name, comment, bytes(packet)))


def zero_checksum_payload():
    """A two-octet payload that makes the UDP checksum come out as zero, so that ffff is sent (RFC 8200, 8.1)."""
    base = IPv6(bytes(IPv6(src=A, dst=B, hlim=64) / UDP(sport=4000, dport=5000) / Raw(b'\0\0')))
    return bytes([base[UDP].chksum >> 8, base[UDP].chksum & 255])


udp = IPv6(src=A, dst=B, hlim=64) / UDP(sport=4000, dport=5000) / Raw(b'mobile')
vector('udp', 'A to B, ports 4000 to 5000, payload "mobile"', udp)
vector('udp_zero', 'the same with a payload whose checksum would be zero', IPv6(src=A, dst=B, hlim=64) /
       UDP(sport=4000, dport=5000) / Raw(zero_checksum_payload()))
vector('echo_request', 'A to B, identifier 1234, sequence 7, data "return routability"', IPv6(src=A, dst=B, hlim=64) /
       ICMPv6EchoRequest(id=0x1234, seq=7, data=b'return routability'))
vector('echo_reply', 'and the answer', IPv6(src=B, dst=A, hlim=64) /
       ICMPv6EchoReply(id=0x1234, seq=7, data=b'return routability'))
vector('port_unreachable', 'what B answers to udp when nobody listens', IPv6(src=B, dst=A, hlim=64) /
       ICMPv6DestUnreach(code=4) / Raw(bytes(udp)))
dying = IPv6(src=A, dst=B, hlim=1) / UDP(sport=4000, dport=5000) / Raw(b'mobile')
vector('dying', 'udp with hop limit 1', dying)
vector('time_exceeded', 'what the router answers to it', IPv6(src=ROUTER, dst=A, hlim=64) /
       ICMPv6TimeExceeded(code=0) / Raw(bytes(dying)))
big = IPv6(src=A, dst=B, hlim=64) / UDP(sport=4000, dport=5000) / Raw(bytes(range(256)) * 5 + bytes(170))
vector('big', '1498 octets: too big for a link of 1400', big)
vector('packet_too_big', 'what the router answers to it: 1280 octets', IPv6(src=ROUTER, dst=A, hlim=64) /
       ICMPv6PacketTooBig(mtu=1400) / Raw(bytes(big)[:1280 - 48]))
unknown = IPv6(src=A, dst=B, hlim=64) / IPv6ExtHdrDestOpt(options=[HBHOptUnknown(otype=0x9e, optdata=b'\1\2')]) / \
    UDP(sport=4000, dport=5000) / Raw(b'mobile')
vector('unknown_option', 'udp with an option of type 9e', unknown)
vector('parameter_problem', 'what B answers to it: code 2, pointing at the option', IPv6(src=B, dst=A, hlim=64) /
       ICMPv6ParamProblem(code=2, ptr=42) / Raw(bytes(unknown)))
vector('home_address', 'udp from a mobile node away from home', IPv6(src=CARE_OF, dst=B, hlim=64) /
       IPv6ExtHdrDestOpt(options=[HAO(hoa=HOME)]) /
       UDP(sport=4000, dport=5000) / Raw(b'mobile'))
vector('type_2', 'udp to a mobile node away from home', IPv6(src=A, dst=PEER_CARE_OF, hlim=64) /
       IPv6ExtHdrRouting(type=2, addresses=[PEER_HOME], segleft=1) / UDP(sport=4000, dport=5000) / Raw(b'mobile'))
vector('both_away', 'udp from one mobile node to another, both away', IPv6(src=CARE_OF, dst=PEER_CARE_OF, hlim=64) /
       IPv6ExtHdrRouting(type=2, addresses=[PEER_HOME], segleft=1) /
       IPv6ExtHdrDestOpt(options=[HAO(hoa=HOME)]) /
       UDP(sport=4000, dport=5000) / Raw(b'mobile'))
vector('tunnelled', 'udp from A to B in a tunnel from CARE_OF to ROUTER', IPv6(src=CARE_OF, dst=ROUTER, hlim=64) / udp)

whole = bytes(big)[40:]
first, second = whole[:1232], whole[1232:]
for name, part, offset, more in (('fragment_1', first, 0, 1), ('fragment_2', second, 1232 // 8, 0)):
    vector(name, 'big, cut for a path of 1280' if more else 'and the rest', IPv6(src=A, dst=B, hlim=64) /
           IPv6ExtHdrFragment(nh=17, offset=offset, m=more, id=0) / Raw(part))

print('/* SPDX-License-Identifier: GPL-2.0-or-later */')
print('/* Packets built by scapy; made by ipv6_vectors.py, which says what they are. Do not edit. */')
print('#ifndef MIP6SIM_TESTS_VECTORS_IPV6_VECTORS_H\n#define MIP6SIM_TESTS_VECTORS_IPV6_VECTORS_H\n')
print('#include <stdint.h>\n')
for name, comment, octets in vectors:
    print(f'/* {comment} */')
    print(f'static const uint8_t vector_{name}[{len(octets)}] __attribute__((unused)) = {{')
    for at in range(0, len(octets), 16):
        print('    ' + ' '.join(f'0x{octet:02x},' for octet in octets[at:at + 16]))
    print('};\n')
print('#endif')
