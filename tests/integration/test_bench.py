"""Every bench in the smallest form, so that it still runs when it is wanted."""

import json

import pytest
from rich.console import Console
from rich.progress import Progress

from bench.place import place
from bench.report import as_json, table
from bench.run import TINY, run

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

JUDGED_BY_COUNTS = ("Temporal actions", "one reply after")


async def test_every_bench_runs_and_says_what_it_has_measured(temporal, dovecot_server, tmp_path):
    progress = Progress(disable=True)
    async with place(temporal, tmp_path, progress) as here:
        rows = [row async for row in run(here, [dovecot_server], TINY)]
    console = Console(record=True, width=200)
    console.print(table(rows))
    text = console.export_text()
    for figure in ("push to signal, p99", "backlog", "waiting", "idle mailbox", "SMTP"):
        assert figure in text
    assert {row.server for row in rows} == {"sink", "dovecot"}
    assert all(row.met for row in rows if row.what.startswith(JUDGED_BY_COUNTS))
    assert json.loads(json.dumps(as_json(rows, {})))["rows"]
