#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints neighbor_discovery.h: Neighbor Discovery frames as scapy builds them (RFC 4861, 4; RFC 6275, 7). Run by hand
when a message is added; the result is kept, so the unit tests need no scapy.

On the link: the node under test (…:0a), a neighbor (…:0b), a router (…:01), which is also a home agent, and another
router (…:02)."""

from scapy.layers.inet import UDP
from scapy.layers.inet6 import (IPv6, ICMPv6EchoReply, ICMPv6EchoRequest, ICMPv6ND_NA, ICMPv6ND_NS, ICMPv6ND_RA,
                                ICMPv6ND_RS, ICMPv6ND_Redirect, ICMPv6NDOptAdvInterval, ICMPv6NDOptDstLLAddr,
                                ICMPv6NDOptHAInfo, ICMPv6NDOptMTU, ICMPv6NDOptPrefixInfo, ICMPv6NDOptRedirectedHdr,
                                ICMPv6NDOptSrcLLAddr, in6_getnsma)
from scapy.layers.l2 import Ether
from scapy.utils6 import inet_ntop, inet_pton
import socket

NODE, NEIGHBOR, ROUTER = ("02:00:00:00:00:0a", "02:00:00:00:00:0b", "02:00:00:00:00:01")
NODE_LOCAL, NEIGHBOR_LOCAL, ROUTER_LOCAL = ("fe80::ff:fe00:a", "fe80::ff:fe00:b", "fe80::ff:fe00:1")
NODE_GLOBAL, NEIGHBOR_GLOBAL, ROUTER_GLOBAL = ("2001:db8:1::ff:fe00:a", "2001:db8:1::b", "2001:db8:1::1")
OTHER, OTHER_LOCAL, OTHER_GLOBAL = "02:00:00:00:00:02", "fe80::ff:fe00:2", "2001:db8:1::2"
SUBNET = "2001:db8:1::"
HOME_ADDRESS = "2001:db8:1::100"
ALL_NODES, ALL_ROUTERS = ("ff02::1", "ff02::2")
FAR = "2001:db8:9::9"


def group_of(address):
    return inet_ntop(socket.AF_INET6, in6_getnsma(inet_pton(socket.AF_INET6, address)))


def station_of(address):
    octets = inet_pton(socket.AF_INET6, address)
    return "33:33:" + ":".join("%02x" % o for o in octets[12:])


def frame(station, source, destination, message, to=None, hops=255):
    return (Ether(src=station, dst=to or station_of(destination)) /
            IPv6(src=source, dst=destination, hlim=hops) / message)


def detection(station, target):
    return frame(station, "::", group_of(target), ICMPv6ND_NS(tgt=target))


def resolution(station, source, target):
    return frame(station, source, group_of(target), ICMPv6ND_NS(tgt=target) / ICMPv6NDOptSrcLLAddr(lladdr=station))


def advertisement(station, source, destination, target, r, s, o, to=None, about=None):
    return frame(station, source, destination, ICMPv6ND_NA(R=r, S=s, O=o, tgt=target) /
                 ICMPv6NDOptDstLLAddr(lladdr=about or station), to)


def prefix(address, router_address=0, valid=2592000, preferred=604800, on_link=1, autonomous=1, length=64):
    return ICMPv6NDOptPrefixInfo(prefixlen=length, L=on_link, A=autonomous, R=router_address, validlifetime=valid,
                                 preferredlifetime=preferred, prefix=address)


def router(body, destination=ALL_NODES, to=None):
    return frame(ROUTER, ROUTER_LOCAL, destination, body, to)


def datagram(destination, hops=64, octets=13, source=NODE_GLOBAL):
    return IPv6(src=source, dst=destination, hlim=hops) / UDP(sport=1000, dport=2000) / bytes(range(octets))


def long_datagram(hops):
    return IPv6(src=NODE_GLOBAL, dst=FAR, hlim=hops) / UDP(sport=1000, dport=2000) / bytes(i % 251 for i in range(1352))


def redirect(target, station, about):
    """By the router, to whoever has sent the packet; no more than 1280 octets (RFC 4861, 8.2)."""
    message = ICMPv6ND_Redirect(tgt=target, dst=about.dst)
    if station:
        message = message / ICMPv6NDOptDstLLAddr(lladdr=station)
    room = 1280 - 40 - 40 - (8 if station else 0) - 8
    quoted = bytes(about)[:room // 8 * 8]
    return router(message / ICMPv6NDOptRedirectedHdr(pkt=quoted), about.src, NODE)


VECTORS = [
    ("DETECTION_LINK_LOCAL", "the node tests its link-local address", detection(NODE, NODE_LOCAL)),
    ("DETECTION_GLOBAL", "the node tests its global address", detection(NODE, NODE_GLOBAL)),
    ("RIVAL_DETECTION", "the neighbor tests the node's global address", detection(NEIGHBOR, NODE_GLOBAL)),
    ("RIVAL_DETECTION_LINK_LOCAL", "the neighbor tests the node's link-local address",
     detection(NEIGHBOR, NODE_LOCAL)),
    ("RIVAL_DEFENCE", "the neighbor has the node's global address",
     advertisement(NEIGHBOR, NODE_GLOBAL, ALL_NODES, NODE_GLOBAL, 0, 0, 1)),
    ("SOLICITATION_TO_NODE", "the neighbor asks for the node's global address",
     resolution(NEIGHBOR, NEIGHBOR_GLOBAL, NODE_GLOBAL)),
    ("ANSWER_TO_NEIGHBOR", "the node answers",
     advertisement(NODE, NODE_GLOBAL, NEIGHBOR_GLOBAL, NODE_GLOBAL, 0, 1, 1, NEIGHBOR)),
    ("OPTIMISTIC_ANSWER", "the node answers while its address is optimistic: O clear",
     advertisement(NODE, NODE_GLOBAL, NEIGHBOR_GLOBAL, NODE_GLOBAL, 0, 1, 0, NEIGHBOR)),
    ("DEFENCE_OF_GLOBAL", "the node defends its global address",
     advertisement(NODE, NODE_GLOBAL, ALL_NODES, NODE_GLOBAL, 0, 0, 1)),
    ("SOLICITATION_FROM_NODE", "the node asks for the neighbor, from its global address",
     resolution(NODE, NODE_GLOBAL, NEIGHBOR_GLOBAL)),
    ("SOLICITATION_FROM_LINK_LOCAL", "the node asks for the neighbor, from its link-local address",
     resolution(NODE, NODE_LOCAL, NEIGHBOR_GLOBAL)),
    ("ANSWER_FROM_NEIGHBOR", "the neighbor answers, S and O",
     advertisement(NEIGHBOR, NEIGHBOR_GLOBAL, NODE_GLOBAL, NEIGHBOR_GLOBAL, 0, 1, 1, NODE)),
    ("PROBE_OF_NEIGHBOR", "the node probes the neighbor by unicast, from its link-local address",
     frame(NODE, NODE_LOCAL, NEIGHBOR_GLOBAL, ICMPv6ND_NS(tgt=NEIGHBOR_GLOBAL) / ICMPv6NDOptSrcLLAddr(lladdr=NODE),
           NEIGHBOR)),
    ("NEIGHBOR_MOVES", "unsolicited, O set: the neighbor's address is at the router's station now",
     advertisement(ROUTER, NEIGHBOR_GLOBAL, ALL_NODES, NEIGHBOR_GLOBAL, 0, 0, 1)),
    ("NEIGHBOR_PROXIED", "unsolicited, O clear: somebody else claims the neighbor's address",
     advertisement(ROUTER, ROUTER_GLOBAL, ALL_NODES, NEIGHBOR_GLOBAL, 0, 0, 0)),
    ("ROUTER_NO_MORE", "the router's link-local address, R clear",
     advertisement(ROUTER, ROUTER_LOCAL, NODE_LOCAL, ROUTER_LOCAL, 0, 1, 1, NODE)),
    ("UNSOLICITED", "the node tells all that it is at home",
     advertisement(NODE, NODE_GLOBAL, ALL_NODES, NODE_GLOBAL, 0, 0, 1)),
    ("PROXY_ANNOUNCEMENT", "a home agent takes the home address over (RFC 6275, 10.4.1): R clear, O set",
     advertisement(ROUTER, ROUTER_GLOBAL, ALL_NODES, HOME_ADDRESS, 0, 0, 1)),
    ("SOLICITATION_FOR_HOME", "the neighbor asks for the home address",
     resolution(NEIGHBOR, NEIGHBOR_GLOBAL, HOME_ADDRESS)),
    ("PROXY_ANSWER", "the home agent answers: R and O clear",
     advertisement(ROUTER, ROUTER_GLOBAL, NEIGHBOR_GLOBAL, HOME_ADDRESS, 0, 1, 0, NEIGHBOR)),
    ("DETECTION_OF_HOME", "the home agent tests the home address", detection(ROUTER, HOME_ADDRESS)),
    ("RIVAL_DETECTION_OF_HOME", "the neighbor tests the home address", detection(NEIGHBOR, HOME_ADDRESS)),
    ("PROXY_DEFENCE", "the home agent defends it",
     advertisement(ROUTER, ROUTER_GLOBAL, ALL_NODES, HOME_ADDRESS, 0, 0, 0)),
    ("ROUTER_SOLICITATION", "from the link-local address",
     frame(NODE, NODE_LOCAL, ALL_ROUTERS, ICMPv6ND_RS() / ICMPv6NDOptSrcLLAddr(lladdr=NODE))),
    ("ROUTER_SOLICITATION_ANONYMOUS", "while there is no address",
     frame(NODE, "::", ALL_ROUTERS, ICMPv6ND_RS())),
    ("ROUTER_SOLICITATION_OPTIMISTIC", "from an optimistic address: no link-layer address",
     frame(NODE, NODE_LOCAL, ALL_ROUTERS, ICMPv6ND_RS())),
    ("ADVERTISEMENT_PLAIN", "a router's",
     router(ICMPv6ND_RA(prf=0, chlim=64, M=0, O=0, routerlifetime=1800, reachabletime=0, retranstimer=0) /
            ICMPv6NDOptSrcLLAddr(lladdr=ROUTER) / prefix("2001:db8:1::"))),
    ("ADVERTISEMENT_MOBILE", "a home agent's: H, R, interval 70 ms + 20 ms, preference 9, lifetime 600 s",
     router(ICMPv6ND_RA(prf=0, chlim=64, M=0, O=0, H=1, routerlifetime=1800, reachabletime=20000, retranstimer=500) /
            ICMPv6NDOptSrcLLAddr(lladdr=ROUTER) / prefix(ROUTER_GLOBAL, 1) / ICMPv6NDOptMTU(mtu=1400) /
            ICMPv6NDOptAdvInterval(advint=90) / ICMPv6NDOptHAInfo(pref=9, lifetime=600))),
    ("ADVERTISEMENT_FINAL", "the last of ADVERTISEMENT_MOBILE: router lifetime 0, no home agent lifetime",
     router(ICMPv6ND_RA(prf=0, chlim=64, M=0, O=0, H=1, routerlifetime=0, reachabletime=20000, retranstimer=500) /
            ICMPv6NDOptSrcLLAddr(lladdr=ROUTER) / prefix(ROUTER_GLOBAL, 1) / ICMPv6NDOptMTU(mtu=1400) /
            ICMPv6NDOptAdvInterval(advint=90))),
    ("ADVERTISEMENT_UNICAST", "ADVERTISEMENT_PLAIN to the node alone",
     router(ICMPv6ND_RA(prf=0, chlim=64, M=0, O=0, routerlifetime=1800, reachabletime=0, retranstimer=0) /
            ICMPv6NDOptSrcLLAddr(lladdr=ROUTER) / prefix("2001:db8:1::"), NODE_LOCAL, NODE)),
    ("ADVERTISEMENT_SHORT", "valid lifetime 60 s, preferred 30 s",
     router(ICMPv6ND_RA(prf=0, chlim=0, M=0, O=0, routerlifetime=1800, reachabletime=0, retranstimer=0) /
            ICMPv6NDOptSrcLLAddr(lladdr=ROUTER) / prefix("2001:db8:1::", valid=60, preferred=30))),
    ("ADVERTISEMENT_WITHDRAWN", "router lifetime 0, prefix lifetimes 0",
     router(ICMPv6ND_RA(prf=0, chlim=64, M=0, O=0, routerlifetime=0, reachabletime=0, retranstimer=0) /
            ICMPv6NDOptSrcLLAddr(lladdr=ROUTER) / prefix("2001:db8:1::", valid=0, preferred=0))),
    ("ADVERTISEMENT_WITHOUT_STATION", "no link-layer address",
     router(ICMPv6ND_RA(prf=0, chlim=64, M=0, O=0, routerlifetime=1800, reachabletime=0, retranstimer=0) /
            prefix("2001:db8:1::"))),
    ("REDIRECT_TO_NEIGHBOR", "2001:db8:9::9 is a neighbor, at the neighbor's station",
     router(ICMPv6ND_Redirect(tgt=FAR, dst=FAR) / ICMPv6NDOptDstLLAddr(lladdr=NEIGHBOR), NODE_GLOBAL, NODE)),
    ("REDIRECT_FORGED", "the same from one who is not the first hop",
     frame(NEIGHBOR, NEIGHBOR_LOCAL, NODE_GLOBAL, ICMPv6ND_Redirect(tgt=FAR, dst=FAR) /
           ICMPv6NDOptDstLLAddr(lladdr=NEIGHBOR), NODE)),
    ("PACKET_TO_FAR", "the node sends a datagram to 2001:db8:9::9 by the router",
     Ether(src=NODE, dst=ROUTER) / datagram(FAR)),
    ("PACKET_TO_FAR_FORWARDED", "the router passes it on to the other router",
     Ether(src=ROUTER, dst=OTHER) / datagram(FAR, 63)),
    ("REDIRECT_TO_OTHER", "and tells the node of it",
     redirect(OTHER_LOCAL, OTHER, datagram(FAR))),
    ("REDIRECT_TO_OTHER_WITHOUT_STATION", "the same by a router that does not know the other's station",
     redirect(OTHER_LOCAL, None, datagram(FAR))),
    ("LONG_PACKET_TO_FAR", "a datagram of 1400 octets",
     Ether(src=NODE, dst=ROUTER) / long_datagram(64)),
    ("LONG_PACKET_TO_FAR_FORWARDED", "passed on",
     Ether(src=ROUTER, dst=OTHER) / long_datagram(63)),
    ("LONG_REDIRECT_TO_OTHER", "quoted as far as there is room",
     redirect(OTHER_LOCAL, OTHER, long_datagram(64))),
    ("PACKET_TO_NEIGHBOR", "the node sends a datagram for the neighbor to the router",
     Ether(src=NODE, dst=ROUTER) / datagram(NEIGHBOR_GLOBAL)),
    ("PACKET_TO_NEIGHBOR_FORWARDED", "passed on",
     Ether(src=ROUTER, dst=NEIGHBOR) / datagram(NEIGHBOR_GLOBAL, 63)),
    ("REDIRECT_ON_LINK", "the neighbor is one",
     redirect(NEIGHBOR_GLOBAL, NEIGHBOR, datagram(NEIGHBOR_GLOBAL))),
    ("PACKET_FROM_AFAR", "a datagram whose source is not on the link",
     Ether(src=NODE, dst=ROUTER) / datagram(FAR, source="2001:db8:8::8")),
    ("PACKET_FROM_AFAR_FORWARDED", "passed on",
     Ether(src=ROUTER, dst=OTHER) / datagram(FAR, 63, source="2001:db8:8::8")),
    ("PACKET_BACK", "the other router sends a datagram whose way is by the other router",
     Ether(src=OTHER, dst=ROUTER) / datagram(FAR, source=OTHER_GLOBAL)),
    ("PACKET_BACK_FORWARDED", "it goes back",
     Ether(src=ROUTER, dst=OTHER) / datagram(FAR, 63, source=OTHER_GLOBAL)),
    ("OTHER_ADVERTISEMENT", "the other router advertises itself",
     frame(OTHER, OTHER_LOCAL, ALL_NODES, ICMPv6ND_RA(prf=0, chlim=64, M=0, O=0, routerlifetime=1800, reachabletime=0,
                                                      retranstimer=0) / ICMPv6NDOptSrcLLAddr(lladdr=OTHER))),
    ("OTHER_SAYS_OTHERWISE", "the other router contradicts all of what a router says",
     frame(OTHER, OTHER_LOCAL, ALL_NODES, ICMPv6ND_RA(prf=0, chlim=32, M=1, O=1, routerlifetime=900, reachabletime=5000,
                                                      retranstimer=200) / ICMPv6NDOptSrcLLAddr(lladdr=OTHER) /
           prefix("2001:db8:1::", valid=3600, preferred=1800) / ICMPv6NDOptMTU(mtu=1280))),
    ("OTHER_SAYS_NOTHING", "the other router leaves open what it can, and has a prefix of its own",
     frame(OTHER, OTHER_LOCAL, ALL_NODES, ICMPv6ND_RA(prf=0, chlim=0, M=0, O=0, routerlifetime=900, reachabletime=0,
                                                      retranstimer=0) / ICMPv6NDOptSrcLLAddr(lladdr=OTHER) /
           prefix("2001:db8:2::", valid=3600, preferred=1800) / prefix("2001:db8:1::"))),
    ("OTHER_IS_A_HOST", "the other router is none any more",
     advertisement(OTHER, OTHER_LOCAL, ALL_NODES, OTHER_LOCAL, 0, 0, 1)),
    ("REDIRECT_BY_OTHER", "the other router tells that 2001:db8:9::9 is a neighbor",
     frame(OTHER, OTHER_LOCAL, NODE_GLOBAL, ICMPv6ND_Redirect(tgt=FAR, dst=FAR) /
           ICMPv6NDOptDstLLAddr(lladdr=NEIGHBOR), NODE)),
    ("SOLICITATION_FOR_SUBNET", "the neighbor asks for the Subnet-Router anycast address",
     resolution(NEIGHBOR, NEIGHBOR_GLOBAL, SUBNET)),
    ("SUBNET_ANSWER", "the router answers: R and S, O clear",
     advertisement(ROUTER, ROUTER_LOCAL, NEIGHBOR_GLOBAL, SUBNET, 1, 1, 0, NEIGHBOR)),
    ("ECHO_TO_SUBNET", "the neighbor sends an Echo Request there",
     Ether(src=NEIGHBOR, dst=ROUTER) / IPv6(src=NEIGHBOR_GLOBAL, dst=SUBNET, hlim=64) /
     ICMPv6EchoRequest(id=7, seq=1, data=b"anyone")),
    ("ECHO_FROM_ROUTER", "the router replies from an address of its own",
     Ether(src=ROUTER, dst=NEIGHBOR) / IPv6(src=ROUTER_GLOBAL, dst=NEIGHBOR_GLOBAL, hlim=64) /
     ICMPv6EchoReply(id=7, seq=1, data=b"anyone")),
]


def main():
    print("/* SPDX-License-Identifier: GPL-2.0-or-later */\n"
          "/* Frames of Neighbor Discovery, made by scapy: written by tests/vectors/neighbor_discovery.py. */\n"
          "#ifndef MIP6SIM_TESTS_VECTORS_NEIGHBOR_DISCOVERY_H\n"
          "#define MIP6SIM_TESTS_VECTORS_NEIGHBOR_DISCOVERY_H")
    for name, what, packet in VECTORS:
        digits = bytes(packet).hex()
        lines = ["    \"%s\"" % digits[i:i + 96] for i in range(0, len(digits), 96)]
        print("\n/* %s; %d octets */\n#define %s \\\n%s" % (what, len(digits) // 2, name, " \\\n".join(lines)))
    print("\n#endif")


if __name__ == "__main__":
    main()
