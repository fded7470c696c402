"""What keeps Lexbor from taking quadratic time: no nesting without end, no elements opened anew."""

import re

# 50,000 <div> take five seconds.
NESTING = 400

# HTML opens these again in every paragraph until they are closed: 400 <b> and 50,000 <p> of 4 bytes
# become twenty million elements. As others they look the same to us and are opened once.
_AS_SPAN = "a b big code em font i nobr small strong tt u"
RENAMED = dict.fromkeys(_AS_SPAN.split(), "span") | dict.fromkeys(("s", "strike"), "del")
_REOPENED = re.compile(rf"<(/?)({'|'.join(RENAMED)})(?![\w:-])", re.IGNORECASE)
# Elements that another of their kind closes: they do not nest without others that are counted.
_SELF_CLOSING = (
    "area base body br col dd dt embed head hr html img input li link meta option p param source"
    " td th tr wbr"
)
_UNCOUNTED = frozenset(_SELF_CLOSING.split())
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)")


def renamed(source: str) -> str:
    return _REOPENED.sub(lambda match: f"<{match[1]}{RENAMED[match[2].lower()]}", source)


def is_too_deep(source: str) -> bool:
    open_elements: dict[str, int] = {}
    depth = 0
    for closing, name in _TAG.findall(source):
        tag = name.lower()
        if tag in _UNCOUNTED:
            continue
        count = open_elements.get(tag, 0)
        if not closing:
            open_elements[tag] = count + 1
            depth += 1
        elif count:
            open_elements[tag] = count - 1
            depth -= 1
        if depth > NESTING:
            return True
    return False
