"""The page: everything is in it, nothing beside it is needed, and nothing that a list says becomes a part of it."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from tests.trustlist.doctor.certificates import issue
from tests.trustlist.doctor.lists import DAY, Sample, authority, clean, signed_by
from tests.trustlist.doctor.pairs import PAIRS
from tests.trustlist.parts import AT, entry, listed, sca
from trustlist.doctor import FindingKind
from trustlist.doctor.messages import words
from trustlist.doctor.page import render_page
from trustlist.doctor.page_style import STYLE


class Read(HTMLParser):
    """Elements, attributes and text of a page, and whether every element was closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag in {"th", "td", "caption", "tr"}:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


@pytest.mark.parametrize("kind", FindingKind)
def test_every_finding_is_on_the_page_with_what_to_do(kind: FindingKind) -> None:
    page = Read(render_page(PAIRS[kind][0].bad().examine()))
    assert page.open == []
    said = words(kind)
    for text in (said.title, said.meaning, said.remedy):
        assert text in page.text
    assert kind.value in {attributes.get("id") for _, attributes in page.elements}


def test_a_clean_list_is_said_to_be_clean() -> None:
    page = Read(render_page(clean().examine()))
    assert "Nothing was found." in page.text
    assert "article" not in {tag for tag, _ in page.elements}


def test_nothing_is_loaded_and_nothing_runs() -> None:
    page = Read(render_page(PAIRS[FindingKind.EXPIRED][0].bad().examine()))
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "image", "use"}
    for _, attributes in page.elements:
        assert not any(name == "style" or name.startswith("on") for name in attributes)
        assert str(attributes.get("href", "#")).startswith("#")
        assert "src" not in attributes
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_the_page_forbids_itself_all_but_its_own_style() -> None:
    page = render_page(clean().examine())
    policy = next(
        str(attributes["content"])
        for tag, attributes in Read(page).elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_links_lead_to_places_on_the_page() -> None:
    page = Read(render_page(PAIRS[FindingKind.WEAK_KEY][0].bad().examine()))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {str(attributes["href"])[1:] for tag, attributes in page.elements if tag == "a"}
    assert links == {"serious"}
    assert links <= set(ids)


def test_what_a_list_says_stays_text() -> None:
    evil = "</table><script>alert(1)</script>"
    der = issue(authority(), subject={"CN": "no country", "O": evil})
    bad = entry(der, participant=evil, domain=evil, position=evil)
    page = render_page(signed_by(bad, name=f"did:web:{evil}").examine())
    assert "<script" not in page
    read = Read(page)
    assert read.open == []
    assert evil in read.text


def test_counts_are_tables_and_figures_have_theirs() -> None:
    report = signed_by(authority().issue_signer(), authority().issue_signer(not_after=AT - DAY)).examine()
    page = Read(render_page(report))
    captions = {"total", "usage", "domain", "key", "state", "own end past"}
    assert captions <= set(page.words)
    assert [tag for tag, _ in page.elements].count("svg") == 2
    assert "participant authority expired usable XXA 1 1 1" in page.text


def test_a_reference_has_no_columns_of_a_key() -> None:
    page = Read(render_page(PAIRS[FindingKind.REFERENCE_DANGLING][0].bad().examine()))
    assert "key identifier" not in page.words
    assert "where what" in page.text
    page = Read(render_page(PAIRS[FindingKind.EXPIRED][0].bad().examine()))
    assert "participant usage key identifier where what" in page.text


def test_a_long_list_is_cut_with_a_word() -> None:
    expired = authority().issue_signer(not_after=AT - DAY)
    entries = [entry(expired, position=f"verificationMethod[{number}]") for number in range(503)]
    page = Read(render_page(Sample(listed(sca(authority()), *entries)).examine()))
    assert "verificationMethod[499]" in page.text
    assert "verificationMethod[500]" not in page.text
    assert "… and 3 more" in page.text


def test_equal_reports_give_equal_pages() -> None:
    sample = PAIRS[FindingKind.EXPIRED][0].bad()
    assert render_page(sample.examine()) == render_page(sample.examine())
