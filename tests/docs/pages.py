"""The pages that are held to what they say."""

from pathlib import Path

from tests.docs.scratch import ROOT

PAGES = sorted(
    str(path.relative_to(ROOT))
    for pattern in ("README.md", "SECURITY.md", "docs/**/*.md", "examples/*/README.md")
    for path in ROOT.glob(pattern)
)


def text_of(page: str | Path) -> str:
    return (ROOT / page).read_text(encoding="utf-8")
