"""Finds Temporal's test server, in which time is skipped: days of waiting take milliseconds.

The SDK downloads one; where it cannot, the same server comes from Maven Central and runs on Java.
`python -m tests.time_skipping` prepares it.
"""

import asyncio
import os
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from temporalio.testing import WorkflowEnvironment

from demo.build_step import BuildError, run_step
from demo.cache import cache_directory, downloads_reachable

VERSION = "1.31.0"
DOWNLOAD_SECONDS = 120
POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>test-server</artifactId><version>1</version>
  <packaging>pom</packaging>
  <dependencies><dependency>
    <groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId>
    <version>{VERSION}</version>
  </dependency></dependencies>
</project>
"""


class NoTestServerError(Exception):
    """There is no test server here; the text says what would help."""


def prepared_test_server() -> Path | None:
    """The test server of an earlier run, if there is one that can run."""
    path = cache_directory() / f"test-server-{VERSION}" / "test-server"
    if not os.access(path, os.X_OK):
        return None
    from_maven = (path.parent / "jars").exists()
    return path if not from_maven or shutil.which("java") else None


async def find_test_server(console: Console) -> Path:
    """Return the path of the test server's executable, fetched if there is none yet."""
    if prepared := prepared_test_server():
        return prepared
    home = cache_directory() / f"test-server-{VERSION}"
    with tempfile.TemporaryDirectory(dir=home.parent) as directory:
        fresh = Path(directory) / "fresh"
        fresh.mkdir()
        reason = await _download(fresh, console)
        if reason:
            reason = f"{reason}; {await _from_maven(fresh, console)}".removesuffix("; ")
        if not (fresh / "test-server").exists():
            raise NoTestServerError(f"no Temporal test server: {reason}")
        shutil.rmtree(home, ignore_errors=True)
        fresh.replace(home)
    return home / "test-server"


async def _download(fresh: Path, console: Console) -> str:
    if not await asyncio.to_thread(downloads_reachable):
        return "the SDK's download cannot be reached"
    console.print("Test server: downloading it with the SDK (about a minute)")
    try:
        async with asyncio.timeout(DOWNLOAD_SECONDS):
            environment = await WorkflowEnvironment.start_time_skipping(
                download_dest_dir=str(fresh)
            )
        await environment.shutdown()
    except (RuntimeError, TimeoutError) as error:
        return f"the SDK's download failed: {error or 'too slow'}"
    os.replace(fresh / os.listdir(fresh)[0], fresh / "test-server")
    return ""


async def _from_maven(fresh: Path, console: Console) -> str:
    maven = shutil.which("mvn")
    if maven is None or shutil.which("java") is None:
        return "mvn and java are not both installed"
    console.print("Test server: fetching it from Maven Central (about a minute, only this once)")
    (fresh / "pom.xml").write_text(POM)
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory=jars"]
    try:
        await run_step("mvn", [maven, "-B", "-q", *goal], console, directory=fresh)
    except BuildError as error:
        return f"mvn failed: {error}"
    wrapper = fresh / "test-server"
    # The SDK starts one executable; the directory moves after this, hence the path from $0. It
    # lives for one test: what takes longer to begin and pays off later is left out.
    wrapper.write_text(
        "#!/bin/sh\nexec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto "
        '-cp "$(dirname "$0")/jars/*" io.temporal.testserver.TestServer "$@"\n'
    )
    wrapper.chmod(0o755)
    return ""


if __name__ == "__main__":
    try:
        print(asyncio.run(find_test_server(Console(stderr=True))))
    except NoTestServerError as error:
        sys.exit(f"{error}: the tests in virtual time will be skipped")
