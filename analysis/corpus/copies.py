"""Copies of the same text: wire pieces, reposts, pieces that were trimmed or lightly edited.

Word shingles of each body are sketched with MinHash; sketches that agree in a band make a candidate;
candidates are verified on the shingles themselves; verified pairs are joined into groups.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from importlib.metadata import version
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rensa import RMinHash
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

WORDS = 5  # words in a shingle

# 42 bands of 3 rows find a pair of Jaccard similarity .5 with probability .996, of .1 with .04.
BANDS = 42
ROWS = 3
SEED = 287

# A copy that lost 30 % of its text and gained a few sentences has about three quarters of its
# shingles from the original; of two pieces that share half of their paragraphs, the shorter has
# about half.
MIN_CONTAINMENT = 0.72
# A short text inside a long one is a quotation or a digest of it, not a copy of the whole; and long
# pieces of one outlet can share a standing list of links or captions.
MIN_JACCARD = 0.5
# Many sentences put in leave less of it, but what the original begins with is all there: standing
# lists and shared background are not, though they may stand at the top as well.
MIN_LEAD = 0.9
MIN_CONTAINMENT_WITH_LEAD = 0.6
MIN_JACCARD_WITH_LEAD = 0.38
# Below this many distinct shingles a text is a notice, a caption or a paywall's standing phrase.
MIN_SHINGLES = 40

VERSION = (
    f"rensa {version('rensa')}, {WORDS}-word shingles, {BANDS}x{ROWS}, containment "
    f"{MIN_CONTAINMENT}, jaccard {MIN_JACCARD}, or {MIN_CONTAINMENT_WITH_LEAD}, "
    f"{MIN_JACCARD_WITH_LEAD} and lead {MIN_LEAD}, at least {MIN_SHINGLES}"
)

Schema = dict[str, Any]

SIGNATURES: Schema = {"piece_key": pl.Int32, "sig": pl.List(pl.UInt32), "shingles": pl.Int32}
CANDIDATES: Schema = {"left_key": pl.Int32, "right_key": pl.Int32}
PAIRS: Schema = {**CANDIDATES, "containment": pl.Float64}
MEMBERS: Schema = {"piece_key": pl.Int32, "group_key": pl.Int32, "is_origin": pl.Boolean}

# Pieces, and candidates, worked on at once: bounds memory at some hundred MB.
_TEXTS_AT_ONCE = 1000
_PAIRS_AT_ONCE = 1000
# Larger buckets link neighbours instead of all pairs.
_BUCKET = 40


def signatures(texts: pl.DataFrame) -> pl.DataFrame:
    """MinHash signatures of the bodies of `texts` [piece_key, title, text], in the order given.

    Returns [piece_key, sig, shingles]: `sig` has BANDS * ROWS values, or none where the text has
    fewer than WORDS words; `shingles` counts the distinct ones. A piece's row depends on its own
    text alone.
    """
    parts = [_signatures_of(part) for part in _slices(texts, _TEXTS_AT_ONCE)]
    return pl.concat(parts) if parts else pl.DataFrame(schema=SIGNATURES)


def candidates(signatures: pl.DataFrame) -> pl.DataFrame:
    """Pairs [left_key, right_key], left < right, whose signatures agree in a whole band.

    `signatures` is [piece_key, sig, shingles]; texts with fewer than MIN_SHINGLES are left out.
    """
    usable = signatures.filter(pl.col("shingles") >= MIN_SHINGLES).sort("piece_key")
    if usable.height < 2:
        return pl.DataFrame(schema=CANDIDATES)
    table = (
        usable["sig"].cast(pl.Array(pl.UInt32, BANDS * ROWS)).to_numpy().reshape(-1, BANDS, ROWS)
    )
    keys = usable["piece_key"].cast(pl.Int32)
    found = [_band_pairs(keys, _mixed(table[:, band, :])) for band in range(BANDS)]
    return pl.concat(found).unique().sort("left_key", "right_key")


def verify(candidates: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """The candidates that are copies: [left_key, right_key, containment].

    `containment` is the share of the smaller text's shingles that the larger one has, in [0, 1].
    Kept at MIN_CONTAINMENT and a Jaccard similarity of MIN_JACCARD; or at the lower ..._WITH_LEAD,
    if of one text's first third the other has MIN_LEAD; both texts with MIN_SHINGLES. `texts`
    [piece_key, title, text] holds the pieces involved; a candidate without its text is dropped.
    """
    if not candidates.height or not texts.height:
        return pl.DataFrame(schema=PAIRS)
    # By the left piece: the pieces of a group stand together, and few are read twice.
    ordered = candidates.sort("left_key", "right_key")
    found = [_verified(part, texts) for part in _slices(ordered, _PAIRS_AT_ONCE)]
    return pl.concat(found).sort("left_key", "right_key")


def _verified(candidates: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    involved = pl.concat([candidates["left_key"], candidates["right_key"]]).unique()
    sets = _shingle_sets(texts.filter(pl.col("piece_key").is_in(involved.implode())))
    sets = sets.with_columns(
        leads=pl.int_range(pl.len()).over("piece_key") < pl.len().over("piece_key") / 3
    )
    sizes = sets.group_by("piece_key").agg(
        size=pl.len().cast(pl.Float64), lead=pl.col("leads").sum().cast(pl.Float64)
    )
    measured = _shared(candidates, sets)
    for side in ("left", "right"):
        named = {name: f"{side}_{name}" for name in ("size", "lead")}
        measured = measured.join(
            sizes.rename({"piece_key": f"{side}_key", **named}), on=f"{side}_key"
        )
    return (
        measured.with_columns(
            smaller=pl.min_horizontal("left_size", "right_size"),
            jaccard=pl.col("shared")
            / (pl.col("left_size") + pl.col("right_size") - pl.col("shared")),
            lead=pl.max_horizontal(
                pl.col("left_led") / pl.col("left_lead"), pl.col("right_led") / pl.col("right_lead")
            ),
        )
        .with_columns(containment=pl.col("shared") / pl.col("smaller"))
        .filter(
            (pl.col("smaller") >= MIN_SHINGLES) & (_at_least(MIN_CONTAINMENT, MIN_JACCARD) | _led())
        )
        .select("left_key", "right_key", "containment")
        .cast(pl.Schema(PAIRS))
    )


def _at_least(containment: float, jaccard: float) -> pl.Expr:
    return (pl.col("containment") >= containment) & (pl.col("jaccard") >= jaccard)


def _led() -> pl.Expr:
    much = _at_least(MIN_CONTAINMENT_WITH_LEAD, MIN_JACCARD_WITH_LEAD)
    return much & (pl.col("lead") >= MIN_LEAD)


def groups(
    pairs: pl.DataFrame, dates: pl.DataFrame, agencies: Collection[str] = ()
) -> pl.DataFrame:
    """Connected components of `pairs`: one row [piece_key, group_key, is_origin] per copy.

    `group_key` is the smallest piece_key of the group; the origin is the piece of a news
    agency, where one of the outlets is among `agencies` (names folded in case); else, and among
    several, the one published first by `dates` [piece_key, published, outlet], undated ones last,
    ties to the smallest piece_key.
    """
    if not pairs.height:
        return pl.DataFrame(schema=MEMBERS)
    left, right = pairs["left_key"].to_numpy(), pairs["right_key"].to_numpy()
    keys, index = np.unique(np.concatenate([left, right]), return_inverse=True)
    rows, columns = index[: len(left)], index[len(left) :]
    graph = coo_matrix((np.ones(len(left)), (rows, columns)), shape=(len(keys), len(keys)))
    _, component = connected_components(graph, directed=False)
    return (
        pl.DataFrame({"piece_key": keys, "component": component})
        .with_columns(pl.col("piece_key").cast(pl.Int32))
        .join(
            dates.select(
                pl.col("piece_key").cast(pl.Int32),
                "published",
                agency=pl.col("outlet")
                .str.to_lowercase()
                .is_in([name.lower() for name in agencies])
                .fill_null(False),
            ),
            on="piece_key",
            how="left",
        )
        .sort("agency", "published", "piece_key", descending=[True, False, False], nulls_last=True)
        .with_columns(
            group_key=pl.col("piece_key").min().over("component"),
            is_origin=pl.col("piece_key") == pl.col("piece_key").first().over("component"),
        )
        .sort("piece_key")
        .select("piece_key", "group_key", "is_origin")
    )


def _slices(frame: pl.DataFrame, rows: int) -> Iterator[pl.DataFrame]:
    return (frame.slice(start, rows) for start in range(0, frame.height, rows))


def _signatures_of(texts: pl.DataFrame) -> pl.DataFrame:
    sets = _shingle_sets(texts).group_by("piece_key").agg("shingle")
    rows = texts.select(pl.col("piece_key").cast(pl.Int32)).join(
        sets, on="piece_key", how="left", maintain_order="left"
    )
    counts = rows["shingle"].list.len().fill_null(0).to_numpy()
    filled = rows.filter(pl.col("shingle").is_not_null())
    sketched = _sketch(filled["shingle"].explode().to_numpy(), counts[counts > 0])
    signed = filled.select("piece_key", sig=pl.Series(sketched, dtype=pl.List(pl.UInt32)))
    return (
        rows.select("piece_key", shingles=pl.Series(counts, dtype=pl.Int32))
        .join(signed, on="piece_key", how="left", maintain_order="left")
        .select("piece_key", pl.col("sig").fill_null([]), "shingles")
        .cast(pl.Schema(SIGNATURES))
    )


def _sketch(hashes: NDArray[np.uint64], counts: NDArray[np.int64]) -> list[list[int]]:
    if not len(counts):
        return []
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(hashes, offsets, BANDS * ROWS, SEED)
    rows: list[list[int]] = matrix.to_rows()
    return rows


def _shingle_sets(texts: pl.DataFrame) -> pl.DataFrame:
    """Distinct hashes of word shingles, [piece_key, shingle]; a short text has no row."""
    words = (
        texts.select(
            pl.col("piece_key").cast(pl.Int32),
            word=pl.col("text")
            .str.to_lowercase()
            # "don't" is one word however its apostrophe was set
            .str.replace_all("['\u2019]", "")
            .str.extract_all(r"[\p{L}\p{M}\p{N}]+"),
        )
        .explode("word")
        .drop_nulls("word")
    )
    if words.height < WORDS:
        return pl.DataFrame(schema={"piece_key": pl.Int32, "shingle": pl.UInt64})
    hashes = _word_hashes(words["word"])
    keys = words["piece_key"].to_numpy()
    windows = np.lib.stride_tricks.sliding_window_view(hashes, WORDS)
    within = keys[: len(windows)] == keys[WORDS - 1 :]
    return pl.DataFrame(
        {"piece_key": keys[: len(windows)][within], "shingle": _mixed(windows)[within]}
    ).unique(maintain_order=True)


def _word_hashes(words: pl.Series) -> NDArray[np.uint64]:
    # Polars' own hash may change from release to release, and signatures are stored.
    vocabulary = words.unique()
    digests = b"".join(
        hashlib.blake2b(word.encode(), digest_size=8).digest() for word in vocabulary
    )
    hashes = pl.Series(np.frombuffer(digests, dtype="<u8").astype(np.uint64))
    return words.replace_strict(vocabulary, hashes, return_dtype=pl.UInt64).to_numpy()


def _mixed(parts: NDArray[np.unsignedinteger]) -> NDArray[np.uint64]:
    """One 64-bit hash [n] of each row of [n, k]; arithmetic wraps around on purpose."""
    mixed = np.zeros(len(parts), dtype=np.uint64)
    for column in range(parts.shape[1]):
        mixed = (mixed ^ parts[:, column].astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed


def _band_pairs(keys: pl.Series, hashes: NDArray[np.uint64]) -> pl.DataFrame:
    shared = (
        pl.DataFrame({"piece_key": keys, "bucket": hashes})
        .with_columns(size=pl.len().over("bucket"))
        .filter(pl.col("size") > 1)
    )
    small = shared.filter(pl.col("size") <= _BUCKET)
    pairs = small.join(small, on="bucket").select(left_key="piece_key", right_key="piece_key_right")
    chained = (
        shared.filter(pl.col("size") > _BUCKET)
        .select(left_key="piece_key", right_key=pl.col("piece_key").shift(-1).over("bucket"))
        .drop_nulls()
    )
    return pl.concat([pairs.filter(pl.col("left_key") < pl.col("right_key")), chained])


def _shared(pairs: pl.DataFrame, sets: pl.DataFrame) -> pl.DataFrame:
    """The pairs with the number of shingles that both have, and of those in the first third of the
    left and of the right text (left_led, right_led); pairs with none are left out."""
    return (
        pairs.join(sets, left_on="left_key", right_on="piece_key")
        .join(
            sets,
            left_on=["right_key", "shingle"],
            right_on=["piece_key", "shingle"],
            suffix="_right",
        )
        .group_by("left_key", "right_key")
        .agg(
            shared=pl.len().cast(pl.Float64),
            left_led=pl.col("leads").sum().cast(pl.Float64),
            right_led=pl.col("leads_right").sum().cast(pl.Float64),
        )
    )
