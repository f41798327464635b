#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes mobile_node.h: frames that a mobile node receives and sends, as scapy builds them, with authenticators made by
hashlib and hmac (RFC 6275, 5.2.5, 5.2.6, 6.1, 6.2.7, 6.3, 6.4; RFC 4449, 3). Run by hand when a frame is added; the
result is kept, so the tests need no scapy."""

import hashlib
import hmac
import socket

from scapy.layers.inet import UDP
from scapy.layers.inet6 import (HAO, ICMPv6ND_RA, ICMPv6NDOptPrefixInfo, ICMPv6NDOptSrcLLAddr, ICMPv6ParamProblem, IPv6,
                                IPv6ExtHdrDestOpt, IPv6ExtHdrRouting, MIP6MH_BA, MIP6MH_BE, MIP6MH_BRR, MIP6MH_BU,
                                MIP6MH_CoT, MIP6MH_CoTI, MIP6MH_HoT, MIP6MH_HoTI, MIP6OptAltCoA, MIP6OptBindingAuthData,
                                MIP6OptBRAdvice, MIP6OptNonceIndices, MIP6OptUnknown)
from scapy.layers.l2 import Ether
from scapy.packet import Raw

HOME_AGENT = "2001:db8:1::1"
HOME = "2001:db8:1::100"
CARE_OF = "2001:db8:2::ff:fe00:a"
SECOND_HOME_AGENT = "2001:db8:5::1"
SECOND_HOME = "2001:db8:5::100"
PEER = "2001:db8:9::9"
STRANGER = "2001:db8:9::66"
STATION = "02:00:00:00:00:0a"
ROUTER_STATION = "02:00:00:00:00:01"
ROUTER = "fe80::ff:fe00:1"

HOME_SEQUENCE = 0x1000   # the first Binding Update's, the script of random octets being one less
PEER_SEQUENCE = 0x0101
SECOND_HOME_SEQUENCE = 0x2000
SECOND_PEER_SEQUENCE = 0x1000
COOKIES = {"home": bytes(range(0x10, 0x18)), "care-of": bytes(range(0x20, 0x28)), "second": bytes(range(0x30, 0x38))}
TOKENS = {"home": bytes.fromhex("9edd7caa1a4e9f1c"), "care-of": bytes.fromhex("d15c6e7b22410c65"),
          "second": bytes.fromhex("57a1b0c2d3e4f506")}
INDICES = {"home": 0x0123, "care-of": 0x0124, "second": 0x0125}
KCN, HOME_NONCE, CARE_OF_NONCE = b"\x11" * 20, b"\x22" * 8, b"\x33" * 8


def packed(address):
    return socket.inet_pton(socket.AF_INET6, address)


def sha1(text):
    return hashlib.sha1(text).digest()


def token(kcn, address, nonce, kind):
    return hmac.new(kcn, packed(address) + nonce + bytes([kind]), hashlib.sha1).digest()[:8]


KBM = sha1(TOKENS["home"] + TOKENS["care-of"])
SECOND_KBM = sha1(TOKENS["second"] + TOKENS["care-of"])
STATIC_KBM = sha1(token(KCN, HOME, HOME_NONCE, 0) + token(KCN, CARE_OF, CARE_OF_NONCE, 1))
NEXT_KCN = b"\x44" * 20
REKEYED_KBM = sha1(token(NEXT_KCN, HOME, HOME_NONCE, 0) + token(NEXT_KCN, CARE_OF, CARE_OF_NONCE, 1))


def authorized(message, options, kbm, care_of=CARE_OF):
    """The message with its options, PadN up to the last one, and Binding Authorization Data."""
    length = 12 + sum(len(bytes(option)) for option in options)
    if length < 18:  # PadN: type 1, length, zeros
        options = options + [MIP6OptUnknown(otype=1, olen=16 - length, odata=bytes(16 - length))]
    def build(authenticator):
        built = message.copy()
        built.autopad = 0
        built.options = options + [MIP6OptBindingAuthData(olen=12, authenticator=int.from_bytes(authenticator, "big"))]
        return built
    unsigned = bytearray(bytes(build(bytes(12))))
    unsigned[4:6] = b"\0\0"
    text = packed(care_of) + packed(PEER) + bytes(unsigned[:-12])
    return build(hmac.new(kbm, text, hashlib.sha1).digest()[:12])


def received(packet):
    return Ether(src=ROUTER_STATION, dst=STATION) / packet


def sent(packet):
    return Ether(src=STATION, dst=ROUTER_STATION) / packet


def from_away(destination, home=HOME):
    return IPv6(src=CARE_OF, dst=destination, hlim=64) / IPv6ExtHdrDestOpt(options=[HAO(hoa=home)])


def to_away(source, home=HOME):
    return IPv6(src=source, dst=CARE_OF, hlim=60) / IPv6ExtHdrRouting(type=2, segleft=1, addresses=[home])


def home_update(sequence=HOME_SEQUENCE):
    return sent(from_away(HOME_AGENT) /
                MIP6MH_BU(seq=sequence, flags="AH", mhtime=900, options=[MIP6OptAltCoA(acoa=CARE_OF)]))


def home_acknowledgement(status=0, sequence=HOME_SEQUENCE, lifetime=900, options=()):
    return received(to_away(HOME_AGENT) / MIP6MH_BA(status=status, flags=0, seq=sequence, mhtime=lifetime, options=list(options)))


def out_tunnel(inner, outer=HOME_AGENT):
    return sent(IPv6(src=CARE_OF, dst=outer, hlim=64, nh=41) / inner)


def in_tunnel(inner, outer=HOME_AGENT):
    return received(IPv6(src=outer, dst=CARE_OF, hlim=60, nh=41) / inner)


def home_test(cookie=COOKIES["home"], source=PEER):
    return IPv6(src=source, dst=HOME, hlim=50) / MIP6MH_HoT(index=INDICES["home"], cookie=cookie, token=TOKENS["home"])


def care_of_test(cookie=COOKIES["care-of"]):
    return IPv6(src=PEER, dst=CARE_OF, hlim=50) / MIP6MH_CoT(index=INDICES["care-of"], cookie=cookie, token=TOKENS["care-of"])


def update(sequence=PEER_SEQUENCE):
    return sent(from_away(PEER) / authorized(
        MIP6MH_BU(seq=sequence, flags="A", mhtime=105),
        [MIP6OptNonceIndices(olen=4, hni=INDICES["home"], coni=INDICES["care-of"])], KBM))  # scapy itself would write 16


def static_update(sequence=1, kbm=STATIC_KBM):  # the first number under a key
    return sent(from_away(PEER) / authorized(MIP6MH_BU(seq=sequence, flags="A", mhtime=105), [], kbm))


def acknowledgement(status=0, sequence=PEER_SEQUENCE, lifetime=105, kbm=KBM):
    return received(to_away(PEER) / authorized(MIP6MH_BA(status=status, flags=0, seq=sequence, mhtime=lifetime), [], kbm))


def unauthorized_acknowledgement(status, sequence=PEER_SEQUENCE):
    return received(to_away(PEER) / MIP6MH_BA(status=status, flags=0, seq=sequence, mhtime=0))


def data(source, destination, hop_limit):
    return IPv6(src=source, dst=destination, hlim=hop_limit) / UDP(sport=1000, dport=2000) / Raw(b"hello")


def binding_error(status, home=HOME):
    return received(IPv6(src=PEER, dst=CARE_OF, hlim=50) / MIP6MH_BE(status=status, ha=home))


# Of the second home address: nothing but its own home token is different.
SECOND_TEST = IPv6(src=PEER, dst=SECOND_HOME, hlim=50) / MIP6MH_HoT(index=INDICES["second"], cookie=COOKIES["second"],
                                                                      token=TOKENS["second"])
SECOND = [
    ("SECOND_HOME_BINDING_UPDATE", "of another home address, to another home agent",
     sent(from_away(SECOND_HOME_AGENT, SECOND_HOME) /
          MIP6MH_BU(seq=SECOND_HOME_SEQUENCE, flags="AH", mhtime=900, options=[MIP6OptAltCoA(acoa=CARE_OF)]))),
    ("SECOND_HOME_ACKNOWLEDGEMENT", "status 0, one hour",
     received(to_away(SECOND_HOME_AGENT, SECOND_HOME) /
              MIP6MH_BA(status=0, flags=0, seq=SECOND_HOME_SEQUENCE, mhtime=900))),
    ("SECOND_HOME_ACKNOWLEDGEMENT_FIRST", "the same to the first home address",
     received(to_away(SECOND_HOME_AGENT) / MIP6MH_BA(status=0, flags=0, seq=SECOND_HOME_SEQUENCE, mhtime=900))),
    ("SECOND_HOME_TEST_INIT", "through its tunnel",
     out_tunnel(IPv6(src=SECOND_HOME, dst=PEER, hlim=64) / MIP6MH_HoTI(cookie=COOKIES["second"]), SECOND_HOME_AGENT)),
    ("SECOND_HOME_TEST", "through its tunnel", in_tunnel(SECOND_TEST, SECOND_HOME_AGENT)),
    ("SECOND_HOME_TEST_OTHER_TUNNEL", "through the first home agent's", in_tunnel(SECOND_TEST)),
    ("SECOND_BINDING_UPDATE", "A, 420 s, the same care-of nonce index",
     sent(from_away(PEER, SECOND_HOME) / authorized(
         MIP6MH_BU(seq=SECOND_PEER_SEQUENCE, flags="A", mhtime=105),
         [MIP6OptNonceIndices(olen=4, hni=INDICES["second"], coni=INDICES["care-of"])], SECOND_KBM))),
    ("SECOND_ACKNOWLEDGEMENT", "status 0, 420 s",
     received(to_away(PEER, SECOND_HOME) / authorized(
         MIP6MH_BA(status=0, flags=0, seq=SECOND_PEER_SEQUENCE, mhtime=105), [], SECOND_KBM))),
    ("SECOND_DATA_TUNNELLED", "from it, through its tunnel", out_tunnel(data(SECOND_HOME, PEER, 64), SECOND_HOME_AGENT)),
    ("SECOND_DATA_OPTIMIZED", "with its Home Address option",
     sent(from_away(PEER, SECOND_HOME) / UDP(sport=1000, dport=2000) / Raw(b"hello"))),
]

ADVERTISEMENT = (Ether(src=ROUTER_STATION, dst="33:33:00:00:00:01") / IPv6(src=ROUTER, dst="ff02::1", hlim=255) /
                 ICMPv6ND_RA(chlim=64, routerlifetime=1800) / ICMPv6NDOptSrcLLAddr(lladdr=ROUTER_STATION) /
                 ICMPv6NDOptPrefixInfo(prefix="2001:db8:2::", prefixlen=64, L=1, A=1, validlifetime=86400,
                                       preferredlifetime=86400))

VECTORS = [
    ("ROUTER_ADVERTISEMENT", "of the visited link", ADVERTISEMENT),
    ("HOME_BINDING_UPDATE", "A H, one hour, Alternate Care-of Address", home_update()),
    ("HOME_BINDING_UPDATE_AGAIN", "the next sequence number", home_update(HOME_SEQUENCE + 1)),
    ("HOME_ACKNOWLEDGEMENT", "status 0, one hour", home_acknowledgement()),
    ("HOME_ACKNOWLEDGEMENT_SHORT", "status 0, 400 s", home_acknowledgement(lifetime=100)),
    ("HOME_ACKNOWLEDGEMENT_ADVICE", "status 0, refresh advised after 200 s",
     home_acknowledgement(options=[MIP6OptBRAdvice(rinter=50)])),
    ("HOME_ACKNOWLEDGEMENT_SEQUENCE", "not the number sent", home_acknowledgement(sequence=HOME_SEQUENCE - 1)),
    ("HOME_ACKNOWLEDGEMENT_OUT_OF_WINDOW", "status 135, last accepted 0x7000", home_acknowledgement(135, 0x7000, 0)),
    ("HOME_BINDING_UPDATE_RENUMBERED", "the number after that", home_update(0x7001)),
    ("HOME_ACKNOWLEDGEMENT_PROHIBITED", "status 129", home_acknowledgement(129, lifetime=0)),
    ("HOME_ACKNOWLEDGEMENT_ZERO", "status 0, lifetime 0", home_acknowledgement(lifetime=0)),
    ("HOME_TEST_INIT", "through the tunnel", out_tunnel(IPv6(src=HOME, dst=PEER, hlim=64) / MIP6MH_HoTI(cookie=COOKIES["home"]))),
    ("CARE_OF_TEST_INIT", "", sent(IPv6(src=CARE_OF, dst=PEER, hlim=64) / MIP6MH_CoTI(cookie=COOKIES["care-of"]))),
    ("HOME_TEST", "through the tunnel", in_tunnel(home_test())),
    ("HOME_TEST_COOKIE", "not the cookie sent", in_tunnel(home_test(cookie=bytes(8)))),
    ("HOME_TEST_DIRECT", "not through the tunnel", received(home_test())),
    ("HOME_TEST_OTHER_TUNNEL", "through a tunnel from elsewhere", in_tunnel(home_test(), PEER)),
    ("HOME_TEST_STRANGER", "from a node that was not asked", in_tunnel(home_test(source=STRANGER))),
    ("CARE_OF_TEST", "", received(care_of_test())),
    ("CARE_OF_TEST_COOKIE", "not the cookie sent", received(care_of_test(cookie=COOKIES["home"]))),
    ("CARE_OF_TEST_TUNNELLED", "through the tunnel", in_tunnel(care_of_test())),
    ("BINDING_UPDATE", "A, 420 s, nonce indices, authorized", update()),
    ("BINDING_UPDATE_AGAIN", "the next sequence number", update(PEER_SEQUENCE + 1)),
    ("STATIC_BINDING_UPDATE", "A, 420 s, no nonce indices (RFC 4449, 3)", static_update()),
    ("STATIC_ACKNOWLEDGEMENT", "status 0, 420 s", acknowledgement(sequence=1, kbm=STATIC_KBM)),
    ("STATIC_BINDING_UPDATE_2", "the next number", static_update(2)),
    ("STATIC_OUT_OF_WINDOW", "status 135, last accepted 0x7000", acknowledgement(135, 0x7000, 0, STATIC_KBM)),
    ("STATIC_OUT_OF_WINDOW_BARE", "the same without authorization", unauthorized_acknowledgement(135, 0x7000)),
    ("STATIC_BINDING_UPDATE_7001", "above it", static_update(0x7001)),
    ("STATIC_PROHIBITED", "status 129", acknowledgement(129, 1, 0, STATIC_KBM)),
    ("REKEYED_BINDING_UPDATE", "the first under another Kcn", static_update(1, REKEYED_KBM)),
    ("REKEYED_ACKNOWLEDGEMENT", "status 0, 420 s", acknowledgement(sequence=1, kbm=REKEYED_KBM)),
    ("ACKNOWLEDGEMENT", "status 0, 420 s", acknowledgement()),
    ("ACKNOWLEDGEMENT_SEQUENCE", "authentic, not the number sent", acknowledgement(sequence=PEER_SEQUENCE - 1)),
    ("ACKNOWLEDGEMENT_FORGED", "another Kbm", acknowledgement(kbm=bytes(20))),
    ("ACKNOWLEDGEMENT_BARE", "status 0 without authorization", unauthorized_acknowledgement(0)),
    ("ACKNOWLEDGEMENT_OUT_OF_WINDOW", "status 135, last accepted 0x7000", acknowledgement(135, 0x7000, 0)),
    ("ACKNOWLEDGEMENT_OUT_OF_WINDOW_BARE", "the same without authorization", unauthorized_acknowledgement(135, 0x7000)),
    ("BINDING_UPDATE_RENUMBERED", "the number after that", update(0x7001)),
    ("ACKNOWLEDGEMENT_NO_RESOURCES", "status 130", acknowledgement(130, lifetime=0)),
    ("ACKNOWLEDGEMENT_HOME_NONCE", "status 136", unauthorized_acknowledgement(136)),
    ("ACKNOWLEDGEMENT_CARE_OF_NONCE", "status 137", unauthorized_acknowledgement(137)),
    ("ACKNOWLEDGEMENT_NONCES", "status 138", unauthorized_acknowledgement(138)),
    ("REFRESH_REQUEST", "to the home address, through the tunnel", in_tunnel(IPv6(src=PEER, dst=HOME, hlim=50) / MIP6MH_BRR())),
    ("BINDING_ERROR_BINDING", "status 1", binding_error(1)),
    ("BINDING_ERROR_ANOTHERS", "status 1, another home address", binding_error(1, "2001:db8:1::101")),
    ("BINDING_ERROR_TYPE", "status 2", binding_error(2, "::")),
    ("PARAMETER_PROBLEM", "code 1 about the Care-of Test Init",
     received(IPv6(src=PEER, dst=CARE_OF, hlim=50) / ICMPv6ParamProblem(code=1, ptr=6) /
              Raw(bytes(IPv6(src=CARE_OF, dst=PEER, hlim=60) / MIP6MH_CoTI(cookie=COOKIES["care-of"]))))),
    ("DATA_TUNNELLED", "from the home address, through the tunnel", out_tunnel(data(HOME, PEER, 64))),
    ("DATA_OPTIMIZED", "with a Home Address option", sent(from_away(PEER) / UDP(sport=1000, dport=2000) / Raw(b"hello"))),
    ("DATA_CARE_OF", "from the care-of address", sent(data(CARE_OF, PEER, 64))),
    ("DATA_FROM_TUNNEL", "to the home address", in_tunnel(data(PEER, HOME, 50))),
    ("DATA_FROM_OTHER_TUNNEL", "the same from elsewhere", in_tunnel(data(PEER, HOME, 50), PEER)),
    ("DATA_FROM_TUNNEL_ELSEWHERE", "not to the home address", in_tunnel(data(PEER, "2001:db8:1::101", 50))),
    ("DATA_TYPE_2", "with a type 2 routing header", received(to_away(PEER) / UDP(sport=1000, dport=2000) / Raw(b"hello"))),
    ("DATA_TYPE_2_ELSEWHERE", "to another home address",
     received(IPv6(src=PEER, dst=CARE_OF, hlim=60) / IPv6ExtHdrRouting(type=2, segleft=1, addresses=["2001:db8:1::101"]) /
              UDP(sport=1000, dport=2000) / Raw(b"hello"))),
]

print("/* SPDX-License-Identifier: GPL-2.0-or-later */")
print("/* Frames that a mobile node receives and sends, made by scapy: written by tests/vectors/mobile_node.py. */")
print("#ifndef MIP6SIM_TESTS_VECTORS_MOBILE_NODE_H\n#define MIP6SIM_TESTS_VECTORS_MOBILE_NODE_H")
for name, comment, packet in VECTORS + SECOND:
    digits = bytes(packet).hex()
    about = f"{comment}; " if comment else ""
    print(f"\n/* {about}{len(digits) // 2} octets */\n#define {name} \\")
    lines = [digits[i:i + 96] for i in range(0, len(digits), 96)]
    print(" \\\n".join(f'    "{line}"' for line in lines))
print("\n#endif")
