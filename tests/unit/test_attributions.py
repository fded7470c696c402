"""The line above a quote, in the languages and programs that write one, and what only looks so."""

import pytest

from mail.attributions import attribution
from mail.quotes import own_text
from mail.reply import Decision
from tests.unit.incoming import decided, quoted

WITHOUT_ADDRESS = [
    "On 09/03/2026 08:30, Shop agent wrote:",
    "Am 09.03.2026 08:30, schrieb Shop agent:",
    "Le 09/03/2026 à 08:30, Shop agent a écrit :",
    "El 09/03/2026 a las 8:30, Shop agent escribió:",
    "Il 09/03/2026 08:30, Shop agent ha scritto:",
    "Em 09/03/2026 08:30, Shop agent escreveu:",
    "Op 09-03-2026 om 08:30 schreef Shop agent:",
    "W dniu 9.03.2026 o 08:30, Shop agent pisze:",
    "Dne 09. 03. 26 v 8:30 Shop agent napsal(a):",
    "09.03.2026 10:30, Shop agent пишет:",
    "2026. 03. 09. 8:30 keltezéssel, Shop agent írta:",
    "2026-03-09 오후 4:30에 Shop agent 이(가) 쓴 글:",
    "Shop agent wrote on 03/09/2026 08:30:00 AM:",
    "Monday, March 9, 2026, 8:30:00 AM, you wrote:",
]
COMPLETE = [
    "Missatge de Shop agent <agent@shop.test> del dia dl., 9 de març 2026 a\nles 8:30:",
    "Shop agent <agent@shop.test> ezt írta (időpont: 2026. márc. 9., H,\n8:30):",
    "Shop agent\n<agent@shop.test> 于2026年3月9日周一 15:30写道：",
    "man. 9. mars 2026 kl. 08:30 skrev Shop agent <agent@shop.test\n>:",
    '09.03.2026, 10:30, "Shop agent" <agent@shop.test>:',
    "9 марта 2026г., 10:30 +03:00 от Shop agent agent@shop.test :",
    "On Mon, 09 Mar 2026 13:00:11 +0530 Shop agent <agent@shop.test> wrote",
    "On Mon, 9 Mar 2026 at 8:30, Shop<agent@shop.test> wrote:   Approval needed",
    ">>> Shop agent <agent@shop.test> 09.03.2026 08:30 >>>",
]


@pytest.mark.parametrize("text", [*WITHOUT_ADDRESS, *COMPLETE])
def test_an_attribution_takes_all_its_lines(text):
    lines = text.split("\n")
    found = attribution([*lines, "", "Hello"], 0)
    assert found is not None
    assert found.lines == len(lines)
    assert found.complete is (text in COMPLETE)


@pytest.mark.parametrize("text", COMPLETE)
def test_a_colleagues_decision_below_it_is_nobodys_own(text):
    assert own_text(f"One moment.\n\n{text}\n\nAPPROVE").lines == ("One moment.",)
    assert decided(f"{text}\n\nAPPROVE") is Decision.UNCLEAR


@pytest.mark.parametrize(
    "name", ["Quoting Ann Example:", "Zitat von Ann Example:", "Ann Lee wrote:"]
)
def test_a_name_alone_is_an_attribution_above_a_marked_quote(name):
    assert own_text(f"REJECT\n\n{name}\n{quoted('x')}").lines == ("REJECT",)
    assert name in own_text(f"REJECT\n\n{name}\nx").lines


@pytest.mark.parametrize(
    "line",
    [
        "As Tom wrote:",
        "On order 1042 REJECT, as Tom said:",
        "I say it again:",
        "The dates are 9 March 2026 and 10 March 2026:",
        "Ask ann@example.com:",
    ],
)
def test_a_sentence_is_no_attribution(line):
    assert attribution([line, "x"], 0) is None


@pytest.mark.parametrize(
    "above", ["I had told you on 3 May 2026", "Ask tom@example.com", "On 3 May I"]
)
def test_a_sentence_right_above_an_attribution_stays_the_writers(above):
    text = f"REJECT\n{above}\nOn Mon, Mar 9, 2026 at 8:30 AM Shop <agent@shop.test> wrote:\n> x"
    assert own_text(text).lines == ("REJECT", above)


def test_a_thread_that_ends_in_our_mail_is_quoted_as_a_whole():
    colleague = "On Mon, Mar 9, 2026 at 9:12 AM Tom <tom@example.com> wrote:\n\nREJECT\n\n"
    ours = "On Mon, Mar 9, 2026 at 8:30 AM Shop <agent@shop.test> wrote:\n\nReference: "
    thread = f"APPROVE\n\n{colleague}{ours}AR-7K2M9QXD4T/{'ab' * 14}"
    assert decided(thread) is Decision.APPROVE
    assert decided(thread.replace("Reference: ", "Reference ")) is Decision.UNCLEAR
    known = (
        "WHAT YOUR ANSWER IS ABOUT\n\nSHA-256 of the request id, the tool's name and its arguments."
        "\nNothing else than this runs on your answer.\n\nHOW TO ANSWER\n\nReply to this mail. The"
        " first sentence decides: write ‹APPROVE›\nand the action runs; write ‹REJECT› and it does"
        " not."
    )
    assert decided(f"APPROVE\n\n{colleague}{known}") is Decision.APPROVE
    assert decided(f"APPROVE\n\nYesterday tom@example.com wrote:\n\nNo\n\n{known}") is (
        Decision.UNCLEAR
    )


def test_a_header_field_is_no_part_of_an_attribution():
    assert attribution(["Le 09/03/2026 08:30", "De : Ann <ann@example.com>", "A :"], 0) is None


def test_below_tabs_a_quote_goes_on_until_they_end():
    head = "Shop <agent@shop.test> wrote:\n"
    assert own_text(f"{head}\tHello\n\n\tAPPROVE\n\nREJECT").lines == ("REJECT",)
    assert own_text(f"{head}\tHello\nAPPROVE").lines == ()
