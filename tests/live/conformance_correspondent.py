#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A correspondent node on a TAP, as a conformance tester for RFC 6275 (and RFC 3775 before it) puts it to the test: one line for
each case, what is sent and exactly what must come of it, answers and silence. A packet is followed by an echo request from a
stranger; what has not come before its reply does not come.

Everything is made and verified here, from the RFCs' diagrams (outside.py). The cases go by the sections of RFC 6275: 6.1, 9.2,
9.3, 9.4, 9.5."""
import hashlib
import struct
import sys
import time

import outside
from outside import (A, BA, BE, BRR, BU, COT, COTI, DHAAD_REQUEST, ECHO, H, HOT, HOTI, ICMPV6, K, L, MOBILITY, MPS, NONE, OPTIONS, RA,
                     REPLY, ROUTING, UNREACHABLE, Live, authenticator, binding_update, echo, home_address_option, icmp_packet, ipv6,
                     kind_of, link_layer, mobility, option, options_of, packed, prefix_option, test_init, type_2)

CN, CN_MAC = "2001:db8:3::1", "02:00:00:00:03:01"
ROUTER, ROUTER_MAC = "fe80::99", "02:00:00:00:99:01"
STRANGER = "2001:db8:77::77"
COOKIE = bytes(range(0xc0, 0xc8))
GROUP, LINK_LOCAL = "ff02::100", "fe80::2"
SCENARIO = """[scenario]
title = A correspondent node
duration = 600s
[lan net]
prefix = 2001:db8:3::/64
[router r]
attached = net
external = yes
[correspondent-node cn]
attached = net
address = %s
mac = %s
dad-transmits = 0
icmp-error-rate = unlimited
%%s
""" % (CN, CN_MAC)

report = outside.Report()
case = report.case


class Tester(outside.Tester):
    """The network around the correspondent: a router, and whoever sends through it."""

    def __init__(self, settings):
        super().__init__(Live(SCENARIO % settings, {"net": outside.new_tap()}), report, CN, CN_MAC, STRANGER, ("rs", "ns"))
        self.live.answers[ROUTER] = ROUTER_MAC
        self.live.send(icmp_packet(ROUTER, "ff02::1", RA, 0, struct.pack(">BBHII", 64, 0, 1800, 0, 0) + link_layer(1, ROUTER_MAC)),
                       "33:33:00:00:00:01")


class Mobile:
    """A mobile node outside, away from home."""
    numbers = 0

    def __init__(self, tester, care_of=None):
        Mobile.numbers += 1
        self.tester = tester
        self.home = "2001:db8:1::%x" % (0x100 + Mobile.numbers)
        self.care_of = care_of or "2001:db8:2::%x" % (0x100 + Mobile.numbers)
        self.sequence = 10
        self.tokens = {}

    def test(self, kind, address=None):
        """By HoTI or CoTI: (nonce index, token)."""
        address = address or (self.home if kind == HOTI else self.care_of)
        found = self.tester.exchange(ipv6(address, CN, MOBILITY, test_init(address, CN, kind, COOKIE)))
        assert len(found) == 1 and found[0].is_mobility(kind + 2), found
        self.tokens[kind] = (found[0].word(6), found[0].body[16:24])
        return self.tokens[kind]

    def tests(self):
        self.test(HOTI)
        self.test(COTI)
        return self

    def kbm(self, deletion=False):
        tokens = self.tokens[HOTI][1] + (b"" if deletion else self.tokens[COTI][1])
        return hashlib.sha1(tokens).digest()

    def indices(self, home=None, care_of=None):
        return option(4, struct.pack(">HH", self.tokens[HOTI][0] if home is None else home,
                                     self.tokens[COTI][0] if care_of is None else care_of))

    def update(self, flags=A, lifetime=100, sequence=None, options=None, alternate=None, deletion=None, from_home=False,
               source=None, home=None, right=True, authorized=True, kbm=None, home_option=None, indices=True, **rest):
        """A Binding Update, with all that is needed; from_home: without Home Address option, from the home address."""
        if sequence is None:
            self.sequence += 1
            sequence = self.sequence
        source = source or (self.home if from_home else self.care_of)
        home = home or self.home
        care_of = alternate or source
        deletion = (lifetime == 0 or care_of == home) if deletion is None else deletion
        body = options
        if body is None:
            body = b"" if alternate is None else b"\1\2" + bytes(2) + option(3, packed(alternate))
            body += indices if isinstance(indices, bytes) else self.indices() if indices else b""
        header = binding_update(home, CN, sequence, flags, lifetime, body, (kbm or self.kbm(deletion)) if authorized else None,
                                home if deletion else care_of, right, **rest)
        if from_home and not home_option:
            return ipv6(source, CN, MOBILITY, header)
        return ipv6(source, CN, OPTIONS, home_address_option(MOBILITY, home) + header)

    def echo(self, home=None, source=None, data=b"optimized"):
        """An echo request with a Home Address option."""
        source, home = source or self.care_of, home or self.home
        body = outside.icmp(home, CN, ECHO, 0, b"\0\7\0\1" + data)
        return ipv6(source, CN, OPTIONS, home_address_option(ICMPV6, home) + body)

    def is_bound(self, care_of=None):
        """Is there a binding, here?"""
        found = self.tester.exchange(self.echo(source=care_of))
        care_of = care_of or self.care_of
        return (len(found) == 1 and kind_of(found[0]) == ("reply",) and found[0].destination == care_of
                and found[0].routed == self.home)

    def is_not_bound(self):
        found = self.tester.exchange(self.echo())
        return (len(found) == 1 and kind_of(found[0]) == ("be", 1) and found[0].destination == self.care_of
                and found[0].body[8:24] == packed(self.home))

    def bind(self, **rest):
        found = self.tester.exchange(self.update(**rest))
        assert len(found) == 1 and kind_of(found[0]) == ("ba", 0), [str(packet) for packet in found]
        return self

    def authentic(self, packet, deletion=False, care_of=None, bare=False):
        """Is that an acknowledgement to us, with the authenticator that it must have?"""
        data = packet.mobility_options().get(5)
        if bare:
            return data is None
        return data is not None and data == authenticator(self.kbm(deletion), self.home if deletion else care_of or self.care_of, CN,
                                                          packet.body)


def away(mobile, deletion=False, bare=False, sequence=None, lifetime=None):
    """What must hold of an acknowledgement to the care-of address (9.5.4)."""
    return lambda packet: (packet.destination == mobile.care_of and packet.routed == mobile.home and packet.source == CN
                           and mobile.authentic(packet, deletion, bare=bare)
                           and packet.word(8) == (mobile.sequence if sequence is None else sequence)
                           and (lifetime is None or packet.word(10) == lifetime))


def at_home(mobile, bare=False):
    return lambda packet: (packet.destination == mobile.home and packet.routed is None
                           and mobile.authentic(packet, True, bare=bare) and packet.word(8) == mobile.sequence)


# ---- 6.1.3 to 6.1.6, 9.4: tests ----

def test_messages(tester):
    mobile = Mobile(tester)
    for kind, address, name, answer in ((HOTI, mobile.home, "HoTI", "hot"), (COTI, mobile.care_of, "CoTI", "cot")):
        def send(title, expected, check=lambda packet: True, after=b"", destination=CN, options=b"", reserved=0, **rest):
            header = mobility(address, CN, kind, struct.pack(">H", reserved) + COOKIE + options, **rest) + after
            tester.expect("%s: %s" % (name, title), ipv6(address, destination, MOBILITY, header), expected, check)

        def good(packet):
            return packet.destination == address and packet.body[8:16] == COOKIE and packet.body[1] == 2 and packet.routed is None
        send("answered, its cookie copied", [(answer,)], good)
        send("a Nonce Indices option is ignored", [(answer,)], good, options=option(4, b"\0\1\0\2"))
        send("an Alternate Care-of Address option is ignored", [(answer,)], good, options=b"\1\0" + option(3, packed(mobile.home)))
        send("an unknown option is skipped", [(answer,)], good, options=option(200, b"xyz"))
        send("octets other than 0 in PadN, and Pad1", [(answer,)], good, options=b"\1\3xyz\0\0\0")
        tester.expect("%s: Reserved fields other than 0" % name, ipv6(address, CN, MOBILITY, test_init(
            address, CN, kind, COOKIE, reserved=0xffff)), [(answer,)], good)
        send("Payload Proto 0xff", [("parameter", 0, 40)], proto=0xff)
        send("Payload Proto that of a message behind it", [("parameter", 0, 40)], proto=ICMPV6,
             after=outside.icmp(address, CN, ECHO, 0, b"\0\0\0\0piggyback"))
        send("Header Len 0, checksum of the header", [("parameter", 0, 41)], length=0,
             value=outside.checksum(address, CN, MOBILITY, bytes([NONE, 0, kind, 0, 0, 0, 0, 0])), after=b"")
        send("Header Len 0, checksum of all that was sent", [("parameter", 0, 41)], length=0)
        send("a wrong checksum", [], value=0x1234)
        send("Header Len beyond the packet", [], length=9)
        tester.expect("%s: with a Home Address option" % name, ipv6(address, CN, OPTIONS, home_address_option(
            MOBILITY, mobile.home) + test_init(mobile.home, CN, kind, COOKIE)), [])
        for source, what in ((GROUP, "a group"), ("::", "the unspecified address")):
            tester.expect("%s: from %s" % (name, what), ipv6(source, CN, MOBILITY, test_init(source, CN, kind, COOKIE)), [])
        tester.expect("%s: with a type 2 routing header" % name, ipv6(address, CN, ROUTING, type_2(MOBILITY, CN) + test_init(
            address, CN, kind, COOKIE)), [])
    first, second = mobile.test(HOTI), mobile.test(COTI, mobile.home)
    case("tokens: home and care-of tokens of one address differ", first[1] != second[1])
    case("tokens: a test again gives the same token while the nonce is the same", mobile.test(HOTI) == first)
    other = Mobile(tester)
    case("tokens: of another address they differ", other.test(HOTI)[1] != first[1])
    case("tokens: both indices are of the same nonce", mobile.test(COTI)[0] == first[0])
    bound = Mobile(tester).tests().bind()
    tester.expect("HoTI: with a binding, the Home Test goes to the home address itself", ipv6(bound.home, CN, MOBILITY, test_init(
        bound.home, CN, HOTI, COOKIE)), [("hot",)], lambda packet: packet.destination == bound.home and packet.routed is None)
    tester.expect("CoTI: with a binding, the Care-of Test goes to the care-of address", ipv6(bound.care_of, CN, MOBILITY, test_init(
        bound.care_of, CN, COTI, COOKIE)), [("cot",)], lambda packet: packet.destination == bound.care_of and packet.routed is None)


# ---- 9.2: Mobility Headers ----

def headers(tester):
    for kind in (8, 11, 16, 99, 255):
        tester.expect("an unknown type (%d)" % kind, ipv6(STRANGER, CN, MOBILITY, mobility(STRANGER, CN, kind, bytes(10))),
                      [("be", 2)], lambda packet: packet.destination == STRANGER and packet.body[8:24] == bytes(16))
    mobile = Mobile(tester)
    tester.expect("an unknown type, with a Home Address option: it is in the Binding Error", ipv6(
        mobile.care_of, CN, OPTIONS, home_address_option(MOBILITY, mobile.home) + mobility(mobile.home, CN, 99, bytes(10))), [("be", 2)],
        lambda packet: packet.destination == mobile.care_of and packet.routed is None and packet.body[8:24] == packed(mobile.home))
    tester.expect("an unknown type with a wrong checksum", ipv6(STRANGER, CN, MOBILITY, mobility(
        STRANGER, CN, 99, bytes(10), value=0x1234)), [])
    for kind, body, name in ((BRR, bytes(2), "Binding Refresh Request"), (HOT, bytes(18), "Home Test"), (COT, bytes(18), "Care-of Test"),
                             (BA, bytes(6), "Binding Acknowledgement"), (BE, b"\1\0" + packed(STRANGER), "Binding Error")):
        tester.expect("%s: not for a correspondent" % name, ipv6(STRANGER, CN, MOBILITY, mobility(STRANGER, CN, kind, body)), [])


# ---- 6.1.7, 9.5.1: Binding Updates that are no good ----

def bad_updates(tester):
    def refused(title, expected, make, check=lambda packet: True, mobile=None):
        """And afterwards there is no binding."""
        mobile = mobile or Mobile(tester).tests()
        tester.expect("BU: " + title, make(mobile), expected, check)
        case("BU: %s: no binding" % title, mobile.is_not_bound())

    refused("Header Len 0, checksum of all that was sent", [("parameter", 0, 65)], lambda m: m.update(length=0))
    refused("Payload Proto 0xff", [("parameter", 0, 64)], lambda m: m.update(proto=0xff))
    refused("a wrong checksum", [], lambda m: m.update(value=0x1234))
    refused("a wrong checksum, without A", [], lambda m: m.update(flags=0, value=0x1234))
    refused("without Nonce Indices option", [], lambda m: m.update(indices=False))
    refused("without Binding Authorization Data option", [], lambda m: m.update(authorized=False))
    refused("a wrong authenticator", [], lambda m: m.update(right=False))
    refused("a Home Keygen Token of ones", [], lambda m: m.update(kbm=hashlib.sha1(b"\xff" * 8 + m.tokens[COTI][1]).digest()))
    refused("a Care-of Keygen Token of ones", [], lambda m: m.update(kbm=hashlib.sha1(m.tokens[HOTI][1] + b"\xff" * 8).digest()))
    refused("the home token alone", [], lambda m: m.update(kbm=m.kbm(True)))

    def ordered(mobile, *parts):
        """A Binding Update whose options are these, in this order; "auth" stands for the authorization data."""
        mobile.sequence += 1
        body = struct.pack(">HHH", mobile.sequence, A, 100)
        at = None
        for part in parts:
            if part == "auth":
                at = len(body) + 2
                part = option(5, bytes(12))
            body += part
        bare = mobility(mobile.home, CN, BU, body)
        data = bare[:4] + b"\0\0" + bare[6:6 + at]
        import hmac
        value = hmac.new(mobile.kbm(), packed(mobile.care_of) + packed(CN) + data, hashlib.sha1).digest()[:12]
        header = mobility(mobile.home, CN, BU, body[:at] + value + body[at + 12:])
        return ipv6(mobile.care_of, CN, OPTIONS, home_address_option(MOBILITY, mobile.home) + header)
    padn = lambda n: bytes([1, n]) + bytes(n)
    refused("padding behind the Binding Authorization Data option", [],
            lambda m: ordered(m, m.indices(), "auth", padn(6)))
    refused("an Alternate Care-of Address option behind the authorization data", [],
            lambda m: ordered(m, m.indices(), "auth", padn(2), option(3, packed(m.care_of))))
    refused("a Nonce Indices option behind the authorization data", [], lambda m: ordered(m, padn(4), "auth", m.indices(), padn(0)))
    for source, what in ((GROUP, "a group"), (LINK_LOCAL, "a link-local address")):
        mobile = Mobile(tester).tests()
        mobile.tokens[COTI] = mobile.tokens[HOTI]
        refused("from %s" % what, [], lambda m, source=source: m.update(source=source), mobile=mobile)
    for home, what in ((GROUP, "a group"), (LINK_LOCAL, "a link-local address"), ("::", "unspecified"), ("::1", "loopback")):
        refused("home address %s" % what, [], lambda m, home=home: m.update(home=home))
    for alternate, what in ((GROUP, "a group"), (LINK_LOCAL, "a link-local address"), ("::", "unspecified"), ("::1", "loopback")):
        refused("alternate care-of address %s" % what, [], lambda m, alternate=alternate: m.update(alternate=alternate, deletion=False))
    refused("without Home Address option, from the care-of address", [],
            lambda m: m.update(home=m.care_of, from_home=True, source=m.care_of, alternate="2001:db8:2::9999", deletion=False))
    for flags, name in ((A, "A"), (0, "no A")):
        for which, status, change in (("home nonce index", 136, lambda m: m.indices(home=0xffff)),
                                      ("care-of nonce index", 137, lambda m: m.indices(care_of=0xffff)),
                                      ("both nonce indices", 138, lambda m: m.indices(0xffff, 0xffff))):
            refused("unknown %s, %s" % (which, name), [("ba", status)], lambda m, change=change, flags=flags: m.update(
                flags=flags, indices=change(m)), lambda packet: packet.mobility_options().get(5) is None and packet.routed
                and packet.source == CN)
    mobile = Mobile(tester)
    refused("H, no authorization: home registration not supported", [("ba", 131)], lambda m: m.update(
        flags=A | H, options=b"", authorized=False), lambda packet: packet.destination == mobile.care_of
        and packet.mobility_options().get(5) is None, mobile=mobile)
    mobile = Mobile(tester).tests()
    found = tester.exchange(mobile.update(flags=A | H))
    case("BU: H with Nonce Indices: 131, or nothing", [kind_of(packet) for packet in found] in ([], [("ba", 131)]), found)
    case("BU: H with Nonce Indices: no binding", mobile.is_not_bound())
    # A binding that is there stays.
    mobile = Mobile(tester).tests().bind()
    circular = Mobile(tester, care_of=mobile.home)
    circular.home = mobile.care_of
    circular.tests()
    tester.expect("BU: home and care-of address the other way round than in a binding: a circle", circular.update(), [])
    found = tester.exchange(circular.echo())
    case("BU: the other way round: no binding", [kind_of(packet) for packet in found] == [("be", 1)]
         and found[0].body[8:24] == packed(circular.home) or found and found[0].routed == mobile.home, [str(p) for p in found])
    case("BU: the other way round: the one that was there stays", mobile.is_bound())


# ---- 9.5.2, 9.5.4: Binding Updates that are good ----

def good_updates(tester):
    mobile = Mobile(tester).tests()
    tester.expect("BU: accepted and acknowledged", mobile.update(), [("ba", 0)], away(mobile, lifetime=100))
    case("BU: an echo request by the binding is answered by it", mobile.is_bound())
    tester.expect("BU: an echo request from the home address itself is answered to the care-of address", echo(mobile.home, CN),
                  [("reply",)], lambda packet: packet.destination == mobile.care_of and packet.routed == mobile.home)
    for title, change in (
            ("a Binding Refresh Advice option is ignored", lambda m: {"options": option(2, b"\0\5") + m.indices()}),
            ("an unknown option is skipped", lambda m: {"options": option(200, b"abc") + b"\0" + m.indices()}),
            ("L", lambda m: {"flags": A | L}), ("K", lambda m: {"flags": A | K}),
            ("reserved bits", lambda m: {"flags": A | 0x0fff}), ("Reserved of the header", lambda m: {"reserved": 0xff}),
            ("an Alternate Care-of Address option, the source address", lambda m: {"alternate": m.care_of})):
        mobile = Mobile(tester).tests()
        tester.expect("BU: %s: accepted" % title, mobile.update(**change(mobile)), [("ba", 0)], away(mobile))
        case("BU: %s: bound" % title, mobile.is_bound())
    mobile = Mobile(tester).tests()
    tester.expect("BU: without A: accepted, not acknowledged", mobile.update(flags=0), [])
    case("BU: without A: bound", mobile.is_bound())
    # 6.1.7: the alternate care-of address is the binding's, the answer goes where the update came from.
    mobile = Mobile(tester)
    alternate = "2001:db8:22::%x" % Mobile.numbers
    mobile.test(HOTI)
    mobile.test(COTI, alternate)
    tester.expect("BU: an Alternate Care-of Address option, another address: accepted", mobile.update(alternate=alternate), [("ba", 0)],
                  lambda packet: packet.destination == mobile.care_of and packet.routed == mobile.home
                  and mobile.authentic(packet, care_of=alternate))
    case("BU: another alternate care-of address: bound there", mobile.is_bound(alternate))
    # 9.5.1: sequence numbers.
    for title, first, second, status in (
            ("10000, then 10001", 10000, 10001, 0), ("10000, then 42767", 10000, 42767, 0), ("42768, then 0", 42768, 0, 0),
            ("42768, then 9999", 42768, 9999, 0), ("10000, then 9999", 10000, 9999, 135), ("10000, then 10000", 10000, 10000, 135),
            ("10000, then 42768", 10000, 42768, 135), ("10000, then 0", 10000, 0, 135), ("65535, then 0", 65535, 0, 0)):
        for flags in (A, 0):
            mobile = Mobile(tester).tests().bind(sequence=first)
            expected = [("ba", status)] if flags or status else []
            tester.expect("sequence: %s%s" % (title, "" if flags else ", without A"), mobile.update(sequence=second, flags=flags),
                          expected, away(mobile, sequence=second if status == 0 else first))
            case("sequence: %s: still bound" % title, mobile.is_bound()) if flags else None
    for first in (0, 32768, 65535):
        mobile = Mobile(tester).tests()
        tester.expect("sequence: the first is %d" % first, mobile.update(sequence=first), [("ba", 0)], away(mobile, sequence=first))
    # 9.5.2, 5.2.6: lifetimes.
    for asked, granted in ((1, 1), (105, 105), (106, 105), (0xffff, 105)):
        mobile = Mobile(tester).tests()
        tester.expect("lifetime: %d asked, %d granted" % (asked, granted), mobile.update(lifetime=asked), [("ba", 0)],
                      away(mobile, lifetime=granted))
        tester.expect("lifetime: %d again, with a binding: %d" % (asked, granted), mobile.update(lifetime=asked), [("ba", 0)],
                      away(mobile, lifetime=granted))
    # Again, elsewhere, with H.
    mobile = Mobile(tester).tests().bind()
    tester.expect("again, with the same tokens: accepted", mobile.update(), [("ba", 0)], away(mobile))
    mobile.tests()
    tester.expect("again, after new tests: accepted", mobile.update(), [("ba", 0)], away(mobile))
    before, mobile.care_of = mobile.care_of, "2001:db8:22::%x" % (0x800 + Mobile.numbers)
    mobile.test(COTI)
    tester.expect("elsewhere, after a Care-of Test alone: accepted", mobile.update(), [("ba", 0)], away(mobile))
    case("elsewhere: bound there", mobile.is_bound())
    found = tester.exchange(mobile.echo(source=before))
    case("elsewhere: not bound any more where it was", [kind_of(packet) for packet in found] == [("be", 1)]
         and found[0].destination == before)
    tester.expect("elsewhere, an old number: 135", mobile.update(sequence=mobile.sequence - 1), [("ba", 135)], away(mobile))
    tester.expect("H, without authorization, when there is a binding: 139, or 131", mobile.update(
        flags=A | H, options=b"", authorized=False, lifetime=1), [("ba", 139)], lambda packet: packet.destination == mobile.care_of)
    case("H: the binding stays", mobile.is_bound())
    tester.expect("H, to delete, when there is a binding: 139", mobile.update(flags=A | H, options=b"", authorized=False, lifetime=0),
                  [("ba", 139)], lambda packet: packet.destination == mobile.care_of)
    case("H, to delete: the binding stays", mobile.is_bound())
    # 5.4.3: two at once.
    one, two = Mobile(tester).tests().bind(), Mobile(tester).tests().bind()
    case("two bindings, each its own", one.is_bound() and two.is_bound())
    found = tester.exchange(one.echo(source=two.care_of))
    case("a home address with another's care-of address", [kind_of(packet) for packet in found] == [("be", 1)]
         and found[0].body[8:24] == packed(one.home))
    # 9.5.3: a replay.
    replay = one.update()
    tester.expect("replay: the first", replay, [("ba", 0)], away(one))
    tester.expect("replay: the same again", replay, [("ba", 135)], away(one))


# ---- 9.5.3: deletion ----

def deletions(tester):
    for tested in (True, False):
        again = "after a Home Test" if tested else "without new tests"
        for title, rest, home in (
                ("lifetime 0, away", {"lifetime": 0}, False),
                ("lifetime 0, away, alternate care-of address", {"lifetime": 0, "alternate": "care-of"}, False),
                ("alternate care-of address is the home address", {"alternate": "home"}, False),
                ("at home, lifetime 0", {"lifetime": 0, "from_home": True}, True),
                ("at home, lifetime 0, Home Address option", {"lifetime": 0, "from_home": True, "home_option": True}, True),
                ("at home, lifetime 0, alternate care-of address", {"lifetime": 0, "from_home": True, "alternate": "home"}, True),
                ("at home, all options, lifetime 0", {"lifetime": 0, "from_home": True, "home_option": True, "alternate": "home"}, True),
                ("at home", {"from_home": True}, True),
                ("at home, Home Address option", {"from_home": True, "home_option": True}, True),
                ("at home, alternate care-of address", {"from_home": True, "alternate": "home"}, True),
                ("at home, all options", {"from_home": True, "home_option": True, "alternate": "home"}, True)):
            mobile = Mobile(tester).tests().bind()
            if tested:
                mobile.test(HOTI)
            rest = dict(rest)
            if rest.get("alternate") == "care-of":
                rest["alternate"] = mobile.care_of
            elif rest.get("alternate") == "home":
                rest["alternate"] = mobile.home
            title = "deletion: %s, %s" % (title, again)
            # With the Home Address option and source alike, no routing header is needed; with it, it is harmless.
            tester.expect(title, mobile.update(**rest), [("ba", 0)], at_home(mobile) if home else away(mobile, True, lifetime=0))
            case(title + ": not bound", mobile.is_not_bound())
            tester.expect(title + ": reached at home", echo(mobile.home, CN), [("reply",)],
                          lambda packet, mobile=mobile: packet.destination == mobile.home and packet.routed is None)
    for title, change, status, bare in (
            ("an old number", {"sequence": 1}, 135, False), ("no Nonce Indices option", {"indices": False}, None, False),
            ("a wrong authenticator", {"right": False}, None, False),
            ("made with both tokens", {"kbm": "both"}, None, False),
            ("an unknown home nonce index", {"indices": "home"}, 136, True)):
        mobile = Mobile(tester).tests().bind()
        change = dict(change)
        if change.get("indices") == "home":
            change["indices"] = mobile.indices(home=0xffff)
        if change.get("kbm"):
            change["kbm"] = mobile.kbm()
        tester.expect("deletion: at home, %s" % title, mobile.update(lifetime=0, from_home=True, **change),
                      [] if status is None else [("ba", status)],
                      lambda packet: packet.destination == mobile.home and packet.routed is None and mobile.authentic(packet, True, bare=bare))
        case("deletion: at home, %s: the binding stays" % title, mobile.is_bound())
    for alternate, what in ((GROUP, "a group"), (LINK_LOCAL, "a link-local address")):
        mobile = Mobile(tester).tests().bind()
        tester.expect("deletion: at home, alternate care-of address %s" % what, mobile.update(
            lifetime=0, from_home=True, alternate=alternate), [])
        case("deletion: alternate care-of address %s: the binding stays" % what, mobile.is_bound())
    mobile = Mobile(tester).tests().bind()
    tester.expect("deletion: an unknown care-of nonce index does not matter", mobile.update(
        lifetime=0, from_home=True, indices=mobile.indices(care_of=0xffff)), [("ba", 0)], at_home(mobile))
    mobile = Mobile(tester)
    mobile.test(HOTI)
    mobile.tokens[COTI] = (0, bytes(8))
    tester.expect("deletion: of a binding that is not there: accepted", mobile.update(lifetime=0, from_home=True), [("ba", 0)],
                  at_home(mobile))
    mobile = Mobile(tester).tests().bind()
    tester.expect("deletion: without A: not acknowledged", mobile.update(lifetime=0, from_home=True, flags=0), [])
    case("deletion: without A: not bound", mobile.is_not_bound())


# ---- 9.3: packets ----

def packets(tester):
    mobile = Mobile(tester).tests().bind()
    tester.expect("Home Address option without a binding", Mobile(tester).echo(), [("be", 1)])
    for source, what in ((GROUP, "a group"), ("::", "the unspecified address")):
        tester.expect("Home Address option, from %s" % what, mobile.echo(source=source), [])
        tester.expect("Home Address option of nobody, from %s" % what, Mobile(tester).echo(source=source), [])
    tester.expect("Home Address option, home address a group", mobile.echo(home=GROUP), [])
    for home, what in ((LINK_LOCAL, "a link-local address"), ("::", "unspecified"), ("::1", "loopback")):
        tester.expect("Home Address option, home address %s" % what, mobile.echo(home=home), [("be", 1)])
    tester.expect("both a group", mobile.echo(home=GROUP, source=GROUP), [])
    body = outside.icmp(mobile.care_of, CN, ECHO, 0, b"\0\7\0\1wrong")
    tester.expect("a checksum made with the care-of address", ipv6(mobile.care_of, CN, OPTIONS, home_address_option(
        ICMPV6, mobile.home) + body), [])
    right = outside.icmp(mobile.home, CN, ECHO, 0, b"\0\7\0\1length")
    for length in (15, 17):
        header = bytes([ICMPV6, 2, 1, 2, 0, 0, 201, length]) + packed(mobile.home)
        if length == 17:
            header = bytes([ICMPV6, 3, 1, 2, 0, 0, 201, 17]) + packed(mobile.home) + b"\0\1\5\0\0\0\0\0"
        tester.expect("Home Address option of %d octets" % length, ipv6(mobile.care_of, CN, OPTIONS, header + right),
                      [("parameter", 0, 47)])
    unknown = bytes([ICMPV6, 3, 1, 2, 0, 0, 201, 16]) + packed(mobile.home)
    for kind, expected in ((0x1e, [("reply",)]), (0x5e, []), (0x9e, [("parameter", 2, 64)]), (0xde, [("parameter", 2, 64)])):
        tester.expect("Home Address option, and an unknown one of type 0x%02x" % kind, ipv6(
            mobile.care_of, CN, OPTIONS, unknown + option(kind, bytes(6)) + right), expected,
            lambda packet: packet.destination == mobile.care_of)
    # 9.3.2: errors about what we sent, and to the home address.
    tester.expect("UDP by a binding, where nobody listens: unreachable", ipv6(
        mobile.care_of, CN, OPTIONS, home_address_option(17, mobile.home) + udp(mobile.home, CN)), [("unreachable", 4)],
        lambda packet: packet.destination == mobile.care_of)
    tester.expect("an unknown next header by a binding", ipv6(mobile.care_of, CN, OPTIONS, home_address_option(200, mobile.home) + b"12345678"),
                  [("parameter", 1, 40)], lambda packet: packet.destination == mobile.care_of)
    # 6.4: a type 2 routing header is for mobile nodes.
    for left in (1, 0, 2):
        tester.expect("type 2 routing header, Segments Left %d" % left, ipv6(STRANGER, CN, ROUTING, type_2(
            ICMPV6, mobile.home, left) + outside.icmp(STRANGER, mobile.home, ECHO, 0, b"\0\0\0\1rh")), [])
    for kind, code in ((DHAAD_REQUEST, 0), (MPS, 0)):
        tester.expect("ICMPv6 type %d is not for a correspondent" % kind, icmp_packet(STRANGER, CN, kind, code, b"\0\1\0\0"), [])


def udp(source, destination):
    octets = struct.pack(">HHHH", 5000, 33333, 12, 0) + b"data"
    return octets[:6] + struct.pack(">H", outside.checksum(source, destination, 17, octets)) + octets[8:]


# ---- what takes time ----

def errors_limited():
    """9.3.3: not more than one a second, and not fewer."""
    tester = Tester("")
    mobile = Mobile(tester)
    kinds = []
    for _ in range(5):
        kinds += [kind_of(packet) for packet in tester.exchange(mobile.echo())]
    case("Binding Errors: one at once", kinds == [("be", 1)], kinds)
    time.sleep(1.01)
    kinds = [kind_of(packet) for packet in tester.exchange(mobile.echo())]
    case("Binding Errors: and one a second later", kinds == [("be", 1)], kinds)
    tester.finish()


def nonces_expire():
    """5.2.5: eight nonces are valid, each a while; here 150 ms, so that tokens are good for 1.05 s at least, 1.2 s at most."""
    tester = Tester("nonce-interval = 150ms\nbinding-error-interval = 0s")
    fresh, old, away_old, home_old = (Mobile(tester) for _ in range(4))
    for one in (old, away_old, home_old):
        one.tests()
    bound = Mobile(tester).tests().bind()
    time.sleep(0.6)
    tester.expect("nonces: not the newest, but valid", bound.update(), [("ba", 0)], away(bound))
    fresh.tests()
    case("nonces: there is a new one", fresh.tokens[HOTI][0] != old.tokens[HOTI][0])
    time.sleep(0.7)
    away_old.test(COTI)
    home_old.test(HOTI)
    tester.expect("nonces: both expired: 138", old.update(), [("ba", 138)], away(old, bare=True))
    tester.expect("nonces: the home nonce expired: 136", away_old.update(), [("ba", 136)], away(away_old, bare=True))
    tester.expect("nonces: the care-of nonce expired: 137", home_old.update(), [("ba", 137)], away(home_old, bare=True))
    tester.expect("nonces: the home nonce expired, without A: 136", away_old.update(flags=0), [("ba", 136)], away(away_old, bare=True))
    tester.expect("nonces: expired, to delete, away: 136", bound.update(lifetime=0), [("ba", 136)],
                  lambda packet: packet.destination == bound.care_of and bound.authentic(packet, bare=True))
    tester.expect("nonces: expired, to delete, at home: 136", bound.update(lifetime=0, from_home=True), [("ba", 136)],
                  at_home(bound, bare=True))
    case("nonces: the binding outlives them", bound.is_bound())
    tester.expect("nonces: a later index, unknown yet", fresh.update(indices=fresh.indices(home=fresh.tokens[HOTI][0] + 50)),
                  [("ba", 136)])
    tester.finish()


def bindings_end():
    """9.5.5 and 9.3.4, and a lifetime of 4 s to its end."""
    tester = Tester("binding-refresh-requests = yes\nbinding-error-interval = 0s")
    brief = Mobile(tester).tests().bind(lifetime=1)
    lost = Mobile(tester).tests().bind()
    begun = time.time()
    refreshes, gone = [], None
    sent = bytes.fromhex("6000000000182b40") + packed(CN) + packed(lost.care_of) + type_2(ICMPV6, lost.home) + bytes(8)
    while time.time() < begun + 5.5 and not (gone and time.time() > begun + 4.1):
        for packet in tester.exchange(icmp_packet(ROUTER, CN, UNREACHABLE, 3, bytes(4) + sent, 64), lost.echo(), brief.echo()):
            if kind_of(packet) == ("brr",):
                refreshes.append((packet, time.time() - begun))
            elif kind_of(packet) == ("be", 1) and packet.destination == lost.care_of:
                gone = gone or time.time() - begun
        time.sleep(0.05)
    case("refresh: a Binding Refresh Request to the home address, before the end", len(refreshes) > 0 and all(
        packet.destination == brief.home and packet.routed is None and packet.body[6:8] == b"\0\0" and at < 4
        for packet, at in refreshes), [(str(packet), at) for packet, at in refreshes])
    case("unreachable for long, not at once: the binding is gone", gone is not None and gone > 1, gone)
    case("a lifetime of 4 s is over after 4 s", brief.is_not_bound())
    tester.finish()


def tables():
    everything = Tester("binding-error-interval = 0s")
    test_messages(everything)
    headers(everything)
    bad_updates(everything)
    good_updates(everything)
    deletions(everything)
    packets(everything)
    everything.finish()


outside.enter()
outside.at_once(report, tables, errors_limited, nonces_expire, bindings_end)
sys.exit(report.end())
