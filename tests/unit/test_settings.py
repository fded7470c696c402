"""Settings from the environment or `.env`: read, or named in one line a fault, and kept secret."""

import pytest

from agent.errors import ConfigurationError
from agent.models import Risk
from agent.settings import Settings, load_settings, missing

PASSWORD = "correct-horse-battery-staple-0123"


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    """No setting of whoever runs the tests, and no `.env` of theirs."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(monkeypatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def faults(monkeypatch, **variables: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        loaded(monkeypatch, **variables)
    return caught.value.faults


def test_the_defaults_are_those_of_the_contract():
    given = load_settings()
    assert given.temporal_task_queue == "human-in-the-loop-task-queue"
    assert (given.smtp_security, given.imap_security) == ("tls", "tls")
    assert (given.imap_poll_seconds, given.imap_unmatched) == (30, "move")
    assert (given.mail_plus_address, given.mail_timezone, given.mail_auth) == (
        "on",
        "UTC",
        "required",
    )
    assert (given.approvals_required, given.approval_min_risk) == ("any", Risk.MEDIUM)
    assert (given.max_approvals_per_run, given.expiry_grace) == (10, 60)
    assert (given.operator_decisions, str(given.shop_database)) == ("allow", "shop.sqlite3")
    assert given.requester_domains == ()


def test_lists_are_words_between_commas(monkeypatch):
    given = loaded(
        monkeypatch,
        APPROVERS=" Ann@X.test, ben@x.test ,ann@x.test,",
        APPROVER_DOMAINS="X.test,bücher.test",
        REQUESTER_DOMAINS="Y.test,bücher.test",
        APPROVER_ALIASES="a@x.test=a2@x.test|A3@x.test, b@x.test=b2@x.test",
    )
    assert given.approvers == ("ann@x.test", "ben@x.test")
    assert given.approver_domains == ("x.test", "xn--bcher-kva.test")
    assert given.requester_domains == ("y.test", "xn--bcher-kva.test")
    assert given.approver_aliases == {
        "a2@x.test": "a@x.test",
        "a3@x.test": "a@x.test",
        "b2@x.test": "b@x.test",
    }


def test_dns_servers_have_a_port_if_they_want(monkeypatch):
    given = loaded(monkeypatch, DNS_SERVERS="192.0.2.1, [2001:db8::1]:5353, 2001:db8::2")
    assert given.dns_servers == (("192.0.2.1", 53), ("2001:db8::1", 5353), ("2001:db8::2", 53))


@pytest.mark.parametrize(("text", "value"), [("any", "any"), ("all", "all"), ("2", 2)])
def test_the_quorum_is_a_word_or_a_number(monkeypatch, text, value):
    assert loaded(monkeypatch, APPROVALS_REQUIRED=text).approvals_required == value


def test_durations_and_the_mailbox_are_read(monkeypatch):
    given = loaded(monkeypatch, EXPIRY_GRACE="2m", MAIL_FROM='"Shop, the" <Agent@Shop.test>')
    assert given.expiry_grace == 120
    assert (given.mailbox, given.inbox_queue) == ("agent@shop.test", "inbox-agent@shop.test")


def test_an_empty_setting_is_an_absent_one(monkeypatch):
    assert loaded(monkeypatch, SMTP_PORT="", APPROVERS="", SMTP_HOST="").smtp_host is None


def test_the_environment_goes_before_the_file(monkeypatch, clean):
    (clean / ".env").write_text("SMTP_HOST=file.test\nIMAP_HOST=file.test\nSOMETHING_ELSE=1\n")
    given = loaded(monkeypatch, SMTP_HOST="environment.test")
    assert (given.smtp_host, given.imap_host) == ("environment.test", "file.test")


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("SMTP_PORT", "0", "SMTP_PORT: Input should be greater than or equal to 1"),
        ("IMAP_PORT", "mail", "IMAP_PORT: Input should be a valid integer"),
        (
            "AGENT_TOOLS",
            "/srv/mine.py",
            "AGENT_TOOLS: '/srv/mine.py' is a file: write mine, its folder being on PYTHONPATH",
        ),
        ("SMTP_SECURITY", "ssl", "SMTP_SECURITY: Input should be 'tls', 'starttls' or 'none'"),
        ("IMAP_SECURITY", "starttls", "IMAP_SECURITY: Input should be 'tls' or 'none'"),
        ("MAIL_AUTH", "dkim", "MAIL_AUTH: Input should be 'required', 'if-present' or 'off'"),
        ("MAIL_AUTHSERV_ID", "mx example", "MAIL_AUTHSERV_ID: use the name that your mail server"),
        ("MAIL_ARC_SEALERS", "a@b", "MAIL_ARC_SEALERS: 'a@b' is no domain"),
        ("DNS_SERVERS", "resolver.test", "DNS_SERVERS: use IP addresses, with a port if wanted"),
        ("DNS_SERVERS", "192.0.2.1:0", "DNS_SERVERS: use IP addresses, with a port if wanted"),
        ("MAIL_TIMEZONE", "Mars", "MAIL_TIMEZONE: 'Mars' is no time zone"),
        ("MAIL_TIMEZONE", "../../etc/passwd", "MAIL_TIMEZONE: "),
        ("MAIL_FROM", "agent", "MAIL_FROM: not an e-mail address: 'agent': there is no @"),
        ("OPENAI_API_KEY", "sk-1234\n", "OPENAI_API_KEY: a key is of ASCII without spaces: is"),
        (
            "OPENAI_BASE_URL",
            "https://x.test/v1?api-version=1",
            "OPENAI_BASE_URL: use a URL without",
        ),
        ("OPENAI_BASE_URL", "https://x.test/v1/chat/completions", "OPENAI_BASE_URL: leave /chat/c"),
        ("OPENAI_BASE_URL", "https://x.test/v1/responses/", "OPENAI_BASE_URL: leave /responses/"),
        ("OPENAI_API_KEY", "schlüssel", "OPENAI_API_KEY: a key is of ASCII without spaces"),
        ("APPROVERS", "ann", "APPROVERS: not an e-mail address: 'ann': there is no @"),
        ("APPROVERS", "team: a@x.test;", "APPROVERS: not an e-mail address"),
        ("APPROVER_ALIASES", "a@x.test", "APPROVER_ALIASES: 'a@x.test' is not of the form"),
        ("APPROVER_DOMAINS", "x.test, not a domain", "APPROVER_DOMAINS: 'not a domain' is no"),
        ("APPROVER_DOMAINS", "@x.test", "APPROVER_DOMAINS: '@x.test' is no domain"),
        ("APPROVALS_REQUIRED", "0", "APPROVALS_REQUIRED: use any, all, or a number above 0"),
        ("APPROVALS_REQUIRED", "most", "APPROVALS_REQUIRED: use any, all, or a number above 0"),
        ("APPROVAL_MIN_RISK", "none", "APPROVAL_MIN_RISK: Input should be 'low', 'medium' or"),
        ("EXPIRY_GRACE", "soon", "EXPIRY_GRACE: 'soon' is no duration: use 3d, 2h, 30m"),
        ("EXPIRY_GRACE", "9" * 400, "EXPIRY_GRACE: Input should be a finite number"),
        ("IMAP_POLL_SECONDS", "0.5", "IMAP_POLL_SECONDS: Input should be greater than or"),
        ("MAX_APPROVALS_PER_RUN", "0", "MAX_APPROVALS_PER_RUN: Input should be greater"),
        ("REQUESTER_DOMAINS", "ann@x.test", "REQUESTER_DOMAINS: 'ann@x.test' is no domain"),
        (
            "OPERATOR_DECISIONS",
            "no",
            "OPERATOR_DECISIONS: Input should be 'allow', 'deny' or 'veto-only'",
        ),
    ],
)
def test_a_wrong_setting_is_one_line_that_says_what_it_may_be(monkeypatch, name, value, line):
    (fault,) = faults(monkeypatch, **{name: value})
    assert fault.startswith(line)
    assert "\n" not in fault


def test_every_fault_has_its_line(monkeypatch):
    found = faults(monkeypatch, SMTP_PORT="x", IMAP_PORT="y", MAIL_FROM="z")
    assert [line.partition(":")[0] for line in found] == ["IMAP_PORT", "MAIL_FROM", "SMTP_PORT"]


@pytest.mark.parametrize(
    ("aliases", "complaint"),
    [
        ("a@x.test=c@x.test, b@x.test=c@x.test", "c@x.test is listed for two people"),
        # Otherwise c could ask and a agree, although both are one person.
        ("a@x.test=b@x.test, b@x.test=c@x.test", "b@x.test is both an alias and a person"),
        ("a@x.test=a@x.test", "a@x.test is both an alias and a person"),
    ],
)
def test_an_alias_belongs_to_one_person(monkeypatch, aliases, complaint):
    (fault,) = faults(monkeypatch, APPROVER_ALIASES=aliases)
    assert complaint in fault


def test_no_secret_stands_in_an_error_or_in_what_is_printed(monkeypatch):
    secrets = {
        name: f"{PASSWORD}-{name}"
        for name in ("SMTP_PASSWORD", "IMAP_PASSWORD", "OPENAI_API_KEY", "APPROVAL_SECRET")
    }
    given = loaded(monkeypatch, **secrets)
    assert PASSWORD not in repr(given) and PASSWORD not in str(given)
    assert PASSWORD not in repr(given.keyring)
    # Pasted into the wrong line, too.
    for name in ("SMTP_SECURITY", "SMTP_PORT", "OPERATOR_DECISIONS", "APPROVALS_REQUIRED"):
        monkeypatch.setenv(name, PASSWORD)
    assert PASSWORD not in "\n".join(faults(monkeypatch, **secrets))


def test_several_secrets_are_a_keyring_whose_first_one_signs(monkeypatch):
    keys = loaded(monkeypatch, APPROVAL_SECRET=f"{'n' * 32}, {'o' * 32}").keyring.keys
    assert [key.secret for key in keys] == [b"n" * 32, b"o" * 32]


@pytest.mark.parametrize("secret", ["short", f"{'n' * 32},short", f"short,{'n' * 32}"])
def test_a_short_secret_is_refused(monkeypatch, secret):
    (fault,) = faults(monkeypatch, APPROVAL_SECRET=secret)
    assert fault == "APPROVAL_SECRET: a secret has 5 bytes, at least 32 are needed"


@pytest.mark.parametrize("secret", [",", " , ,"])
def test_commas_alone_are_no_secret(monkeypatch, secret):
    (fault,) = faults(monkeypatch, APPROVAL_SECRET=secret)
    assert fault == "APPROVAL_SECRET: no secret given"


@pytest.mark.parametrize("secret", [f",{'n' * 32}", f"{'n' * 32},", f" ,, {'n' * 32} ,"])
def test_nothing_between_commas_is_no_key(monkeypatch, secret):
    assert [k.secret for k in loaded(monkeypatch, APPROVAL_SECRET=secret).keyring.keys] == [
        b"n" * 32
    ]


def test_nothing_is_signed_without_a_secret(monkeypatch):
    with pytest.raises(ValueError, match="no secret"):
        _ = loaded(monkeypatch).keyring


def test_what_a_role_misses_is_named(monkeypatch):
    given = loaded(monkeypatch, SMTP_HOST="mail.test")
    assert missing(given, ["smtp_host", "mail_from"]) == [
        "MAIL_FROM is not set",
    ]


def test_words_of_ones_own_are_read_from_a_file(monkeypatch, tmp_path):
    words = tmp_path / "words.toml"
    words.write_text('approve = ["lgtm"]')
    assert "lgtm" in loaded(monkeypatch, MAIL_VOCABULARY=str(words)).mail_vocabulary.approvals
    assert "lgtm" not in loaded(monkeypatch, MAIL_VOCABULARY="").mail_vocabulary.approvals

    words.write_text('aprove = ["lgtm"]')
    (fault,) = faults(monkeypatch, MAIL_VOCABULARY=str(words))
    assert fault.startswith("MAIL_VOCABULARY: ") and "no such key: aprove" in fault
