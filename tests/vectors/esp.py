#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes esp.h: packets under ESP, as scapy's own implementation makes them (it encrypts with python3-cryptography).
Run by hand when one is added; the result is kept, so the tests need no scapy."""

import struct

from scapy.layers.inet6 import IPv6
from scapy.layers.ipsec import ESP, SecurityAssociation
from scapy.packet import Raw


def octets(first, count):
    return bytes((first + 7 * i) % 256 for i in range(count))


# Our name of the algorithm, scapy's, octets of key, octets of initialization vector.
ENCRYPTION = [("ESP_AES_CBC", "AES-CBC", 16, 16), ("ESP_AES_CBC", "AES-CBC", 24, 16),
              ("ESP_AES_CBC", "AES-CBC", 32, 16), ("ESP_3DES_CBC", "3DES", 24, 8), ("ESP_NULL", "NULL", 0, 0)]
INTEGRITY = [("ESP_HMAC_SHA1_96", "HMAC-SHA1-96", 20), ("ESP_HMAC_SHA_256_128", "SHA2-256-128", 32)]
# Octets of payload: around the edges of blocks, and the Mobility Headers of a home registration.
LENGTHS = [1, 14, 15, 16, 24, 32, 100]

print("/* SPDX-License-Identifier: GPL-2.0-or-later */")
print("/* Packets under ESP, made by scapy: written by tests/vectors/esp.py. */")
print("#ifndef MIP6SIM_TESTS_VECTORS_ESP_H\n#define MIP6SIM_TESTS_VECTORS_ESP_H\n")
print("static const struct esp_vector {\n    enum esp_encryption encryption;\n    enum esp_integrity integrity;")
print("    uint32_t spi, sequence;\n    const char *encryption_key, *integrity_key, *iv, *payload, *esp;")
print("} esp_vectors[] = {")
number = 0
for encryption, cipher, key_length, iv_length in ENCRYPTION:
    for integrity, mac, mac_key_length in INTEGRITY:
        for length in LENGTHS:
            number += 1
            spi, sequence = 0x1000 + number, number * number
            key, mac_key = octets(number, key_length), octets(100 + number, mac_key_length)
            iv, payload = octets(200 + number, iv_length), octets(50 + number, length)
            association = SecurityAssociation(ESP, spi=spi, crypt_algo=cipher, crypt_key=key, auth_algo=mac,
                                              auth_key=mac_key)
            packet = IPv6(src="2001:db8::1", dst="2001:db8::2", nh=135) / Raw(payload)
            esp = bytes(association.encrypt(packet, seq_num=sequence, iv=iv))[40:]
            assert struct.unpack(">II", esp[:8]) == (spi, sequence)
            print(f"    {{{encryption}, {integrity}, {spi:#x}, {sequence},")
            for text in (key, mac_key, iv, payload, esp):
                lines = [text.hex()[i:i + 96] for i in range(0, len(text.hex()), 96)] or [""]
                print("     " + "\n     ".join(f'"{line}"' for line in lines) + ",")
            print("    },")
print("};\n\n#endif")
