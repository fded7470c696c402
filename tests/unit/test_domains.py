"""Domain names that may look like others: found wherever they stand, in the form of the net."""

import time
from urllib.parse import quote as percent_encode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mail.domains import MOST, NAME, Name, name_of, names_in

APPLE, APPLE_NET = "\u0430\u0440\u0440\u04cf\u0435.com", "xn--80ak6aa92e.com"
MUNICH, MUNICH_NET = "m\u00fcnchen.de", "xn--mnchen-3ya.de"


def nets(text: str) -> list[str]:
    return [name.net for name in names_in(text).found]


@pytest.mark.parametrize(
    "text",
    [
        APPLE,
        f"https://{APPLE}/pay",
        f"HTTPS://{APPLE.upper()}:443/",
        f"https://shop@{APPLE}?x=1",
        f"mailto:pay@{APPLE}",
        f"Pay <pay@{APPLE}>",
        f"Send it to {APPLE}.",
        f"\u201c{APPLE}\u201d, please",
        f"{APPLE}\u2014now",
        f"\u2192{APPLE}",
        f"\u202e{APPLE}",
        f"{APPLE}/{APPLE} {APPLE}",
        APPLE.replace(".", "\u3002"),
        APPLE.replace(".", "\uff0e"),
        APPLE.replace(".", "\uff61"),
        APPLE.replace("com", "\uff43\uff4f\uff4d"),
        f"https://{percent_encode(APPLE)}/",
        f"https://x.example/?to=https%3A%2F%2F{percent_encode(percent_encode(APPLE))}",
        f"\ud800{APPLE}",
    ],
)
def test_a_name_is_found_wherever_it_stands(text):
    assert APPLE_NET in nets(text)


@pytest.mark.parametrize(
    ("text", "net"),
    [
        (MUNICH, MUNICH_NET),
        ("https://fa\u00df.de", "xn--fa-hia.de"),
        ("x@shop.b\u00fccher.example", "shop.xn--bcher-kva.example"),
        ("_dmarc.m\u00fcnchen.de", f"_dmarc.{MUNICH_NET}"),
        ("\u043c\u043e\u0441\u043a\u0432\u0430.\u0440\u0444", "xn--80adxhks.xn--p1ai"),
        ("shop.\u4e2d\u56fd", "shop.xn--fiqs8s"),
        ("https://\u0430/", "xn--80a"),
        ("\\\\\u0430\\share", "xn--80a"),
        # Programs drop, or fold, what makes these differ from a name of plain letters.
        ("\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45\uff0e\uff43\uff4f\uff4d", "example.com"),
        ("exa\u00admple.com", "example.com"),
        ("exa\u200bmple.com", "example.com"),
        ("\u212ainder.de", "kinder.de"),
    ],
)
def test_a_name_is_given_as_the_net_knows_it(text, net):
    assert net in nets(text)
    assert not any(name.refused for name in names_in(text).found)


@pytest.mark.parametrize(
    ("text", "net", "shows"),
    [
        (f"https://{APPLE_NET}/", APPLE_NET, APPLE),
        ("XN--80AK6AA92E.COM", APPLE_NET, APPLE),
        ("\uff58\uff4e\uff0d\uff0d80ak6aa92e.com", APPLE_NET, APPLE),
        ("example.xn--p1ai", "example.xn--p1ai", "example.\u0440\u0444"),
    ],
)
def test_an_a_label_is_given_with_what_it_shows(text, net, shows):
    (name,) = names_in(text).found
    assert (name.net, name.shows, name.refused) == (net, shows, False)


@pytest.mark.parametrize(
    ("written", "net", "shows"),
    [
        ("\u2603.com", "xn--n3h.com", ""),
        ("xn--n3h.com", "xn--n3h.com", "\u2603.com"),
        ("example\u2010bank.com", "xn--examplebank-rf3f.com", ""),
        ("google.com\u2044path.evil.com", "google.xn--compath-3d7c.evil.com", ""),
        ("xn--999999999.com", "xn--999999999.com", "xn--999999999.com"),
        ("\u00e4..com", "", ""),
        ("\u00e4" * 64 + ".com", "", ""),
        ("a" * 64 + ".\u00e4.com", "", ""),
        ("\u00e4." * 60 + "com", "", ""),
        ("a" * 2_000 + "\u00e4.com", "", ""),
    ],
)
def test_a_name_that_idna_refuses_is_shown_as_refused(written, net, shows):
    assert names_in(f"see {written} now").found == (Name(written, net, shows, refused=True),)


@pytest.mark.parametrize(
    "text",
    [
        "example.com https://example.com/%20a pay@example.com",
        "Gr\u00fc\u00dfe aus K\u00f6ln. Bis bald",
        "das ist sch\u00f6n.Aber nicht jetzt",
        "\u0438 \u0442.\u0434. \u0438 \u0442.\u043f.",
        "\u4f60\u597d\u3002\u518d\u89c1\u3002",
        "m\u00fcller@example.com",
        "1.000 \u20ac",
        "a xn-- b",
    ],
)
def test_what_is_no_name_or_cannot_mislead_is_left_alone(text):
    assert names_in(text).found == ()


def test_a_name_is_given_once_and_many_are_counted():
    assert nets(f"{MUNICH} {MUNICH.upper()} https://{MUNICH}/") == [MUNICH_NET]
    names = names_in("".join(f"{n}.{MUNICH} " for n in range(MOST + 7)) * 2)
    assert len(names.found) == MOST and names.more == 7


PIECES = ["\u00e4.de ", "\u00e4", "\u00e4.", "\u00e4-", "\u00e4,", "a\u200b", "a\u0301", "xn--"]
PIECES += ["%C3%A4.", "%25", "a.\u00e4 ", "xn--a.de ", "\u2603.com ", "\U0001f600", "//\u00e4", "@"]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=20).map("".join))
@example("\u0130.com \u01c6.com \u1e9e.de")
def test_whatever_the_text_is_little_comes_out(text):
    names = names_in(text)
    assert len(names.found) <= MOST
    for name in names.found:
        assert len(name.net) <= NAME and name.net.isascii() and name.net.isprintable()
        assert name.net or name.refused


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_text_and_no_faster(piece):
    def seconds(count: int) -> float:
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            names_in(piece * count + ".de")
            best = min(best, time.process_time() - start)
        return best

    # What is quadratic takes 64 times as long.
    assert seconds(16_000) < 8 * 4 * seconds(2_000) + 0.05


def test_one_name_may_be_of_any_length():
    for text in ("\u00e4" * 100_000, "xn--" * 25_000, "a\u0301" * 50_000, "\u00e4." * 50_000):
        assert name_of(text).refused
