# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads captures with scapy, and makes each Mobility Header again from its parts: the octets must be the same.

Everything that scapy can compute by itself (checksum over the addresses that RFC 6275, 6.1.1 says, header lengths, padding
around a Home Address option) is taken away first, so that it has to be computed. Fragments, and whatever else is no
Mobility Header, are passed over. What is under ESP is verified and decrypted first, by scapy's own ESP with the keys in the
file esp_sa beside the capture, and put under ESP again: that must give the same octets, too.
"""
import csv
import os
import struct
import sys

from scapy.config import conf

conf.ipv6_enabled = True
from scapy.packet import Raw  # noqa: E402
from scapy.layers.inet6 import (  # noqa: E402
    IPv6, IPv6ExtHdrDestOpt, Pad1, PadN,
    MIP6MH_BA, MIP6MH_BE, MIP6MH_BRR, MIP6MH_BU, MIP6MH_CoT, MIP6MH_CoTI, MIP6MH_HoT, MIP6MH_HoTI,
)

MESSAGES = (MIP6MH_BRR, MIP6MH_HoTI, MIP6MH_CoTI, MIP6MH_HoT, MIP6MH_CoT, MIP6MH_BU, MIP6MH_BA, MIP6MH_BE)
LINKTYPE_ETHERNET, LINKTYPE_RAW = 1, 101
MAGIC_NANOSECONDS = 0xA1B23C4D

ESP_HEADER = 50
EXTENSION_HEADERS = (0, 43, 60)
ALGORITHMS = {
    "AES-CBC [RFC3602]": "AES-CBC", "TripleDES-CBC [RFC2451]": "3DES", "NULL": "NULL",
    "HMAC-SHA-1-96 [RFC2404]": "HMAC-SHA1-96", "HMAC-SHA-256-128 [RFC4868]": "SHA2-256-128",
}


def associations(path):
    """The security associations of Wireshark's file beside the capture, by SPI."""
    found = {}
    name = os.path.join(os.path.dirname(path), "esp_sa")
    if not os.path.exists(name):
        return found
    from scapy.layers.ipsec import ESP, SecurityAssociation
    with open(name, newline="") as file:
        for protocol, _, _, spi, encryption, key, integrity, mac_key in csv.reader(file):
            assert protocol == "IPv6", f"{name}: {protocol}"
            found[int(spi, 16)] = SecurityAssociation(
                ESP, spi=int(spi, 16), crypt_algo=ALGORITHMS[encryption], crypt_key=bytes.fromhex(key[2:]),
                auth_algo=ALGORITHMS[integrity], auth_key=bytes.fromhex(mac_key[2:]))
    return found


def without_esp(frame, known):
    """The packet as it would be without ESP, and whether there was any."""
    from scapy.layers.ipsec import ESP
    at, named_at, header = 40, 6, frame[6]
    while header in EXTENSION_HEADERS:
        header, named_at, at = frame[at], at, at + (frame[at + 1] + 1) * 8
    if header != ESP_HEADER:
        return frame, False
    spi, sequence = struct.unpack(">II", frame[at:at + 8])
    association = known[spi]
    addresses = {"src": "2001:db8::1", "dst": "2001:db8::2"}
    esp = frame[at:]
    plain = association.decrypt(IPv6(nh=ESP_HEADER, **addresses) / ESP(esp))
    payload = bytes(plain)[40:]
    iv = esp[8:8 + association.crypt_algo.iv_size]
    again = bytes(association.encrypt(IPv6(nh=plain.nh, **addresses) / Raw(payload), seq_num=sequence, iv=iv))[40:]
    assert again == esp, f"SPI {spi:#x}, sequence number {sequence}\n  was  {esp.hex()}\n  made {again.hex()}"
    front = bytearray(frame[:at])
    front[named_at] = plain.nh
    front[4:6] = struct.pack(">H", at - 40 + len(payload))
    return bytes(front) + payload, True


def frames(path):
    """The IPv6 packets of a capture."""
    with open(path, "rb") as file:
        data = file.read()
    magic, _, _, _, _, _, linktype = struct.unpack("<IHHiIII", data[:24])
    assert magic == MAGIC_NANOSECONDS, f"{path}: not a nanosecond capture"
    assert linktype in (LINKTYPE_ETHERNET, LINKTYPE_RAW), f"{path}: link type {linktype}"
    at = 24
    while at < len(data):
        _, _, captured, original = struct.unpack("<IIII", data[at:at + 16])
        assert captured == original, f"{path}: a frame was cut"
        frame = data[at + 16:at + 16 + captured]
        at += 16 + captured
        if linktype == LINKTYPE_ETHERNET:
            assert frame[12:14] == b"\x86\xdd", f"{path}: ethertype {frame[12:14].hex()}"
            frame = frame[14:]
        yield frame


def innermost(packet):
    """The last IPv6 header, when packets are tunnelled."""
    layer = packet
    while layer.payload and layer.payload.getlayer(IPv6) is not None:
        layer = layer.payload.getlayer(IPv6)
    return layer


def rebuilt(packet):
    """The packet made again from its fields."""
    copy = packet.copy()
    copy.plen = None
    for message in MESSAGES:
        layer = copy.getlayer(message)
        if layer is not None:
            layer.cksum = None
            layer.len = None
    options = copy.getlayer(IPv6ExtHdrDestOpt)
    if options is not None:
        # scapy finds a Home Address option only where it stands alone; its own padding is to come back.
        options.options = [option for option in options.options if not isinstance(option, (Pad1, PadN))]
        options.autopad = 1
        options.len = None
    layer = copy
    while layer:
        layer.raw_packet_cache = None
        for value in layer.fields.values():
            for option in value if isinstance(value, list) else ():
                if hasattr(option, "raw_packet_cache"):
                    option.raw_packet_cache = None
        layer = layer.payload
    return bytes(copy)


def main(paths):
    counts = {}
    decrypted = 0
    for path in paths:
        known = associations(path)
        for number, frame in enumerate(frames(path), 1):
            frame, under_esp = without_esp(frame, known)
            decrypted += under_esp
            inner = innermost(IPv6(frame))
            kinds = [message for message in MESSAGES if inner.getlayer(message) is not None]
            if not kinds:
                continue
            before = bytes(inner.original[:inner.plen + 40]) if inner.original else bytes(inner)
            after = rebuilt(inner)
            if before != after:
                print(f"{path}: frame {number}: {kinds[0].__name__}\n  was  {before.hex()}\n  made {after.hex()}", file=sys.stderr)
                return 1
            counts[kinds[0].__name__] = counts.get(kinds[0].__name__, 0) + 1
    missing = [m.__name__ for m in (MIP6MH_HoTI, MIP6MH_CoTI, MIP6MH_HoT, MIP6MH_CoT, MIP6MH_BU, MIP6MH_BA) if m.__name__ not in counts]
    if missing:
        print(f"no message of these types in any capture: {', '.join(missing)}", file=sys.stderr)
        return 1
    if not decrypted:
        print("no packet under ESP in any capture", file=sys.stderr)
        return 1
    print(f"captures: scapy verifies, decrypts and encrypts again {decrypted} packets under ESP")
    print("captures: scapy makes the same octets:", ", ".join(f"{n} {name[7:]}" for name, n in sorted(counts.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
