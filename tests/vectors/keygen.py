#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Vectors for HMAC-SHA1, keygen tokens, Kbm and authenticators, from hashlib and hmac alone (RFC 6275, 5.2.5, 6.2.7; RFC 4449).

Prints the lines of keygen.txt. Octets that stand for keys, nonces and addresses are SHA-256 of a name: no choice of ours.

    hmac KEY TEXT MAC
    token KCN ADDRESS NONCE KIND TOKEN
    kbm HOME-TOKEN CARE-OF-TOKEN|- KBM
    authenticator KBM CARE-OF-ADDRESS CORRESPONDENT MESSAGE OFFSET AUTHENTICATOR
    static KCN HOME-NONCE CARE-OF-NONCE HOME-ADDRESS CARE-OF-ADDRESS|- KBM
"""
import hashlib
import hmac


def octets(name, length):
    result = b""
    counter = 0
    while len(result) < length:
        result += hashlib.sha256(("%s %d" % (name, counter)).encode()).digest()
        counter += 1
    return result[:length]


def mac(key, text):
    return hmac.new(key, text, hashlib.sha1).digest()


def token(kcn, address, nonce, kind):
    return mac(kcn, address + nonce + bytes([kind]))[:8]


def kbm(home, care_of):
    return hashlib.sha1(home + care_of).digest()


def authenticator(key, care_of, correspondent, message, at):
    assert len(message) == at + 12
    data = message[:4] + b"\0\0" + message[6:at]
    return mac(key, care_of + correspondent + data)[:12]


def address(name):
    return bytes.fromhex("20010db8") + octets(name, 12)


def show(*words):
    print(" ".join(word.hex() or "-" if isinstance(word, bytes) else str(word) for word in words))


for length in (0, 1, 19, 20, 21, 54, 55, 56, 63, 64, 65, 119, 120, 200, 2056):
    for key_length in (1, 20, 63, 64, 65, 128):
        key, text = octets("key %d" % key_length, key_length), octets("text %d" % length, length)
        show("hmac", key, text, mac(key, text))

for number in range(8):
    for nonce_length in (1, 8, 32):
        for kind in (0, 1):
            kcn = octets("kcn %d" % number, 20 + number)
            nonce = octets("nonce %d" % number, nonce_length)
            where = address("address %d" % number)
            show("token", kcn, where, nonce, kind, token(kcn, where, nonce, kind))

for number in range(4):
    home, care_of = octets("home token %d" % number, 8), octets("care-of token %d" % number, 8)
    show("kbm", home, care_of, kbm(home, care_of))
    show("kbm", home, b"", kbm(home, b""))

# A Binding Update of 32 octets: the authenticator in its last 12; the checksum must not matter.
for number in range(4):
    key = octets("kbm %d" % number, 20)
    care_of, correspondent = address("care-of %d" % number), address("correspondent %d" % number)
    for length in (32, 56, 2048):
        body = bytes([59, length // 8 - 1, 5, 0]) + octets("checksum %d" % number, 2)
        body += octets("body %d %d" % (number, length), length - 6 - 14) + bytes([5, 12]) + octets("garbage", 12)
        show("authenticator", key, care_of, correspondent, body, length - 12,
             authenticator(key, care_of, correspondent, body, length - 12))

for number in range(4):
    kcn = octets("static kcn %d" % number, 20 + 14 * number)
    home_nonce = octets("static home nonce %d" % number, 1 + 10 * number)
    care_of_nonce = octets("static care-of nonce %d" % number, 32 - 10 * number)
    home, care_of = address("static home %d" % number), address("static care-of %d" % number)
    show("static", kcn, home_nonce, care_of_nonce, home, care_of,
         kbm(token(kcn, home, home_nonce, 0), token(kcn, care_of, care_of_nonce, 1)))
    show("static", kcn, home_nonce, care_of_nonce, home, b"", kbm(token(kcn, home, home_nonce, 0), b""))
