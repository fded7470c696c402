"""Exchange Online's word: a form without a name, and a mark for what never left the tenant."""

import pytest

from mail.proof import Trust
from tests.unit.auth_forms import EXCHANGE, EXCHANGE_FORM, TOLD, fails, holds, told
from tests.unit.letters import letter


async def test_a_strangers_name_is_needed_in_no_form_but_microsofts():
    await fails(told(EXCHANGE_FORM.replace("\n", "\r\n")))


INTERNAL = b"X-MS-Exchange-Organization-AuthAs: Internal\r\n"


async def test_what_never_left_the_tenant_needs_no_signature():
    found = await holds(INTERNAL + letter(), EXCHANGE)
    assert (found.proof, found.signed_at) == ("exchange-online internal", None)


@pytest.mark.parametrize(
    "marks",
    [
        INTERNAL.replace(b"Internal", b"Anonymous"),
        INTERNAL + INTERNAL,
        INTERNAL.replace(b"Internal", b"Anonymous") + INTERNAL,
        INTERNAL + INTERNAL.replace(b"Internal", b"Anonymous"),
        INTERNAL.replace(b"Internal", b"Internal x"),
        INTERNAL.replace(b"Internal", b"internal"),
    ],
)
async def test_a_mark_that_is_not_exactly_microsofts_is_none(marks):
    await fails(marks + letter(), trust=EXCHANGE)


@pytest.mark.parametrize("trust", [Trust(), TOLD])
async def test_the_mark_counts_in_no_other_mode(trust):
    await fails(INTERNAL + letter(), trust=trust)
