"""Every link within the repository leads somewhere."""

import pytest

from tests.docs.links import anchors, links
from tests.docs.pages import PAGES, text_of
from tests.docs.scratch import ROOT

ELSEWHERE = ("https://", "mailto:")
README_LINES = 250


@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md"])
def test_every_link_leads_somewhere(page):
    for link in links(text_of(page)):
        if link.startswith(ELSEWHERE):
            continue
        path, _, anchor = link.partition("#")
        target = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        assert target.is_relative_to(ROOT) and target.exists(), f"{page}: {link} leads nowhere"
        if anchor:
            assert anchor in anchors(text_of(target)), f"{page}: {link}: no such heading"


def test_every_page_is_led_to():
    led_to = {
        ((ROOT / page).parent / link.partition("#")[0]).resolve()
        for page in PAGES
        for link in links(text_of(page))
        if not link.startswith((*ELSEWHERE, "#"))
    }
    lost = [page for page in PAGES if page != "README.md" and ROOT / page not in led_to]
    assert not lost


def test_the_first_page_is_short():
    assert len(text_of("README.md").splitlines()) <= README_LINES


def test_headings_are_named_as_github_names_them():
    page = "# What, `MAIL_AUTH=off`?\n## Run it\n## Run it\n```console\n# not this\n```\n"
    assert anchors(page) == {"what-mail_authoff", "run-it", "run-it-1"}
