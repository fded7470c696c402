"""The table `tests/guards.toml`: each guard, how it is taken out, which tests must fail then."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "tests" / "guards.toml"


class TableError(Exception):
    """A row that cannot be tried, in one line."""


@dataclass(frozen=True, slots=True)
class Guard:
    name: str
    holds: str
    """Which promise falls with it; several guards hold the same."""
    file: str
    find: str
    replace: str
    tests: tuple[str, ...]
    """Node ids without parameters; each of them has to fail."""

    def taken_out(self, text: str) -> str:
        """The file's text without the guard. Raises TableError unless it stands there once."""
        count = text.count(self.find)
        if count != 1:
            first = self.find.strip().partition("\n")[0]
            raise TableError(f"{self.name}: {self.file} holds {count} times, not once: {first}")
        return text.replace(self.find, self.replace)

    def changed(self, root: Path = ROOT) -> str:
        path = root / self.file
        if not path.is_file():
            raise TableError(f"{self.name}: there is no {self.file}")
        return self.taken_out(path.read_text(encoding="utf-8"))

    def has(self, words: str) -> bool:
        """Whether all of these words stand in its row."""
        row = f"{self.name} {self.holds} {self.file}".casefold()
        return all(word in row for word in words.casefold().split())


def load(path: Path = TABLE) -> list[Guard]:
    """Raises TableError for a row with a field too many or too few."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["guard"]
    try:
        return [Guard(**{**row, "tests": tuple(row["tests"])}) for row in rows]
    except (TypeError, KeyError) as error:
        raise TableError(f"{path.name}: a row is not whole: {error}") from error
