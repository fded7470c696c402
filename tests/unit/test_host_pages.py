"""The pages about mail hosts: every setting they name is one, and every `.env` they show loads."""

import http.server
import json
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from agent.bounds import imap_of, smtp_of
from agent.settings import Settings, load_settings
from agent.settings_check import check_settings
from mail.credentials import Token
from mail.secret_command import SecretCommand
from tests.certificates import Authority
from tests.planted import ACCESS_TOKEN, APPROVAL_SECRET, MODEL_KEY, PASSWORD

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "hosts").glob("*.md"))
TEXTS = {page.name: page.read_text(encoding="utf-8") for page in PAGES}
SETTING = re.compile(r"\b(?:SMTP|IMAP|MAIL|OPENAI|APPROV[A-Z]*)_[A-Z_]+\b")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DIRECTORIES = ("/etc/approval-agent/", "/run/secrets/")
BESIDES = {"OPENAI_API_KEY": MODEL_KEY, "APPROVAL_SECRET": APPROVAL_SECRET}


def blocks(page: str, kind: str) -> list[str]:
    return [text for language, text in BLOCK.findall(TEXTS[page]) if language == kind]


FILES = [(page, number) for page in TEXTS for number in range(len(blocks(page, "ini")))]


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_there_is_a_page_for_each_host():
    assert {*TEXTS} == {"gmail.md", "microsoft-365.md", "fastmail.md", "self-hosted.md"}
    assert len(FILES) == 8


@pytest.mark.parametrize("page", TEXTS)
def test_every_setting_that_a_page_names_is_one(page):
    named = set(SETTING.findall(TEXTS[page]))
    assert len(named) > 5
    assert named <= {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize(("page", "number"), FILES)
def test_every_env_file_of_a_page_is_good_to_start_with(page, number, tmp_path):
    text = blocks(page, "ini")[number]
    for directory in DIRECTORIES:
        text = text.replace(directory, f"{tmp_path}/")
    (tmp_path / "app-password").write_text(f"{PASSWORD}\n")
    (tmp_path / "mail-password").write_text(f"{PASSWORD}\n")
    (tmp_path / "openai-key").write_text(f"{MODEL_KEY}\n")
    (tmp_path / "approval-secret").write_text(f"{APPROVAL_SECRET}\n")
    if "CA_FILE" in text:
        certificate, key = Authority(tmp_path).issue("agent")
        assert (certificate.name, key.name) == ("agent.pem", "agent.key")
    besides = [f"{name}={value}" for name, value in BESIDES.items() if name not in text]
    (tmp_path / ".env").write_text("\n".join([text, *besides]))
    settings = load_settings()
    check_settings(settings, "all")
    assert settings.mailbox == "agent@example.com"
    for server in (smtp_of(settings), imap_of(settings)):
        assert server.username == "agent@example.com"
        assert server.source or server.password == PASSWORD or server.tls.cert_file
    # A line that is no setting would go unnoticed.
    lines = [line for line in text.splitlines() if line.strip()]
    assert all(line.partition("=")[0].lower() in Settings.model_fields for line in lines)


@pytest.fixture
def endpoint() -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """One that gives tokens out, and what it was asked."""
    asked: list[dict[str, list[str]]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append({"path": [self.path], **parse_qs(body)})
            answer = json.dumps({"access_token": ACCESS_TOKEN, "expires_in": 3599}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Not among the test's output."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("page", "host", "wanted"),
    [
        ("gmail.md", "https://oauth2.googleapis.com", {"grant_type": ["refresh_token"]}),
        (
            "microsoft-365.md",
            "https://login.microsoftonline.com",
            {"scope": ["https://outlook.office365.com/.default"]},
        ),
    ],
)
async def test_what_a_page_says_to_curl_asks_for_a_token(page, host, wanted, endpoint, tmp_path):
    if shutil.which("curl") is None:
        pytest.skip("no curl: on Debian, apt-get install curl")
    url, asked = endpoint
    (request,) = blocks(page, "text")
    assert host in request
    config = request.replace(host, url).replace("CLIENT-SECRET", "a+b&c%d")
    (tmp_path / "token.curl").write_text(config)
    command = re.findall(r"^SMTP_TOKEN_COMMAND=(.*)$", TEXTS[page], re.MULTILINE)[-1]
    given = SecretCommand("X", command.replace(DIRECTORIES[0], f"{tmp_path}/"), "token")
    assert await given.credential() == Token(ACCESS_TOKEN)
    (heard,) = asked
    assert heard["path"][0].endswith("/token")
    assert {**heard, **wanted} == heard
    assert (heard["client_id"], heard["client_secret"]) == (["CLIENT-ID"], ["a+b&c%d"])
