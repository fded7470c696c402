"""What a worker refuses to start with: contradictions between settings, a line each."""

import pytest

from agent.errors import ConfigurationError
from agent.settings_check import check_settings
from tests.unit.agent_samples import APPROVER, MAILBOX, settings

WHOLE = {"imap_host": "127.0.0.1", "imap_password": "x", "imap_security": "none"}


def faults(role="all", **changes) -> list[str]:
    try:
        check_settings(settings(**{**WHOLE, "openai_api_key": "x", **changes}), role)
    except ConfigurationError as error:
        return error.faults
    return []


def test_what_is_whole_is_taken():
    assert faults() == []


@pytest.mark.parametrize(
    ("role", "changes"),
    [("agent", {"imap_host": None, "imap_password": None}), ("inbox", {"openai_api_key": None})],
)
def test_a_role_needs_nothing_that_only_the_other_uses(role, changes):
    assert faults(role, **changes) == []
    assert len(faults(**changes)) == len(changes)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"approvers": MAILBOX}, f"APPROVERS: {MAILBOX} is the agent's own address"),
        ({"approvers": "agent+x@demo.test"}, "is the agent's own address"),
        ({"approvers": "postmaster@demo.test"}, "is a mail server's address"),
        ({"approver_aliases": f"{APPROVER}={MAILBOX}"}, f"APPROVER_ALIASES: {MAILBOX} is the"),
        ({"approvals_required": "3"}, "APPROVALS_REQUIRED: 3 must agree, but APPROVERS are 2"),
        ({"approvers": "a@x.test, a+1@x.test", "approvals_required": "2"}, "are 1 people"),
        ({"approval_secret": None}, "APPROVAL_SECRET is not set"),
        ({"smtp_username": "x"}, "SMTP_USERNAME and SMTP_PASSWORD"),
        ({"imap_host": "mail.x.test"}, "IMAP_SECURITY: a login without TLS"),
        (
            {"smtp_host": "mail.x.test", "smtp_username": "x", "smtp_password": "x"},
            "SMTP_SECURITY: a login without TLS",
        ),
        ({"mail_from": f"{'x' * 30}@demo.test"}, "MAIL_FROM: too long for plus addresses"),
    ],
)
def test_a_contradiction_is_named(changes, fault):
    (found,) = faults(**changes)
    assert fault in found


def test_a_domain_may_have_any_number_of_approvers():
    assert faults(approvals_required="3", approver_domains="demo.test") == []
