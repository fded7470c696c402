"""A URL means one server to everybody who reads it, or it is none."""

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import ConfigurationError
from agent.settings import load_settings
from agent.tools.webhook import allowed_url
from agent.weburl import parse_url

ALLOWED = frozenset({"https://hooks.example.com", "http://127.0.0.1:8080", "http://[::1]:8080"})


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ("https://hooks.example.com", "https://hooks.example.com/"),
        ("https://hooks.example.com/", "https://hooks.example.com/"),
        ("HTTPS://Hooks.EXAMPLE.com:443/A?b=C", "https://hooks.example.com/A?b=C"),
        ("https://hooks.example.com?x=1", "https://hooks.example.com/?x=1"),
        ("https://hooks.example.com/a%2Fb/;c=d@e:f", "https://hooks.example.com/a%2Fb/;c=d@e:f"),
        ("https://hooks.example.com/@evil.example", "https://hooks.example.com/@evil.example"),
        ("https://hooks.example.com//evil.example", "https://hooks.example.com//evil.example"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
        ("http://[0:0::1]:8080/x", "http://[::1]:8080/x"),
    ],
)
def test_what_is_allowed_is_called_in_its_one_form(given, called):
    assert allowed_url(ALLOWED, given) == called
    assert allowed_url(ALLOWED, called) == called


ELSEWHERE = [
    "http://hooks.example.com/",
    "https://hooks.example.com:8443/",
    "https://hooks.example.com:80/",
    "https://example.com/",
    "https://evil.hooks.example.com/",
    "https://hooks.example.com.evil.example/",
    "https://hooks.example.comevil.example/",
    "https://hooks-example.com/",
    "https://hooks.example.co/",
    "http://127.0.0.1/",
    "http://127.0.0.1:808/",
    "http://127.0.0.2:8080/",
    "http://localhost:8080/",
    "http://[::ffff:127.0.0.1]:8080/",
    "https://xn--hoks-0na.example.com/",
]
NO_URL = [
    "",
    "hooks.example.com",
    "//hooks.example.com/",
    "https:hooks.example.com",
    "https:/hooks.example.com/",
    "https:///hooks.example.com/",
    "https://",
    "ftp://hooks.example.com/",
    "file:///etc/passwd",
    "javascript:alert(1)//https://hooks.example.com/",
    "https://hooks.example.com@evil.example/",
    "https://hooks.example.com:443@evil.example/",
    "https://evil.example@hooks.example.com/",
    "https://user:password@hooks.example.com/",
    "https://@hooks.example.com/",
    "https://hooks.example.com%40evil.example/",
    "https://hooks.example.com#@evil.example/",
    "https://hooks.example.com/#fragment",
    "https://hooks.example.com\\@evil.example/",
    "https:\\\\hooks.example.com/",
    "https://evil.example\\.hooks.example.com/",
    "https://hooks.example.com/a\\b",
    "https://hooks.example.com./",
    "https://hooks..example.com/",
    "https://.hooks.example.com/",
    "https://-hooks.example.com/",
    "https://%68ooks.example.com/",
    "https://hooks%2eexample.com/",
    "https://hooks.example.com:/",
    "https://hooks.example.com:0443/",
    "https://hooks.example.com:0/",
    "https://hooks.example.com:65536/",
    "https://hooks.example.com:\uff1443/",
    "https://hooks.example.com:443:443/",
    "https://hooks.example.com:-443/",
    " https://hooks.example.com/",
    "https://hooks.example.com/ ",
    "https://hooks.example.com /",
    "https://hooks.example.com/\n",
    "https://hooks.example.com\r\nHost: evil.example/",
    "https://hooks.example.com/a\tb",
    "ht\ttps://hooks.example.com/",
    "https://hooks.example.com/\x00",
    "https://hooks.example.com/\x7f",
    "https://hook\u017f.example.com/",
    "https://hoo\u212as.example.com/",
    "https://hooks\u3002example.com/",
    "https://\uff48ooks.example.com/",
    "https://hooks\u00ad.example.com/",
    "https://hooks\u200b.example.com/",
    "https://bücher.example/",
    "https://hooks.example.com/ü",
    "https://hooks.example.com/../admin",
    "https://hooks.example.com/a/./b",
    "https://hooks.example.com/a/%2e%2E/b",
    "https://hooks.example.com/a/.%2e",
    "https://hooks.example.com/%",
    "https://hooks.example.com/%zz",
    "https://hooks.example.com/[x]",
    "https://hooks.example.com/{x}",
    'https://hooks.example.com/"',
    "http://127.1:8080/",
    "http://127.0.0.01:8080/",
    "http://2130706433:8080/",
    "http://0x7f000001:8080/",
    "http://0x7f.0.0.1:8080/",
    "http://127.0.0.1.:8080/",
    "http://[::1:8080/",
    "http://::1:8080/",
    "http://[::1%25lo]:8080/",
    "http://[v1.x]:8080/",
    "http://[127.0.0.1]:8080/",
]


@pytest.mark.parametrize("text", ELSEWHERE)
def test_another_server_is_not_called(text):
    with pytest.raises(ValueError, match="is not in WEBHOOK_ALLOWED, which has http"):
        allowed_url(ALLOWED, text)


@pytest.mark.parametrize("text", NO_URL)
def test_what_could_be_read_in_two_ways_is_no_url(text):
    with pytest.raises(ValueError):
        parse_url(text)


@given(
    st.lists(
        st.sampled_from(
            ["https://", "http:", "//", "hooks.example.com", "evil.example", "@", ":443", ":", "/"]
            + [
                "\\",
                "#",
                "?",
                ".",
                "..",
                "%2e",
                "%40",
                "[::1]",
                "127.1",
                " ",
                "\t",
                "\u3002",
                "\u017f",
            ]
        ),
        max_size=8,
    ).map("".join)
)
def test_whatever_is_taken_the_client_calls_that_server(text):
    try:
        called = allowed_url(ALLOWED, text)
    except ValueError:
        return
    url = httpx2.URL(called)
    port = f":{url.port}" if url.port else ""
    assert f"{url.scheme}://{url.netloc.decode().removesuffix(port)}{port}" in ALLOWED
    assert url.raw_path.decode() == called.partition("://")[2].removeprefix(url.netloc.decode())
    assert not url.userinfo and not url.fragment


@pytest.mark.parametrize(
    ("given", "origins"),
    [
        (
            "https://Hooks.example.com, http://localhost:8080/,https://hooks.example.com:443",
            ("https://hooks.example.com", "http://localhost:8080"),
        ),
        ("http://[0::1]:80", ("http://[::1]",)),
        ("http://receiver_1:9000", ("http://receiver_1:9000",)),
    ],
)
def test_the_setting_names_origins_in_the_same_form(monkeypatch, tmp_path, given, origins):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEBHOOK_ALLOWED", given)
    assert load_settings().webhook_allowed == origins


@pytest.mark.parametrize(
    "word",
    ["https://hooks.example.com/path", "https://*.example.com", "https://bücher.example"]
    + [
        "hooks.example.com",
        "https://hooks.example.com?x",
        "https://a@b.example",
        "https://h:99999",
    ],
)
def test_anything_else_in_the_setting_is_a_fault(monkeypatch, tmp_path, word):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEBHOOK_ALLOWED", word)
    with pytest.raises(
        ConfigurationError, match="WEBHOOK_ALLOWED: .* is not of the form"
    ) as caught:
        load_settings()
    assert len(caught.value.faults) == 1
