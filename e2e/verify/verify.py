#!/usr/bin/env python3
"""Verifies a Kept log from the outside, with libraries that Kept's authors did not write.

Tiles, proofs, notes and keys are read and checked by tlog-scales, Ed25519 by cryptography.
This script only fetches, compares and says what it found. It does not import anything of Kept.

Exit codes: 0 verified, 1 something is wrong with the log, 2 could not be checked.

    verify.py LOG --vkey KEY [--older FILE]... [--record FILE --blind HEX --index N] [--proof FILE]

LOG is a base URL (http://127.0.0.1:8080) or a folder that holds `checkpoint` and `tile/`.
"""

import argparse
import hashlib
import json
import pathlib
import sys
import tempfile
import urllib.parse

import requests
from cryptography.exceptions import InvalidSignature
from tlog_scales import backend, reader, signing, tiles, tlog, writer
from tlog_scales.utils import b64dec

DOMAIN = b"kept-entry-v1\0"


class Wrong(Exception):
    """The log is not what it claims to be."""


class Unchecked(Exception):
    """Something that is needed for the check could not be had."""


class Http:
    """Tiles over HTTP. Anything but 200 and 404 stops the check."""

    def __init__(self, base):
        self.base = base.rstrip("/")
        self.session = requests.Session()

    def get(self, *path):
        url = "/".join([self.base, *path])
        answer = self.session.get(url, timeout=30)
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            raise Unchecked(f"{url} answered {answer.status_code}")
        return answer.content


def source(log):
    scheme = urllib.parse.urlparse(log).scheme
    if scheme in ("http", "https"):
        return Http(log)
    folder = pathlib.Path(log)
    if not folder.is_dir():
        raise Unchecked(f"{log} is neither a URL nor a folder")
    return backend.LocalBackend(folder)


def key(text):
    """A vkey whose id is really the one of its name and key."""
    try:
        given = signing.Vkey.from_string(text.strip())
    except (ValueError, IndexError) as error:
        raise Unchecked(f"the vkey cannot be read: {error}") from error
    computed = signing.Vkey(given.name, None, given.sig_type, given.pubkey)
    if computed.key_id != given.key_id:
        raise Unchecked("the vkey's id is not the one of its name and key")
    return given


def checkpoint(what, data, vkey):
    """Reads a checkpoint, and trusts it only with a signature by `vkey` over its exact bytes."""
    try:
        text = data.decode()
        parsed = tlog.Checkpoint.from_text(text)
    except (ValueError, IndexError) as error:
        raise Wrong(f"{what} is no checkpoint: {error}") from error
    if text.partition("\n\n")[0] + "\n" != parsed.serialize_body():
        raise Wrong(f"{what} is not written as a checkpoint is")
    if len(parsed.root_hash) != 32 or parsed.size < 0:
        raise Wrong(f"{what} has no root of 32 bytes")
    try:
        parsed.verify(vkey)
    except InvalidSignature as error:
        raise Wrong(f"{what}: the signature does not verify, its text was changed") from error
    except RuntimeError as error:
        raise Wrong(f"{what} is not signed by {vkey.name}") from error
    if parsed.origin != vkey.name:
        raise Wrong(f"{what} is for the log {parsed.origin}, not {vkey.name}")
    return parsed


