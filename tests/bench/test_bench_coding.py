"""How long coders wait: `pytest -m bench tests/bench/test_bench_coding.py -s` prints the table."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from analysis.coding.sessions import Desk
from tests.support.codings import FRAMES, SPANS, codes, made_ledger

CODERS, EACH = 30, 20
# A class that does nothing but click: each coder commits once in two seconds.
THINKING = 2.0
P95_MS = 100.0


@pytest.mark.bench
@pytest.mark.parametrize("pieces", [CODERS * EACH, 5000])
def test_thirty_coders_do_not_wait(tmp_path: Path, pieces: int) -> None:
    names = [f"p{number}" for number in range(pieces)]
    ledger = made_ledger(tmp_path, pieces=names, overlap=names[:5])

    def code(number: int) -> list[dict[str, float]]:
        desk = Desk(ledger, "s1", f"coder {number}", FRAMES)
        times = []
        for _ in range(EACH):
            time.sleep(random.uniform(0, 2 * THINKING))
            start = time.perf_counter()
            task = desk.next()
            offered = time.perf_counter()
            assert task is not None
            desk.commit(task.piece, codes(), SPANS)
            done = time.perf_counter()
            times.append({"next": 1e3 * (offered - start), "commit": 1e3 * (done - offered)})
        return times

    with ThreadPoolExecutor(CODERS) as pool:
        rows = [row for found in pool.map(code, range(CODERS)) for row in found]
    table = pl.DataFrame(rows)
    found = pl.concat([table.quantile(share) for share in (0.5, 0.95, 1.0)])
    print(found.with_columns(share=pl.Series(["median", "95 %", "longest"])))
    assert table["commit"].quantile(0.95) < P95_MS
