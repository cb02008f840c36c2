"""Letters and what they become in a machine-readable zone: data for `credential.names`.

Latin, Cyrillic and Arabic: ICAO Doc 9303 part 3 (8th edition, 2021), section 6, tables A, B and C. Where table A gives
a choice, the first is taken (Ä is AE, Ö is OE, Ü is UE, Ñ is N). Latin letters with a mark that table A only strips are
not listed: taking the letter apart (Unicode decomposition) gives the same. Greek is not in Doc 9303; Greek passports
follow ELOT 743, the transcription of ISO 843:1997. All keys are capital letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LATIN: Final = {
    "Ä": "AE", "Å": "AA", "Æ": "AE", "Đ": "D", "Ð": "D", "Ħ": "H", "Ĳ": "IJ", "Ŀ": "L", "Ł": "L", "Ŋ": "N", "Ö": "OE",
    "Ø": "OE", "Œ": "OE", "ẞ": "SS", "Ŧ": "T", "Þ": "TH", "Ü": "UE",
    # Not in table A, although letters of names: Azerbaijani Ə, and West African letters by the letter they hook.
    "Ə": "E", "Ɓ": "B", "Ɗ": "D", "Ɖ": "D", "Ɛ": "E", "Ɣ": "G", "Ƙ": "K", "Ɔ": "O", "Ƴ": "Y", "Ɲ": "N",
}  # fmt: skip

CYRILLIC: Final = {
    "А": "A", "Б": "B", "В": "V", "Г": "G", "Д": "D", "Е": "E", "Ж": "ZH", "З": "Z", "И": "I", "Й": "I", "К": "K",
    "Л": "L", "М": "M", "Н": "N", "О": "O", "П": "P", "Р": "R", "С": "S", "Т": "T", "У": "U", "Ф": "F", "Х": "KH",
    "Ц": "TS", "Ч": "CH", "Ш": "SH", "Щ": "SHCH", "Ъ": "IE", "Ы": "Y", "Ь": "", "Э": "E", "Ю": "IU", "Я": "IA",
    "Ё": "E", "Ђ": "D", "Ѓ": "G", "Є": "IE", "Ѕ": "DZ", "І": "I", "Ї": "I", "Ј": "J", "Љ": "LJ", "Њ": "NJ", "Ћ": "C",
    "Ќ": "K", "Ў": "U", "Џ": "DZ", "Ѫ": "U", "Ѵ": "Y", "Ґ": "G", "Ғ": "G", "Һ": "C",
}  # fmt: skip

BY_LANGUAGE: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "be": {"Г": "H", "Ё": "IO"},
        "bg": {"Щ": "SHT"},
        "mk": {"Ѓ": "GJ", "Ќ": "KJ", "Х": "H", "Ц": "C", "Џ": "DJ"},
        # Table B gives Serbian Г as H; Serbian passports have G, and a certificate has to match the passport.
        "sr": {"Ж": "Z", "Х": "H", "Ц": "C", "Ч": "C", "Ш": "S"},
        "uk": {"Г": "H", "И": "Y"},
    }
)
"""What table B gives otherwise for one language, by ISO 639-1 code."""

AT_START: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {"uk": {"Є": "YE", "Ї": "YI", "Й": "Y", "Ю": "YU", "Я": "YA"}}
)
"""The same, for the first letter of a part of the name."""

ARABIC: Final = {
    chr(code): latin
    for code, latin in {
        0x0621: "XE", 0x0622: "XAA", 0x0623: "XAE", 0x0624: "U", 0x0625: "I", 0x0626: "XI", 0x0627: "A", 0x0628: "B",
        0x0629: "XTA", 0x062A: "T", 0x062B: "XTH", 0x062C: "J", 0x062D: "XH", 0x062E: "XKH", 0x062F: "D",
        0x0630: "XDH", 0x0631: "R", 0x0632: "Z", 0x0633: "S", 0x0634: "XSH", 0x0635: "XSS", 0x0636: "XDZ",
        0x0637: "XTT", 0x0638: "XZZ", 0x0639: "E", 0x063A: "G", 0x0640: "", 0x0641: "F", 0x0642: "Q", 0x0643: "K",
        0x0644: "L", 0x0645: "M", 0x0646: "N", 0x0647: "H", 0x0648: "W", 0x0649: "XAY", 0x064A: "Y", 0x0671: "XXA",
        0x0679: "XXT", 0x067C: "XRT", 0x067E: "P", 0x0681: "XKE", 0x0685: "XXH", 0x0686: "XC", 0x0688: "XXD",
        0x0689: "XDR", 0x0691: "XXR", 0x0693: "XRR", 0x0696: "XRX", 0x0698: "XJ", 0x069A: "XXS", 0x06A9: "XKK",
        0x06AB: "XXK", 0x06AD: "XNG", 0x06AF: "XGG", 0x06BA: "XNN", 0x06BC: "XXN", 0x06BE: "XDO", 0x06C0: "XYH",
        0x06C1: "XXG", 0x06C2: "XGE", 0x06C3: "XTG", 0x06CC: "XYA", 0x06CD: "XXY", 0x06D0: "Y", 0x06D2: "XYB",
        0x06D3: "XBE",
    }.items()
}  # fmt: skip

TEH_MARBUTA: Final = "\u0629"
TEH_MARBUTA_AT_END: Final = "XAH"
SHADDA: Final = "\u0651"
"""Doubles the letter it stands on."""

GREEK: Final = {
    "Α": "A", "Β": "V", "Γ": "G", "Δ": "D", "Ε": "E", "Ζ": "Z", "Η": "I", "Θ": "TH", "Ι": "I", "Κ": "K", "Λ": "L",
    "Μ": "M", "Ν": "N", "Ξ": "X", "Ο": "O", "Π": "P", "Ρ": "R", "Σ": "S", "Τ": "T", "Υ": "Y", "Φ": "F", "Χ": "CH",
    "Ψ": "PS", "Ω": "O",
}  # fmt: skip

_ACCENTS = "[\u0300-\u0307\u0309-\u036f]*"  # every combining mark but the diaeresis, which keeps two vowels apart
_VOICED = "ΑΒΓΔΕΖΗΙΛΜΝΟΡΥΩ"

GREEK_SEQUENCES: Final = (
    ("ΟΥ(?!\u0308)", "OU"),
    (f"(?<=[ΑΕΗ])Υ(?!\u0308){_ACCENTS}(?=[{_VOICED}])", "V"),
    ("(?<=[ΑΕΗ])Υ(?!\u0308)", "F"),
    ("Γ(?=[ΓΞΧ])", "N"),
    (r"\bΜΠ|ΜΠ\b", "B"),
)
"""Letters that sound otherwise together, as regular expressions over decomposed capitals, applied in this order."""

LETTERS: Final[Mapping[str, str]] = MappingProxyType(LATIN | CYRILLIC | ARABIC | GREEK)
