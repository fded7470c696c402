"""Dates as header fields have them. Pure."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def parse_date(text: str) -> datetime | None:
    """A field's date (RFC 5322 §3.3, RFC 9110 §5.6.7), UTC where it names no zone; None for what
    is none."""
    try:
        date = parsedate_to_datetime(text)
    # Strangers write these fields, and the library's parser stumbles in each of these ways.
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)