def entries(log, size):
    """Every entry, each bundle of exactly the width that the size asks for."""
    for number in range((size + 255) // 256):
        width = min(256, size - number * 256)
        partial = width % 256
        path = tiles.tile_path(-1, number, partial)
        data = log.get(*path)
        if data is None and partial:
            path = tiles.tile_path(-1, number)
            data = log.get(*path)
        if data is None:
            raise Wrong(f"{'/'.join(path)} is missing")
        try:
            bundle = reader.Tile.from_entries_bytes(data).entries
        except ValueError as error:
            raise Wrong(f"{'/'.join(path)}: {error}") from error
        if len(bundle) < width or (len(path) == 3 and not partial and len(bundle) != 256):
            raise Wrong(f"{'/'.join(path)} has {len(bundle)} entries, not {width}")
        yield from bundle[:width]


def rebuild(log, head, stops):
    """The library writes a log of its own from the entries; roots must come out the same."""
    with tempfile.TemporaryDirectory() as scratch:
        own = writer.TilesWriter.create(pathlib.Path(scratch) / "log", head.origin)
        for entry in entries(log, head.size):
            if len(entry) != 32:
                raise Wrong(f"entry {len(own.pending)} is not 32 bytes long")
            own.add_leaf(entry)
        own.commit([signing.DummySigner(key_id=0)])
        roots = reader.TilesReader(backend.LocalBackend(own.root))
        roots.set_size(head.size)
        compare_tiles(log, backend.LocalBackend(own.root), head.size)
        return {size: roots.mth(0, size) for size in {head.size, *stops} if size <= head.size}


def compare_tiles(log, own, size):
    """Each hash tile that the log serves is the one that its entries give."""
    for level in range(8):
        full, partial = tiles.level_tiles(size, level)
        addresses = [(n, 0) for n in range(full)] + ([(full, partial)] if partial else [])
        for number, width in addresses:
            path = tiles.tile_path(level, number, width)
            data, mine = log.get(*path), own.get(*path)
            if data is None and width:
                whole = log.get(*tiles.tile_path(level, number))
                data = whole and whole[: width * 32]
            if data is None:
                raise Wrong(f"{'/'.join(path)} is missing")
            if data != mine:
                raise Wrong(f"{'/'.join(path)} is not what the entries give")


def check_older(log, head, roots, name, older):
    """An older checkpoint, kept elsewhere, must be a beginning of the log."""
    if older.size > head.size:
        missing = older.size - head.size
        raise Wrong(f"the newest {missing} entries are missing: {name} was signed at {older.size},"
                    f" the log ends at {head.size}")
    if roots[older.size] != older.root_hash:
        raise Wrong(f"history was rewritten before entry {older.size}: the log does not contain"
                    f" the tree that {name} was signed for")
    try:
        log.get_consistency_proof(older.size, head.size).check(older.root_hash, head.root_hash)
    except tlog.ConsistencyProofInvalid as error:
        raise Wrong(f"{name} is not consistent with the log: {error}") from error


def entry_of(record, blind):
    """docs/formats/entry.md"""
    return hashlib.sha256(DOMAIN + len(record).to_bytes(4, "big") + record + blind).digest()


def check_inclusion(leaf, index, size, root, hashes, what):
    try:
        tlog.InclusionProof(index, size, hashes).check(leaf, root)
    except tlog.InclusionProofInvalid as error:
        raise Wrong(f"{what} is not entry {index} of the log: {error}") from error


def check_record(args, tree, head):
    record = pathlib.Path(args.record).read_bytes()
    try:
        blind = bytes.fromhex(args.blind)
    except ValueError as error:
        raise Unchecked(f"the blind is not hexadecimal: {error}") from error
    if len(blind) != 32:
        raise Unchecked("the blind has 32 bytes, 64 hexadecimal digits")
    if not 0 <= args.index < head.size:
        raise Wrong(f"there is no entry {args.index}: the log has {head.size} entries")
    leaf = tiles.leaf_hash(entry_of(record, blind))
    proof = tree.get_inclusion_proof(args.index, head.size)
    check_inclusion(leaf, args.index, head.size, head.root_hash, proof.node_hashes, args.record)
    return leaf


def check_proof(name, vkey, leaf):
    """What `kept journal prove` wrote, checked without the log."""
    try:
        proof = json.loads(pathlib.Path(name).read_text())
        note, index = proof["checkpoint"].encode(), int(proof["index"])
        claimed = b64dec(proof["leaf"])
        hashes = [b64dec(text) for text in proof["inclusion"]]
        version = proof["version"]
    except (ValueError, KeyError, TypeError) as error:
        raise Wrong(f"{name} is no proof: {error}") from error
    if version != 1:
        raise Unchecked(f"{name} has version {version}, only 1 is known")
    head = checkpoint(name, note, vkey)
    check_inclusion(claimed, index, head.size, head.root_hash, hashes, name)
    if leaf is not None and leaf != claimed:
        raise Wrong(f"{name} is of another record than the one given")
    return head, index


def run(args):
    vkey = key(args.vkey)
    log = source(args.log)
    data = log.get("checkpoint")
    if data is None:
        raise Wrong("checkpoint is missing")
    head = checkpoint("checkpoint", data, vkey)
    print(f"checkpoint: {head.origin}, {head.size} entries, signed by {vkey.name}")
    older = [(name, checkpoint(name, pathlib.Path(name).read_bytes(), vkey))
             for name in args.older]
    roots = rebuild(log, head, [kept.size for _, kept in older])
    if roots[head.size] != head.root_hash:
        raise Wrong(f"the {head.size} entries do not give the signed root")
    print(f"root: recomputed from {head.size} entries and equal; every tile agrees")
    tree = reader.TilesReader(log)
    tree.set_size(head.size)
    for name, kept in older:
        check_older(tree, head, roots, name, kept)
        print(f"consistent: {name} at {kept.size} entries")
    leaf = None
    if args.record:
        leaf = check_record(args, tree, head)
        print(f"included: {args.record} is entry {args.index}")
    if args.proof:
        at, index = check_proof(args.proof, vkey, leaf)
        print(f"proved: {args.proof} is entry {index} of {at.size}")
    print("verified")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("log", help="base URL or folder")
    parser.add_argument("--vkey", required=True, help="the log's public key, name+id+key")
    parser.add_argument("--older", action="append", default=[], help="a checkpoint kept elsewhere")
    parser.add_argument("--record", help="the record's exact bytes")
    parser.add_argument("--blind", help="its blind, 64 hexadecimal digits")
    parser.add_argument("--index", type=int, help="its index in the log")
    parser.add_argument("--proof", help="what `kept journal prove` wrote")
    args = parser.parse_args()
    if args.record and (args.blind is None or args.index is None):
        parser.error("--record needs --blind and --index")
    try:
        run(args)
    except Wrong as wrong:
        print(f"WRONG: {wrong}", file=sys.stderr)
        return 1
    except (Unchecked, OSError) as problem:
        print(f"could not check: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
