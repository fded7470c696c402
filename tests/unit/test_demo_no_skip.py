"""Where CI is set, a skipped test is a failed one, wherever it was skipped."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPPING = """
import pytest

def test_first():
    pytest.skip("no server here")

@pytest.mark.skip(reason="by mark")
def test_second():
    pass
"""


def run(tmp_path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "test_skipping.py").write_text(SKIPPING)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", str(tmp_path)]
    options = ["--rootdir", str(tmp_path), "-p", "no:cacheprovider"]
    clean = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        [*command, *options], cwd=ROOT, env={**clean, **environ}, capture_output=True, text=True
    )


def test_skips_are_allowed_on_a_developers_machine(tmp_path):
    assert run(tmp_path).returncode == 0


def test_skips_fail_in_ci_and_say_why(tmp_path):
    result = run(tmp_path, CI="true")
    assert result.returncode == 1
    # A test marked to be skipped never gets past its set-up, which pytest counts as an error.
    assert "1 failed, 1 error" in result.stdout
    assert "no server here" in result.stdout
    assert "by mark" in result.stdout
