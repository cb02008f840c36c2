"""The commands in the pages end as the pages say, and print what the pages show."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.commands import Step, is_export, is_ours, matches, run, steps
from tests.docs.pages import PAGES, blocks, name_of
from tests.reasons_given import ROOT

WITH_COMMANDS = [page for page in PAGES if blocks(page, "console")]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=name_of)
def test_the_commands_of_a_page_do_what_it_says(page: Path, reader: Path) -> None:
    before: list[str] = []
    for step in steps(blocks(page, "console")):
        if is_export(step.command):
            before.append(step.command)
        if not is_ours(step.command):
            continue
        ran = run("\n".join((*before, step.command)), reader)
        shown = f"$ {step.command}\n{ran.output}"
        assert ran.status == step.status, shown
        assert not step.output or matches(step.output, ran.output), shown


def test_the_readme_shows_every_command() -> None:
    typed = " ".join(step.command for step in steps(blocks(ROOT / "README.md", "console")))
    for command in ("demo", "issue", "verify", "inspect", "qr", "trust", "keys"):
        assert f"pratique {command}" in typed


BLOCK = """$ pratique verify a.png   # exit 1
NOT VALID  until 2030-01-01
…
end … kid 0011223344556677
$ pratique issue r.json \\
    --dsc d.pem
$ make test
"""


def test_a_block_is_read_as_it_is_meant() -> None:
    first, second, third = steps([BLOCK])
    assert first == Step("pratique verify a.png", 1, ("NOT VALID  until 2030-01-01", "…", "end … kid 0011223344556677"))
    assert second == Step("pratique issue r.json \\\n    --dsc d.pem", 0, ())
    assert [is_ours(step.command) for step in (first, second, third)] == [True, True, False]
    assert is_ours("PRATIQUE_PASSPHRASE='a b' pratique keys show x.pem")
    assert is_ours("cat codes.txt | pratique verify -")
    assert not is_ours("git clone https://example.org/pratique pratique")


@pytest.mark.parametrize(
    ("output", "same"),
    [
        ("NOT VALID  until 2031-12-31\nend of it, kid ffeeddccbbaa9988\n", True),
        ("NOT VALID  until 2031-12-31  \nmore\nand more\nend kid ffeeddccbbaa9988\n", False),
        ("NOT VALID  until 2031-12-31\nmore\nand more\nend of kid ffeeddccbbaa9988\n", True),
        ("NOT VALID  until 2031\nend of it, kid ffeeddccbbaa9988\n", False),
        ("VALID  until 2031-12-31\nend of it, kid ffeeddccbbaa9988\n", False),
        ("NOT VALID  until 2031-12-31\n", False),
        ("NOT VALID  until 2031-12-31\nend of it, kid ffeeddccbbaa9988\nTraceback\n", False),
    ],
)
def test_an_output_matches_but_for_what_differs_from_run_to_run(output: str, same: bool) -> None:
    (first, *_) = steps([BLOCK])
    assert matches(first.output, output) is same
