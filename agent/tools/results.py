"""Pure: what a tool has returned, as text. It never fails, for the tool has run."""

import contextlib
import json

from pydantic_core import to_jsonable_python


def as_text(result: object) -> str:
    """A text as it is, everything else as JSON: models, dataclasses, dates, decimals as pydantic
    writes them; bytes as text where they are UTF-8, else in base64; what JSON does not know by its
    `str`. Always text that UTF-8 can carry."""
    try:
        text = result if isinstance(result, str) else _json(result)
        # Half a surrogate pair is a character in Python, and in no message that can be sent.
        return text.encode(errors="replace").decode()
    except Exception as error:  # a result is anything, and its methods may do anything
        kind = type(result).__name__
        return f"Done. Its result, of type {kind}, cannot be shown: {type(error).__name__}"


def _json(result: object) -> str:
    for bytes_mode in ("utf8", "base64"):
        with contextlib.suppress(ValueError):
            plain = to_jsonable_python(result, bytes_mode=bytes_mode, serialize_unknown=True)
            return plain if isinstance(result, bytes) else json.dumps(plain, ensure_ascii=False)
    # Half a surrogate pair within it, which pydantic does not take.
    return json.dumps(result, ensure_ascii=False, default=str)
