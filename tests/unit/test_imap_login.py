"""What is said to log in, on servers that differ in what they take; and what never is."""

from base64 import b64encode

import pytest

from mail.errors import MailAuth, MailUnavailable
from tests.imap_script import Script, capabilities, session
from tests.planted import PASSWORD

SASL = b64encode("\0jürgen@x.test\0geheim-ß".encode()).decode()


async def opened(script: Script, username: str = "agent@x.test", password: str = PASSWORD) -> None:
    async with session(script, username, password) as imap:
        assert await imap.search() == [1, 2]


async def refused(script: Script, words: str, *login: str) -> None:
    with pytest.raises(MailAuth, match=words):
        await opened(script, *login)


@pytest.mark.parametrize(
    ("username", "password", "said"),
    [
        ("agent@x.test", "secret", r'LOGIN "agent@x.test" "secret"'),
        (r"CORP\agent", "a b", r'LOGIN "CORP\\agent" "a b"'),
        ('a"b', 'p"w\\', r'LOGIN "a\"b" "p\"w\\"'),
        ("a b*%(){}", "{5}", 'LOGIN "a b*%(){}" "{5}"'),
        ("a", "", 'LOGIN "a" ""'),
    ],
)
async def test_names_and_passwords_are_quoted(username, password, said):
    script = Script()
    await opened(script, username, password)
    assert said in script.lines


@pytest.mark.parametrize("password", ["a\r\nA2 DELETE INBOX", "a\n", "a\0"])
async def test_a_password_of_two_lines_is_not_sent(password):
    script = Script(CAPABILITY=capabilities("AUTH=PLAIN"))
    await refused(script, "several lines", "agent", password)
    assert "LOGIN" not in script.heard


async def test_what_is_not_ascii_is_said_by_sasl():
    script = Script(CAPABILITY=capabilities("AUTH=PLAIN"))
    await opened(script, "jürgen@x.test", "geheim-ß")
    assert "LOGIN" not in script.heard
    assert script.heard.count("SASL") == 1
    with pytest.raises(MailAuth, match="refused"):
        script.answers["SASL"] = b"{tag} NO wrong\r\n"
        await opened(script, "agent", "geheim-ß")


async def test_what_is_not_ascii_is_not_sent_where_it_cannot_be_said():
    script = Script()
    await refused(script, "only ASCII", "agent", "geheim-ß")
    assert "LOGIN" not in script.heard


async def test_an_environments_odd_octets_are_sent_as_they_are():
    script = Script(CAPABILITY=capabilities("AUTH=PLAIN"))
    await opened(script, "agent", "\udcff")
    assert "SASL" in script.heard


async def test_where_login_is_disabled_no_password_is_sent():
    script = Script(CAPABILITY=capabilities("LOGINDISABLED", "STARTTLS"))
    await refused(script, "LOGINDISABLED")
    assert "LOGIN" not in script.heard


async def test_where_only_login_is_disabled_sasl_is_used():
    script = Script(CAPABILITY=capabilities("LogInDisabled", "auth=plain"))
    await opened(script)
    assert "LOGIN" not in script.heard
    assert "SASL" in script.heard


async def test_sasl_that_is_refused_before_it_begins_sends_no_password():
    script = Script(
        CAPABILITY=capabilities("LOGINDISABLED", "AUTH=PLAIN"),
        AUTHENTICATE=b"{tag} NO not you\r\n",
    )
    await refused(script, "refused the login")
    assert "SASL" not in script.heard


async def test_who_is_known_already_does_not_log_in():
    script = Script()
    script.greeting = b"* PREAUTH welcome back\r\n"
    await opened(script)
    assert "LOGIN" not in script.heard


async def test_what_a_server_can_do_is_asked_again_after_the_login():
    before, after = capabilities(), capabilities("IDLE")
    script = Script(
        CAPABILITY=[before, after], LOGIN=b"{tag} OK [CAPABILITY IMAP4rev1 MOVE] in\r\n"
    )
    async with session(script) as imap:
        assert imap.can_idle


@pytest.mark.parametrize("code", ["UNAVAILABLE", "INUSE", "LIMIT", "OVERQUOTA"])
async def test_a_login_that_is_refused_for_now_is_no_wrong_password(code):
    script = Script(LOGIN=f"{{tag}} NO [{code}] later\r\n".encode())
    with pytest.raises(MailUnavailable, match=code):
        await opened(script)


@pytest.mark.parametrize(
    "answer",
    ["NO [AUTHENTICATIONFAILED] no", "NO", "BAD what?", "NO [ALERT] use an app password"],
)
async def test_a_login_that_is_refused_for_good_is_one_for_people(answer):
    await refused(Script(LOGIN=f"{{tag}} {answer}\r\n".encode()), "refused the login")


@pytest.mark.parametrize("answer", [b'* ID ("name" "Coremail")\r\n{tag} OK\r\n', b"{tag} NO\r\n"])
async def test_where_names_are_asked_for_one_is_said_before_the_inbox_is_opened(answer):
    script = Script(CAPABILITY=capabilities("ID"), ID=answer)
    await opened(script)
    assert script.heard.index("LOGIN") < script.heard.index("ID") < script.heard.index("SELECT")


async def test_where_names_are_not_asked_for_none_is_said():
    script = Script()
    await opened(script)
    assert "ID" not in script.heard
