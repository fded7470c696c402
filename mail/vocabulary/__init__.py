"""The words that a decision is read from, by language: one TOML file each, all of them at once.

A request may be answered in any language. Somebody who adds one copies `en.toml`, whose comments
say what each list is for, and puts at least as many doubts into it as decisions. Of a language
nothing stands in code but what mail programs write (`mail.attribution_words` and the like), and
refusals in scripts that no file is for (`mail.doubt`).
"""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mail.little_words import LITTLE, LittleWords, together
from mail.phrases import variants
from mail.vocabulary.words import DOUBTS, LISTS, Vocabulary

__all__ = ["DEFAULT", "DOUBTS", "Vocabulary", "load"]

_KEYS = {"name", "languages", "doubt", "little", *LISTS}
_FILES = Path(__file__).parent


def load(path: Path) -> Vocabulary:
    """The shipped words and those of a TOML file of the same form as the shipped ones.

    `languages = ["en", "de"]` in it takes only these of the shipped ones. Raises ValueError, one
    line, for a file that is none.
    """
    try:
        read = _read(path)
        for key in LISTS:
            list(map(variants, read.get(key, ())))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ValueError(f"vocabulary {path}: {reason}") from None
    codes = read.get("languages", _shipped())
    if unknown := sorted(set(codes) - set(_shipped())):
        raise ValueError(f"vocabulary {path}: no such language: {', '.join(unknown)}")
    # A person may doubt in any language, whatever decides.
    others = (_of_file(_path(code)).doubting for code in _shipped() if code not in codes)
    words = _both([*map(_of_file, map(_path, codes)), *others, _of(read)])
    if both := sorted(words.approvals.alone & words.rejections.alone):
        raise ValueError(f"vocabulary {path}: both approves and rejects: {', '.join(both)}")
    return words


def _shipped() -> list[str]:
    return sorted(path.stem for path in _FILES.glob("*.toml"))


def _path(code: str) -> Path:
    return _FILES / f"{code}.toml"


def _of_file(path: Path) -> Vocabulary:
    return _of(_read(path))


def _read(path: Path) -> dict[str, Any]:
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    if unknown := sorted(set(read) - _KEYS):
        raise ValueError(
            f"no such key: {', '.join(unknown)} (there are {', '.join(sorted(_KEYS))})"
        )
    doubt = read.get("doubt", {})
    if not isinstance(doubt, Mapping) or set(doubt) - {*DOUBTS, "in_signatures"}:
        raise ValueError(f"[doubt] has the keys {', '.join(DOUBTS)} and in_signatures")
    little = read.get("little", {})
    if not isinstance(little, Mapping) or set(little) - set(LITTLE):
        raise ValueError(f"[little] has the keys {', '.join(LITTLE)}")
    for key in {*LISTS, "languages"} & set(read):
        _check(key, read[key])
    for key, words in little.items():
        _check(f"little.{key}", words)
        if not all(map(str.strip, words)):
            raise ValueError(f"little.{key} holds an empty word")
    for key, phrases in doubt.items():
        _check(f"doubt.{key}", phrases)
        if bracketed := [phrase for phrase in phrases if set(phrase) & set("[]()|")]:
            raise ValueError(f"doubt.{key} has no brackets: {bracketed[0]!r}")
    return read


def _check(key: str, phrases: object) -> None:
    if not isinstance(phrases, list) or not all(isinstance(p, str) for p in phrases):
        raise ValueError(f"{key} is a list of strings")


def _of(read: Mapping[str, Any]) -> Vocabulary:
    doubt = read.get("doubt", {})
    return Vocabulary(
        **{key: tuple(read.get(key, ())) for key in LISTS},
        doubts=tuple((kind, phrase) for kind in DOUBTS for phrase in doubt.get(kind, ())),
        in_signatures=frozenset(doubt.get("in_signatures", ())),
        little=LittleWords(
            **{
                kind: frozenset(map(str.lower, words))
                for kind, words in read.get("little", {}).items()
            }
        ),
    )


def _both(parts: Iterable[Vocabulary]) -> Vocabulary:
    """All words of several; what one language doubts even in signatures, all do."""
    parts = list(parts)
    loose = frozenset().union(*(part.in_signatures for part in parts))
    strict = {
        phrase for part in parts for _, phrase in part.doubts if phrase not in part.in_signatures
    }
    return Vocabulary(
        **{key: tuple(p for part in parts for p in getattr(part, key)) for key in LISTS},
        doubts=tuple(pair for part in parts for pair in part.doubts),
        in_signatures=frozenset(loose - strict),
        little=together(part.little for part in parts),
    )


DEFAULT = _both(map(_of_file, map(_path, _shipped())))
