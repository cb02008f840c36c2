"""What the codes of an EU DCC stand for, in English: the EU value sets, as published with release 1.3.3 of the schema.

Source: eHealth Network, value sets for EU digital COVID certificates (version 1.14, 2023-01-25),
https://github.com/ehn-dcc-development/eu-dcc-valuesets; the date of each set stands below it. They grew while the
pandemic lasted: a code that is not here is not wrong, and is shown as it is. Withdrawn codes stay, for old
certificates.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

DISEASES: Final = {"840539006": "COVID-19"}
"""SNOMED CT; 2021-04-27."""

VACCINE_TYPES: Final = {
    "1119349007": "SARS-CoV-2 mRNA vaccine",
    "1119305005": "SARS-CoV-2 antigen vaccine",
    "1157024006": "Inactivated whole SARS-CoV-2 antigen vaccine",
    "1162643001": "SARS-CoV-2 recombinant spike protein antigen vaccine",
    "1187593009": "SARS-CoV-2 DNA plasmid encoding spike protein vaccine",
    "28531000087107": "COVID-19 vaccine",
    "29061000087103": "COVID-19 non-replicating viral vector vaccine",
    "30141000087107": "SARS-CoV-2 virus-like particle antigen vaccine",
    "J07BX03": "COVID-19 vaccine",
}
"""SNOMED CT, and the ATC code of before; 2023-01-25."""

PRODUCTS: Final = {
    "EU/1/20/1507": "Spikevax",
    "EU/1/20/1525": "Jcovden",
    "EU/1/20/1528": "Comirnaty",
    "EU/1/21/1529": "Vaxzevria",
    "EU/1/21/1580": "VidPrevtyn Beta",
    "EU/1/21/1618": "Nuvaxovid",
    "EU/1/21/1624": "COVID-19 Vaccine Valneva",
    "EU/1/22/1709": "Bimervax",
    "AZD2816": "AZD2816",
    "Abdala": "Abdala",
    "BBIBP-CorV": "BBIBP-CorV",
    "CVnCoV": "CVnCoV",
    "Convidecia": "Convidecia",
    "CoronaVac": "CoronaVac",
    "Covaxin": "Covaxin",
    "CoviVac": "CoviVac",
    "Covid-19-adsorvida-inativada": "Vacina adsorvida covid-19 (inativada)",
    "Covid-19-recombinant": "Covid-19 (recombinant)",
    "Covifenz": "Covifenz",
    "Covishield": "Covishield",
    "Covovax": "Covovax",
    "EpiVacCorona": "EpiVacCorona",
    "EpiVacCorona-N": "EpiVacCorona-N",
    "Hayat-Vax": "Hayat-Vax",
    "Inactivated-SARS-CoV-2-Vero-Cell": "Inactivated SARS-CoV-2 (Vero Cell)",
    "MVC-COV1901": "MVC COVID-19 vaccine",
    "NVSI-06-08": "NVSI-06-08",
    "NVX-CoV2373": "NVX-CoV2373",
    "R-COVI": "R-COVI",
    "SCTV01C": "SCTV01C",
    "Soberana-02": "Soberana 02",
    "Soberana-Plus": "Soberana Plus",
    "Sputnik-Light": "Sputnik Light",
    "Sputnik-M": "Sputnik M",
    "Sputnik-V": "Sputnik V",
    "VLA2001": "VLA2001",
    "Vidprevtyn": "Vidprevtyn",
    "WIBP-CorV": "WIBP-CorV",
    "YS-SC2-010": "YS-SC2-010",
}
"""Numbers of the Union register of medicinal products, and names; 2022-11-30."""

MANUFACTURERS: Final = {
    "ORG-100000788": "Sanofi Pasteur",
    "ORG-100001417": "Janssen-Cilag International",
    "ORG-100001699": "AstraZeneca AB",
    "ORG-100001981": "Serum Institute of India",
    "ORG-100006270": "CureVac AG",
    "ORG-100007893": "R-Pharm CJSC",
    "ORG-100008549": "Medicago",
    "ORG-100010771": "Sinopharm Weiqida Europe Pharmaceutical, Prague",
    "ORG-100013793": "CanSino Biologics",
    "ORG-100020693": "China Sinopharm International, Beijing",
    "ORG-100023050": "Gulf Pharmaceutical Industries",
    "ORG-100024420": "Sinopharm Zhijun Pharmaceutical, Shenzhen",
    "ORG-100026614": "Sinocelltech",
    "ORG-100030215": "BioNTech Manufacturing GmbH",
    "ORG-100031184": "Moderna Biotech Spain",
    "ORG-100032020": "Novavax CZ",
    "ORG-100033914": "Medigen Vaccine Biologics",
    "ORG-100036422": "Valneva France",
    "ORG-100036914": "Hipra Human Health",
    "Bharat-Biotech": "Bharat Biotech",
    "CIGB": "Center for Genetic Engineering and Biotechnology",
    "Chumakov-Federal-Scientific-Center": "Chumakov Federal Scientific Center",
    "Finlay-Institute": "Finlay Institute of Vaccines",
    "Fiocruz": "Fiocruz",
    "Gamaleya-Research-Institute": "Gamaleya Research Institute",
    "Instituto-Butantan": "Instituto Butantan",
    "NVSI": "National Vaccine and Serum Institute, China",
    "Sinopharm-WIBP": "Sinopharm, Wuhan Institute of Biological Products",
    "Sinovac-Biotech": "Sinovac Biotech",
    "Vector-Institute": "Vector Institute",
    "Yisheng-Biopharma": "Yisheng Biopharma",
}
"""Organisations of EMA SPOR, and names; 2022-01-26."""

TEST_TYPES: Final = {
    "LP6464-4": "Nucleic acid amplification with probe detection",
    "LP217198-3": "Rapid immunoassay",
}
"""LOINC; 2021-04-27."""

TEST_RESULTS: Final = {"260415000": "Not detected", "260373001": "Detected"}
"""SNOMED CT; 2021-04-27."""

_BY_FIELD: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "v.tg": DISEASES,
        "t.tg": DISEASES,
        "r.tg": DISEASES,
        "v.vp": VACCINE_TYPES,
        "v.mp": PRODUCTS,
        "v.ma": MANUFACTURERS,
        "t.tt": TEST_TYPES,
        "t.tr": TEST_RESULTS,
    }
)
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def display(field: str, code: str) -> str:
    """What `code` stands for in a field such as `v.mp`; the code itself when it is not known."""
    return _BY_FIELD.get(field, _NONE).get(code, code)
