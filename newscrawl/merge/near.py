"""Near-duplicates: texts that are alike, found by MinHash and checked one by one. Pure.

A text is the set of its shingles, three tokens in a row; two texts are alike as far as these
sets are (Jaccard similarity, Broder 1997). A signature of 128 minima finds candidates by
locality-sensitive hashing (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", ch. 3):
20 bands of 6 rows meet at a similarity of .85 with a probability above .9999, at .8 with
.998. Every candidate is then checked on the shingles themselves.

Signatures are stored and compared with those of later years, so everything here is
frozen: `VERSION` must change with any change of tokens, hashes or constants. Nothing depends
on a library's hash function: CRC-32 (ISO 3309) and the finalizer of SplitMix64 (Steele, Lea,
Flood 2014) are written down, and numpy only does the arithmetic, modulo 2**32 and 2**64.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from newscrawl.extract.typography import beyond_ascii, caseless

VERSION = 1
"""Of the signature; stored beside it."""

PERMUTATIONS = 128
BANDS, _ROWS = 20, 6
LEAST_SIMILARITY = 0.8
"""From here on, texts are listed as near-duplicates."""
LARGEST_FAMILY = 64
"""Of more texts that may be alike (forecasts, match reports) not every pair is compared, so that
the cost stays linear: in a run each with its neighbours in the order of their signatures, across
runs each with the latest."""
LEAST_TOKENS = 20
"""Shorter texts ("Watch the video above.") are nobody's copies."""

Shingles = npt.NDArray[np.uint64]
Signature = npt.NDArray[np.uint32]
Bands = npt.NDArray[np.uint32]

_SHINGLE_TOKENS = 3
# Scripts that are written without spaces count by the character: kana, Han, Thai, Lao,
# Khmer, Burmese (Unicode 16 blocks).
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\U00020000-\U0003ffff"
_TOKEN = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+")
_UNSPACED_CHARACTER = re.compile(f"[{_UNSPACED}]")
# What stands between tokens in ASCII, as spaces.
_SPACED = bytes(byte if chr(byte).isalnum() or byte > 127 else 0x20 for byte in range(256))
# A pair as alike as .8 agrees in fewer than .6 of 128 places once in ten million times.
_LEAST_AGREEMENT = 0.6


