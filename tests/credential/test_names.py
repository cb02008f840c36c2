"""Standardised names: known names of many scripts, and what holds for any text."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.names import LIMIT, Transliteration, standardise, transliterate

# Table A of ICAO Doc 9303 part 3, letters by what they become.
TABLE_A = {
    "A": "ÁÀÂÃĂĀĄ", "AE": "ÄÆ", "AA": "Å", "C": "ĆĈČĊÇ", "D": "ĐĎÐ", "E": "ÉÈÊËĚĖĒĘĔ", "G": "ĜĞĠĢ", "H": "ĦĤ",
    "I": "ıÍÌÎÏĨİĪĮĬ", "IJ": "Ĳ", "J": "Ĵ", "K": "Ķ", "L": "ŁĹĽĻĿ", "N": "ŃŇŅŊÑ", "O": "ÓÒÔÕŐŌŎ", "OE": "ØÖŒ",
    "R": "ŔŘŖ", "S": "ŚŜŠŞ", "SS": "ẞß", "T": "ŤŢŦ", "TH": "Þ", "U": "ÚÙÛŨŬŰŮŪŲ", "UE": "Ü", "W": "Ŵ", "Y": "ÝŶŸ",
    "Z": "ŹŽŻ",
}  # fmt: skip


@pytest.mark.parametrize(("latin", "letters"), TABLE_A.items())
def test_the_latin_letters_of_the_standard(latin: str, letters: str) -> None:
    for letter in letters:
        assert standardise(letter) == latin
        assert standardise(letter.lower()) == latin


@pytest.mark.parametrize(
    ("name", "standardised"),
    [
        ("d'Červenková Panklová", "DCERVENKOVA<PANKLOVA"),
        ("Jiřina-Maria Alena", "JIRINA<MARIA<ALENA"),
        ("Müller", "MUELLER"),
        ("Łukasz", "LUKASZ"),
        ("Þórður", "THORDUR"),
        ("Ångström", "AANGSTROEM"),
        ("Ǻsa", "AASA"),
        ("Nguyễn Thị Ánh", "NGUYEN<THI<ANH"),
        ("İlhan Işık", "ILHAN<ISIK"),
        ("Əliyev", "ELIYEV"),
        ("O’Neill", "ONEILL"),
        ("O´Neill", "ONEILL"),
        ("Kaʻahumanu", "KAAHUMANU"),
        ("Smith, Jr.", "SMITH<JR"),
        ("van  der -- Berg", "VAN<DER<BERG"),
        ("<OSEI<<VANCE<", "OSEI<VANCE"),
        ("Șt\u0327", "ST"),
        ("Ёлкина", "ELKINA"),
        ("Григорьевна", "GRIGOREVNA"),
        ("Подъячих", "PODIEIACHIKH"),
        ("Щукин", "SHCHUKIN"),
        ("Παπαδόπουλος", "PAPADOPOULOS"),
        ("Ευθύμιος", "EFTHYMIOS"),
        ("Σταύρος", "STAVROS"),
        ("ΑΥΓΟΥΣΤΑ", "AVGOUSTA"),
        ("Άγγελος", "ANGELOS"),
        ("Μπουμπουλίνα", "BOUMPOULINA"),
        ("Μαΐου", "MAIOU"),
        ("Άυλος", "AYLOS"),
        ("Σφίγξ", "SFINX"),
        ("Ψαρά-Ξένη", "PSARA<XENI"),
        ("عبّاس", "EBBAS"),
        ("فضّة", "FXDZXDZXAH"),
        ("فاطمة الزهراء", "FAXTTMXAH<ALZHRAXE"),
        ("مرتان", "MRTAN"),
        ("محمّد", "MXHMMD"),
        ("كريمة", "KRYMXAH"),
        ("پرویز", "PRWXYAZ"),
        ("ﻣﺤﻤﺪ", "MXHMD"),
        ("", ""),
        ("...", ""),
    ],
)  # fmt: skip
def test_known_names(name: str, standardised: str) -> None:
    result = transliterate(name)
    assert (result.text, result.unmapped, result.shortened) == (standardised, (), False)


@pytest.mark.parametrize(
    ("name", "language", "standardised"),
    [
        ("Юрій", "uk", "YURII"),
        ("Їжакевич Григорій", "uk", "YIZHAKEVYCH<HRYHORII"),
        ("Марія-Яна", "uk", "MARIIA<YANA"),
        ("Ёсіп Ігар", "be", "IOSIP<IHAR"),
        ("Щерев", "bg", "SHTEREV"),
        ("Ѓорѓи Џепароски", "mk", "GJORGJI<DJEPAROSKI"),
        ("Жељко Ћосић", "sr", "ZELJKO<COSIC"),
        ("Горан", "sr", "GORAN"),
        ("Горан", None, "GORAN"),
        ("Горан", "xx", "GORAN"),
    ],
)
def test_letters_of_one_language(name: str, language: str | None, standardised: str) -> None:
    assert standardise(name, language=language) == standardised


@pytest.mark.parametrize(
    ("name", "standardised", "unmapped"),
    [
        ("陈 Wei", "WEI", ("陈",)),
        ("כהן", "", ("כ", "ה", "ן")),
        ("Anna2 €", "ANNA", ("2", "€")),
        ("林林", "", ("林",)),
    ],
)
def test_what_has_no_letter_is_reported(name: str, standardised: str, unmapped: tuple[str, ...]) -> None:
    result = transliterate(name)
    assert (result.text, result.unmapped) == (standardised, unmapped)


def test_a_long_name_is_cut_and_that_is_told() -> None:
    result = transliterate("Ä" * 60)
    assert (result.text, result.shortened) == ("AE" * 40, True)
    assert transliterate("x" * 79 + " y") == Transliteration("X" * 79, (), shortened=True)
    assert transliterate("x" * 80).shortened is False


@given(st.text(), st.sampled_from([None, "be", "bg", "mk", "sr", "uk"]))
def test_any_text_gives_capital_letters_and_single_fillers(name: str, language: str | None) -> None:
    text = standardise(name, language=language)
    assert re.fullmatch(r"([A-Z]+(<[A-Z]+)*)?", text)
    assert len(text) <= LIMIT


@given(st.text())
def test_a_standardised_name_stays_as_it_is(name: str) -> None:
    text = standardise(name)
    assert standardise(text) == text


@given(st.text(st.characters(categories=("Lu", "Ll", "Lo")), min_size=1))
def test_no_letter_is_lost_in_silence(name: str) -> None:
    result = transliterate(name)
    # Presentation forms of vowel signs (U+FE70 …) are letters by category and hold none.
    letters = {each for each in unicodedata.normalize("NFKD", name.upper()) if unicodedata.category(each)[0] == "L"}
    assert result.text or result.unmapped or letters <= set("ЬʼʹʺʻʽʾʿЪ")
