"""Finds a Temporal server, in the order in which it costs the user least; starts it if need be.

TEMPORAL_ADDRESS, `temporal` on PATH, the cache, the SDK's own download, a build with Go.
"""

import asyncio
import os
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig
from temporalio.testing import WorkflowEnvironment

from demo.build_step import BuildError, run_step
from demo.cache import cache_directory, downloads_reachable

CLI_MODULE = "github.com/temporalio/cli/cmd/temporal@v1.5.1"
GO_MINIMUM = (1, 25)
DOWNLOAD_SECONDS = 300
STARTUP = timedelta(seconds=60)  # usually a tenth of one; at the SDK's 5 a busy machine is late

NONE_FOUND = f"""No Temporal server was found, and none could be made. Any one of these will do:
  - set TEMPORAL_ADDRESS to a server that runs (and TEMPORAL_NAMESPACE, TEMPORAL_API_KEY if needed)
  - put the Temporal CLI, `temporal`, on PATH (https://docs.temporal.io/cli)
  - allow the download that the Temporal SDK tries (https://temporal.download)
  - install Go {GO_MINIMUM[0]}.{GO_MINIMUM[1]} or newer: the CLI is then built from source, once"""


class NoTemporalError(Exception):
    """There is no Temporal server to talk to; the text says what was tried."""


@dataclass(frozen=True, slots=True)
class Temporal:
    """A server to talk to; `throwaway` if it and all it knows end with this run."""

    address: str
    client: Client
    throwaway: bool


async def find_temporal(console: Console) -> str:
    """Return the path of a Temporal CLI, downloaded or built if there is none yet."""
    if on_path := shutil.which("temporal"):
        return on_path
    cached = cache_directory() / "temporal"
    if os.access(cached, os.X_OK):
        return str(cached)
    faults = []
    for way in (_download, _build):
        fault = await way(cached, console)
        if not fault:
            return str(cached)
        faults.append(f"Tried: {fault}")
    raise NoTemporalError("\n".join([NONE_FOUND, *faults]))


@asynccontextmanager
async def start_temporal(
    console: Console, search_attributes: Sequence[SearchAttributeKey[str]] = ()
) -> AsyncIterator[Temporal]:
    """The server of TEMPORAL_ADDRESS, else a new one on loopback that forgets everything."""
    if address := os.environ.get("TEMPORAL_ADDRESS"):
        config = ClientConfig.load_client_connect_config()
        try:
            client = await Client.connect(**config, data_converter=pydantic_data_converter)
        except RuntimeError as error:
            raise NoTemporalError(f"TEMPORAL_ADDRESS={address}: {error}") from None
        yield Temporal(address, client, throwaway=False)
        return
    environment = await WorkflowEnvironment.start_local(
        dev_server_existing_path=await find_temporal(console),
        dev_server_log_level="error",
        dev_server_startup_timeout=STARTUP,
        # Its banner would come in the middle of what we show.
        dev_server_extra_args=["--output", "none"],
        data_converter=pydantic_data_converter,
        search_attributes=search_attributes,
    )
    try:
        client = environment.client
        yield Temporal(client.service_client.config.target_host, client, throwaway=True)
    finally:
        await environment.shutdown()


def serve(path: str, port: int, database: str | None) -> None:
    """Become a Temporal server on a fixed port; with a database it remembers."""
    command = [path, "server", "start-dev", "--ip", "127.0.0.1", "--port", str(port)]
    if database:
        command += ["--db-filename", database]
    sys.stdout.flush()
    os.execv(path, command)


async def _download(target: Path, console: Console) -> str:
    """Let the SDK fetch its server; return why that failed, or nothing."""
    if not await asyncio.to_thread(downloads_reachable):
        return "the SDK's download: its host cannot be reached from here"
    console.print("Temporal: downloading the server with the SDK (about 100 MB, a minute or two)")
    with tempfile.TemporaryDirectory(dir=target.parent) as directory:
        try:
            async with asyncio.timeout(DOWNLOAD_SECONDS):
                environment = await WorkflowEnvironment.start_local(download_dest_dir=directory)
            await environment.shutdown()
        except (RuntimeError, TimeoutError) as error:
            return f"the SDK's download: {error or 'too slow'}"
        return _take_executable(Path(directory), target)


async def _build(target: Path, console: Console) -> str:
    """Build the CLI with Go; return why that failed, or nothing."""
    go = shutil.which("go")
    version = await _go_version(go) if go else None
    if go is None or version is None:
        return "go install: Go is not installed"
    if version < GO_MINIMUM:
        return f"go install: Go {version[0]}.{version[1]} is too old"
    console.print("Temporal: building the server from source (about 2½ minutes, only this once)")
    # Built aside and moved in whole: a build that was interrupted must not look like a binary.
    with tempfile.TemporaryDirectory(dir=target.parent) as directory:
        try:
            command = [go, "install", CLI_MODULE]
            await run_step("go install temporal", command, console, environ={"GOBIN": directory})
        except BuildError as error:
            return f"go install: {error}"
        return _take_executable(Path(directory), target)


def _take_executable(directory: Path, target: Path) -> str:
    for path in directory.iterdir():
        if os.access(path, os.X_OK):
            path.replace(target)
            return ""
    return f"no executable came out in {directory}"


async def _go_version(go: str) -> tuple[int, int] | None:
    process = await asyncio.create_subprocess_exec(
        go, "env", "GOVERSION", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    output, _ = await process.communicate()
    match = re.match(r"go(\d+)\.(\d+)", output.decode(errors="replace"))
    return (int(match[1]), int(match[2])) if match else None
