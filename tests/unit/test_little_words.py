"""The little words of a language, in a file of one's own: `or`, `by`, names of money, and so on."""

import pytest

from mail.doubt import find_aside_doubt
from mail.little_words import LITTLE
from mail.vocabulary import load
from tests.unit.incoming import message, reading

# A language that nobody speaks; its little words are what the tests are about.
LANGUAGE = """
approve = ["zopa"]
reject = ["refa"]
before = ["danko"]
greeting = ["salo"]
plain = ["itu", "bai", "sumo", "wori", "zorkmid", "big", "zork", "topo", "sendu", "ƶ"]
numbered = ["sumo", "topo"]
{little}
[doubt]
negation = ["nu"]
"""


def words(tmp_path, little):
    path = tmp_path / "words.toml"
    path.write_text(LANGUAGE.format(little=f"[little]\n{little}"), encoding="utf-8")
    return load(path)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """Without any little words of its own; made once, for it takes half a second."""
    return words(tmp_path_factory.mktemp("bare"), "")


def decision(said, vocabulary):
    return reading(message(said.replace("|", "\n")), vocabulary=vocabulary).decision


CASES = [
    # little words, a reply, and what it says with and without them
    ('alternative = ["oru"]', "Refa, oru itu", "unclear", "reject"),
    ('alternative = ["oru"]', "Reject itu oru itu", "unclear", "reject"),
    ('unless = ["unlu"]', "Refa, unlu itu", "unclear", "reject"),
    ('unless = ["unlu"]', "Refa, itu unlu", "reject", "reject"),
    ('no = ["nu"]', "Reject nu", "reject", "unclear"),
    ('thanked_for = ["fo"]', "Danko fo itu sumo. Zopa", "approve", "unclear"),
    ('by = ["bai"]', "Rejected bai Tom", "unclear", "reject"),
    ('by = ["bai"]\nourselves = ["mu"]', "Rejected bai mu", "reject", "reject"),
    ('whose = ["bai"]', "Rejected itu bai Tom", "unclear", "reject"),
    ('whose = ["bai"]', "Rejected itu bai tom", "reject", "reject"),
    ('predicate = ["esu"]', "Reject esu itu", "unclear", "reject"),
    ('qualifier = ["bai"]', "Zopa||bai itu", "unclear", "approve"),
    ('naming = ["itu"]', "Zopa||wori itu Tom", "approve", "unclear"),
    ('joining = ["itu"]\ncourtesy = ["wori"]', "Zopa||wori itu Tom", "approve", "unclear"),
    ('joining = ["itu"]', "Zopa||bai itu Tom", "unclear", "unclear"),
    ('courtesy = ["wori"]\nqualifier = ["bai"]', "Zopa||wori bai itu", "approve", "approve"),
    ('qualifier = ["bai"]', "Zopa||wori bai itu", "unclear", "approve"),
    ('phone = ["topo"]', "Zopa||topo 55 500 5500", "approve", "unclear"),
    ('between_names = ["undu"]', "Salo Anna undu Tom||Zopa", "approve", "unclear"),
    ('no_name = ["sezo"]', "Salo Sezo||Zopa", "unclear", "approve"),
    ('no_name_ending = ["ish"]', "Salo Tomish||Zopa", "unclear", "approve"),
    ('honorific = ["zan"]', "tanakazan|Zopa", "approve", "unclear"),
    ('currency = ["zorkmid"]', "Zopa||itu sumo 50 Zorkmid", "unclear", "approve"),
    ('currency = ["big zork"]', "Zopa||itu sumo itu sumo 50 big zork", "unclear", "approve"),
    ('currency = ["ƶ"]', "Zopa||itu sumo 50 ƶ", "unclear", "approve"),
    ('currency = ["₿"]', "Zopa||itu sumo 50 ₿", "unclear", "approve"),
    ('amount = ["sumo"]', "Zopa||sumo: itu", "unclear", "approve"),
    ('at_most = ["topo"]', "Zopa||itu sumo itu sumo topo 50", "unclear", "approve"),
    ('sent_by = ["sendu bai"]', "Zopa||Sendu bai itu sumo itu", "unclear", "approve"),
    (
        'sent_by = ["sendu bai"]\nourselves = ["itu"]',
        "Zopa||Sendu bai itu sumo wori",
        "approve",
        "approve",
    ),
]


@pytest.mark.parametrize(("little", "said", "with_them", "without"), CASES)
def test_a_language_brings_its_little_words(tmp_path, bare, little, said, with_them, without):
    assert decision(said, words(tmp_path, little)) == with_them
    assert decision(said, bare) == without


def test_the_sum_in_a_signature_may_be_the_capital_of_a_company(tmp_path, bare):
    line = "Firmo Zork, kapitano EUR 50.000"

    assert find_aside_doubt(line, words(tmp_path, 'share_capital = ["kapitan"]')) == ""
    assert "names an amount" in find_aside_doubt(line, bare)


def test_every_kind_of_them_is_tested():
    tested = {line.partition(" ")[0] for case in CASES for line in case[0].split("\n")}
    assert tested | {"share_capital"} == set(LITTLE)


def test_those_of_ours_count_whichever_languages_decide(tmp_path):
    path = tmp_path / "words.toml"
    path.write_text('languages = ["en"]', encoding="utf-8")

    assert decision("Reject, oder warte", load(path)) == "unclear"
    assert decision("Approved||this is for the invoice of 50 Kroner", load(path)) == "unclear"


@pytest.mark.parametrize(
    ("little", "fault"),
    [
        ('oder = ["x"]', "[little] has the keys alternative,"),
        ('by = "x"', "little.by is a list of strings"),
        ('by = [" "]', "little.by holds an empty word"),
    ],
)
def test_a_fault_in_them_is_named(tmp_path, little, fault):
    with pytest.raises(ValueError, match="vocabulary .*words.toml: ") as raised:
        words(tmp_path, little)
    assert fault in str(raised.value)
