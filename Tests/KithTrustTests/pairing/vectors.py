#!/usr/bin/env python3
"""Computes the test vectors of kith-pair/1, independently of the Swift code.

Usage: python3 vectors.py          writes sas.json, psk.json, nine-digits.json beside this file
       python3 vectors.py --check  fails if the files differ from what it would write

Needs the `cryptography` package for the curves; every hash is from the standard library.
All inputs are derived from fixed words, so that the files never change by themselves.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import struct
import sys

from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

X25519, P256 = 1, 2
SIX_DIGITS, SECRET, NINE_DIGITS = 0, 1, 2


def sha(data):
    return hashlib.sha256(data).digest()


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def lp(data):
    return struct.pack(">I", len(data)) + data


def label(purpose):
    return b"kith-pair/1 " + purpose + b"\0"


def expand(prk, info, count):
    out, block, number = b"", b"", 1
    while len(out) < count:
        block = mac(prk, block + info + bytes([number]))
        out, number = out + block, number + 1
    return out[:count]


def p256(scalar):
    return ec.derive_private_key(int.from_bytes(scalar, "big"), ec.SECP256R1())


def public(suite, private):
    if suite == X25519:
        key = x25519.X25519PrivateKey.from_private_bytes(private).public_key()
        return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return p256(private).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def exchange(suite, private, other):
    if suite == X25519:
        key = x25519.X25519PrivateKey.from_private_bytes(private)
        return key.exchange(x25519.X25519PublicKey.from_public_bytes(other))
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), other)
    return p256(private).exchange(ec.ECDH(), point)


class Side:
    """One side: an identity key, what it says about itself, and its randomness."""

    def __init__(self, word, name, asks, port):
        self.identity = sha(b"identity " + word)
        self.private = sha(b"ephemeral " + word)
        self.nonce = sha(b"nonce " + word)
        self.session = sha(b"session " + word)[:16]
        self.name, self.asks, self.port = name, sorted(asks), port
        spki = p256(self.identity).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.fingerprint = sha(spki)
        self.id = base64.b32encode(self.fingerprint).decode().lower().rstrip("=")

    @property
    def meta(self):
        fields = [self.id.encode(), self.name.encode(), ",".join(self.asks).encode(), b"1-1", struct.pack(">H", self.port)]
        return b"".join(lp(field) for field in fields)

    @property
    def inputs(self):
        return {
            "identityKey": self.identity.hex(), "id": self.id, "name": self.name, "asks": self.asks,
            "port": self.port, "privateKey": self.private.hex(), "nonce": self.nonce.hex(),
            "session": self.session.hex(),
        }


def vector(title, suite, mode, proof):
    word = title.encode()
    inviter = Side(word + b" inviter", "studio", ["observe", "message", "context.read"], 5484)
    joiner = Side(word + b" joiner", "laptop-2", [], 0)
    greeting = SECRET if mode == SECRET else SIX_DIGITS
    epk_i, epk_j = public(suite, inviter.private), public(suite, joiner.private)

    commitment = sha(
        label(b"commit") + lp(joiner.fingerprint) + lp(joiner.session) + lp(bytes([suite, greeting]))
        + lp(epk_j) + lp(joiner.nonce) + lp(joiner.meta))
    m1 = bytes([1, 1, suite, greeting]) + joiner.session + commitment
    m2 = bytes([2, 1, suite, mode]) + inviter.session + epk_i + inviter.nonce + inviter.meta
    m3 = bytes([3]) + epk_j + joiner.nonce + joiner.meta

    ecdh = exchange(suite, joiner.private, epk_i)
    assert ecdh == exchange(suite, inviter.private, epk_j)
    th = sha(label(b"th") + lp(inviter.fingerprint) + lp(joiner.fingerprint) + lp(m1) + lp(m2) + lp(m3))
    psk = proof if mode == SECRET else b""
    prk = mac(sha(label(b"salt") + bytes([mode]) + lp(psk)), ecdh)
    k_i = expand(prk, label(b"confirm I") + th, 32)
    k_j = expand(prk, label(b"confirm J") + th, 32)
    code_mac = mac(expand(prk, label(b"code") + th, 32), proof)
    digits = {SIX_DIGITS: 6, NINE_DIGITS: 9}.get(mode, 0)
    sas = struct.unpack(">Q", expand(prk, label(b"sas") + th, 8))[0]
    shown = str(sas % 10**digits).zfill(digits) if digits else ""

    def frame(message):
        return (struct.pack(">H", len(message)) + message).hex()

    return {
        "title": title, "suite": suite, "mode": mode, "proof": proof.decode(),
        "inviter": inviter.inputs, "joiner": joiner.inputs,
        "expected": {
            "commitment": commitment.hex(), "ecdh": ecdh.hex(), "th": th.hex(), "prk": prk.hex(),
            "sas": " ".join(shown[i:i + 3] for i in range(0, digits, 3)),
            "codeMAC": code_mac.hex(),
            "hello": frame(m1), "offer": frame(m2), "open": frame(m3 + code_mac),
            "joinerOK": frame(bytes([4]) + mac(k_j, b"ok" + th)),
            "inviterOK": frame(bytes([5]) + mac(k_i, b"ok" + th)),
            "joinerDone": frame(bytes([6]) + mac(k_j, b"done" + th)),
            "inviterDone": frame(bytes([6]) + mac(k_i, b"done" + th)),
        },
    }


CODE, PSK = b"7K3M9QXZ", b"0123456789ABCDEFGHJKMNPQRS"
FILES = {
    "sas.json": [vector("sas x25519", X25519, SIX_DIGITS, CODE), vector("sas p256", P256, SIX_DIGITS, CODE)],
    "psk.json": [vector("psk x25519", X25519, SECRET, PSK), vector("psk p256", P256, SECRET, PSK)],
    "nine-digits.json": [vector("nine digits", X25519, NINE_DIGITS, CODE)],
}


def main():
    folder = pathlib.Path(__file__).parent
    for name, vectors in FILES.items():
        text = json.dumps(vectors, indent=2) + "\n"
        if "--check" not in sys.argv:
            (folder / name).write_text(text)
        elif (folder / name).read_text() != text:
            sys.exit(f"{name} is not what this script computes")


if __name__ == "__main__":
    main()
