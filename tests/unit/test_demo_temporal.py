"""How the demo finds a Temporal CLI, with every way but one closed."""

import os
from pathlib import Path

import pytest
from rich.console import Console

import demo.temporal_server
from demo.build_step import BuildError, run_step
from demo.temporal_server import NoTemporalError, find_temporal


@pytest.fixture(autouse=True)
def nothing_there(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(demo.temporal_server, "downloads_reachable", lambda: False)


def script(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


async def test_path_comes_before_the_cache(tmp_path):
    cached = script(tmp_path / "cache" / "mail-approval-agent" / "temporal", "")
    assert await find_temporal(Console(quiet=True)) == cached
    on_path = script(tmp_path / "bin" / "temporal", "")
    assert await find_temporal(Console(quiet=True)) == on_path


async def test_without_any_way_every_way_is_named():
    with pytest.raises(NoTemporalError) as caught:
        await find_temporal(Console(quiet=True))
    text = str(caught.value)
    for way in ("TEMPORAL_ADDRESS", "PATH", "download", "Go 1.25"):
        assert way in text
    assert "Go is not installed" in text


async def test_an_old_go_is_named(tmp_path):
    script(tmp_path / "bin" / "go", "echo go1.19.8")
    with pytest.raises(NoTemporalError, match="Go 1.19 is too old"):
        await find_temporal(Console(quiet=True))


async def test_go_builds_into_the_cache(tmp_path):
    build = 'if [ "$1" = env ]; then echo go1.26.8; else : > "$GOBIN/temporal"; fi'
    script(tmp_path / "bin" / "go", f'{build}\n[ "$1" = env ] || /bin/chmod +x "$GOBIN/temporal"')
    path = await find_temporal(Console(quiet=True))
    assert path == str(tmp_path / "cache" / "mail-approval-agent" / "temporal")
    assert os.access(path, os.X_OK)


async def test_a_failed_step_says_what_the_command_said(tmp_path):
    broken = script(tmp_path / "bin" / "broken", "echo no space left >&2; exit 3")
    with pytest.raises(BuildError, match="no space left"):
        await run_step("step", [broken], Console(quiet=True))
