"""`python -m demo model`: the scripted model as a process of its own."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from openai import AsyncOpenAI

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE_SECONDS = 5.0


@asynccontextmanager
async def served(*options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "demo", "model", *options),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def base_url(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    while line := (await process.stdout.readline()).decode():
        if found := re.search(r"OPENAI_BASE_URL +(\S+)", line):
            return found[1]
    raise AssertionError("it ended without saying where it listens")


async def test_it_answers_both_apis_and_stops_at_once_with_a_connection_open():
    async with served("--port", "0") as process:
        url = await base_url(process)
        async with AsyncOpenAI(base_url=url, api_key="any", max_retries=0) as client:
            told = await client.responses.create(model="m", input="Tell me a joke")
            said = await client.chat.completions.create(
                model="m", messages=[{"role": "user", "content": "Tell me a joke"}]
            )
            assert said.choices[0].message.content == told.output_text
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(AT_ONCE_SECONDS):
                _, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")


async def test_a_port_that_is_taken_is_told_in_one_line():
    async with served("--port", "0") as first:
        port = (await base_url(first)).rpartition(":")[2].removesuffix("/v1")
        async with served("--port", port) as second:
            out, errors = await second.communicate()
    assert (second.returncode, errors) == (1, b"")
    assert out.startswith(b"the model cannot start: ") and out.count(b"\n") == 1
    assert out.endswith(b"; --port names another\n")
