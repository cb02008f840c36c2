"""The page on architecture names every room and folder, and no file that is not there."""

from __future__ import annotations

import re

from tests.docs.pages import file_names
from tests.reasons_given import ROOT
from tests.test_architecture import FLOORS, MODULES

PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
FOLDER = re.compile(r"`([\w/]+/)`")


def section(heading: str) -> list[str]:
    """The lines of one section of the page."""
    return PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0].splitlines()


def test_every_folder_of_the_rooms_is_named_and_no_file_that_is_not_there() -> None:
    named: set[str] = set()
    folders: set[str] = set()
    folder = ""
    for line in section("Files"):
        if start := FOLDER.match(line):
            folder = start[1]
        named |= {folder + name for name in file_names(line) if name.endswith(".py")}
        folders |= {f"{name.rpartition('/')[0]}/" for name in named} | {folder}
    files = {path.relative_to(ROOT).as_posix() for path in MODULES}
    assert named <= files
    assert folders - {""} >= {f"{file.rpartition('/')[0]}/" for file in files}


def test_every_room_stands_on_its_floor() -> None:
    table = "\n".join(section("Floors and rooms"))
    told = {room: int(floor) for floor, room in re.findall(r"^\| (\d) \| `(\w+)/`", table, re.MULTILINE)}
    assert told == {room: FLOORS[room] for room in {path.relative_to(ROOT).parts[0] for path in MODULES}}