def _splitmix(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


# The sequence of SplitMix64 from seed 0.
_CONSTANTS = _splitmix(np.arange(1, 1025, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))
_SHINGLE_FACTORS = _CONSTANTS[:_SHINGLE_TOKENS] | np.uint64(1)
_BAND_FACTORS = _CONSTANTS[16 : 16 + _ROWS] | np.uint64(1)
_FACTORS = (_CONSTANTS[128:256] >> np.uint64(32)).astype(np.uint32)[:, None] | np.uint32(1)
_SUMMANDS = (_CONSTANTS[256:384] >> np.uint64(32)).astype(np.uint32)[:, None]


def tokens(text: str) -> list[str]:
    """The words of a text, folded; in scripts without spaces its characters.

    >>> tokens("It’s 12 km to 北京.")
    ['it', 's', '12', 'km', 'to', '北', '京']
    """
    return [token.decode() for token in _tokens(text)]


def _tokens(text: str) -> list[bytes]:
    # What else `fold` does, to spaces and dashes, is no matter to tokens.
    folded = caseless(text)
    beyond = beyond_ascii(folded)
    if beyond and (not beyond.isalnum() or _UNSPACED_CHARACTER.search(beyond)):
        return [token.encode() for token in _TOKEN.findall(folded)]
    # Only ASCII parts the tokens, and bytes are parted several times faster.
    return folded.encode().translate(_SPACED).split()


def shingles(text: str) -> Shingles | None:
    """The set of a text's shingles, sorted; None for a text shorter than `LEAST_TOKENS`."""
    words = _tokens(text)
    if len(words) < LEAST_TOKENS:
        return None
    hashes = np.fromiter(map(zlib.crc32, words), np.uint64, len(words))
    count = len(words) - _SHINGLE_TOKENS + 1
    mixed = np.zeros(count, np.uint64)
    for at, factor in enumerate(_SHINGLE_FACTORS):
        mixed += hashes[at : at + count] * factor
    hashed = np.sort(_splitmix(mixed))
    # np.unique takes five times as long.
    different: Shingles = hashed[np.append(True, hashed[1:] != hashed[:-1])]
    return different


def similarity(a: Shingles, b: Shingles) -> float:
    """Jaccard similarity of two sets, 0 to 1.

    >>> similarity(np.array([1, 2, 3], np.uint64), np.array([2, 3, 4], np.uint64))
    0.5
    """
    common = np.intersect1d(a, b, assume_unique=True).size
    return float(common / (a.size + b.size - common))


def signature(shingles: Shingles) -> Signature:
    """The minima of a text's shingles under 128 permutations."""
    words = (shingles >> np.uint64(32)).astype(np.uint32)
    minima = np.empty(PERMUTATIONS, np.uint32)
    # So many at a time that what is between stays in the processor's cache.
    for at in range(0, PERMUTATIONS, 16):
        hashed = words * _FACTORS[at : at + 16]
        hashed += _SUMMANDS[at : at + 16]
        hashed.min(axis=1, out=minima[at : at + 16])
    return minima


def pack(signature: Signature) -> bytes:
    """A signature as it is stored: 128 numbers of four bytes, the lowest byte first."""
    return signature.astype("<u4").tobytes()


def unpack(stored: bytes) -> Signature:
    """A signature as it was stored."""
    return np.frombuffer(stored, "<u4").astype(np.uint32, copy=False)


def bands(signature: Signature) -> Bands:
    """The keys by which a signature meets others, one a band; compare within a band only."""
    rows = signature[: BANDS * _ROWS].reshape(BANDS, _ROWS).astype(np.uint64)
    return (_splitmix((rows * _BAND_FACTORS).sum(axis=1)) >> np.uint64(32)).astype(np.uint32)


def may_be_alike(a: Signature, b: Signature) -> bool:
    """Whether signatures agree so far that the texts are worth comparing."""
    return bool(np.count_nonzero(a == b) >= _LEAST_AGREEMENT * PERMUTATIONS)


def candidate_pairs(keys: Bands) -> Iterator[tuple[int, int]]:
    """Pairs of rows that meet in a band, each once; whatever the order, the same pairs.

    Args:
        keys: the `bands` of many texts, one row each.
    """
    for band in range(keys.shape[1]):
        column = keys[:, band]
        order = np.argsort(column, kind="stable")
        starts = np.flatnonzero(np.diff(column[order])) + 1
        edges = np.concatenate(([0], starts, [order.size]))
        for bucket in np.flatnonzero(np.diff(edges) > 1):
            members = order[edges[bucket] : edges[bucket + 1]]
            for a, b in _pairs(members, keys):
                # Those that met in an earlier band were told there.
                if not np.any(keys[a, :band] == keys[b, :band]):
                    yield (a, b) if a < b else (b, a)


def _pairs(members: npt.NDArray[np.intp], keys: Bands) -> Iterator[tuple[int, int]]:
    if members.size <= LARGEST_FAMILY:
        yield from combinations(members.tolist(), 2)
        return
    neighbours = members[np.lexsort(keys[members].T[::-1])].tolist()
    yield from pairwise(neighbours)
    for step in range(2, LARGEST_FAMILY // 2):
        yield from zip(neighbours, neighbours[step:], strict=False)


def verified_pairs(
    keys: Bands,
    signature_of: Callable[[int], Signature],
    shingles_of: Callable[[int], Shingles],
) -> Iterator[tuple[int, int, float]]:
    """Pairs that are alike, with their similarity.

    Args:
        keys: the `bands` of many texts, one row each.
        signature_of: a row's signature.
        shingles_of: a row's shingles; asked for few rows only.
    """
    for a, b in candidate_pairs(keys):
        if may_be_alike(signature_of(a), signature_of(b)):
            alike = similarity(shingles_of(a), shingles_of(b))
            if alike >= LEAST_SIMILARITY:
                yield a, b, alike
