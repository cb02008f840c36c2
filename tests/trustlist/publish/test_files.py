"""A published folder is whole at every moment: to readers, after a failure, and after a kill."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reasons_given import ROOT
from tests.trustlist.publish.publisher import FILES, tree
from trustlist.errors import ListReason, TrustListError
from trustlist.publish import files
from trustlist.publish.files import CURRENT, VERSIONS, Publication, publish_files, publishing, read_published

KILLS = 8


def reason_of(call: object, *arguments: object) -> ListReason:
    assert callable(call)
    with pytest.raises(TrustListError) as caught:
        call(*arguments)
    return caught.value.reason


def test_what_is_published_is_served(tmp_path: Path) -> None:
    folder = tmp_path / "web"
    result = publish_files(folder, tree(1))
    assert (result.written, result.kept, result.removed) == (FILES + 1, 0, 0)
    assert (folder / CURRENT / "v2" / "3" / "7" / "did.json").read_bytes() == b"1"
    assert read_published(folder) == tree(1)


def test_nothing_published_is_an_empty_tree(tmp_path: Path) -> None:
    assert read_published(tmp_path / "web") == {}


def test_a_new_tree_replaces_the_old_one_whole(tmp_path: Path) -> None:
    publish_files(tmp_path, {"a": b"1", "b": b"2", "c/d": b"3"})
    result = publish_files(tmp_path, {"a": b"1", "b": b"two"})
    assert read_published(tmp_path) == {"a": b"1", "b": b"two"}
    assert (result.written, result.kept, result.removed) == (1, 1, 1)


def test_a_file_whose_bytes_did_not_change_stays_the_same_file(tmp_path: Path) -> None:
    publish_files(tmp_path, tree(1))
    before = (tmp_path / CURRENT / "same").stat()
    publish_files(tmp_path, tree(2))
    after = (tmp_path / CURRENT / "same").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert read_published(tmp_path) == tree(2)


def test_files_of_equal_bytes_take_room_once(tmp_path: Path) -> None:
    publish_files(tmp_path, {"a": b"x", "b/c": b"x"})
    assert (tmp_path / CURRENT / "a").samefile(tmp_path / CURRENT / "b" / "c")


def test_the_same_tree_again_changes_nothing(tmp_path: Path) -> None:
    first = publish_files(tmp_path, tree(1))
    link = (tmp_path / CURRENT).lstat().st_ino
    assert publish_files(tmp_path, tree(1)) == Publication(first.version, 0, FILES + 1, 0)
    assert (tmp_path / CURRENT).lstat().st_ino == link


def test_who_is_reading_the_version_before_can_finish(tmp_path: Path) -> None:
    publish_files(tmp_path, tree(1))
    reader = (tmp_path / CURRENT).resolve()
    publish_files(tmp_path, tree(2))
    assert {(reader / path).read_bytes() for path in tree(1) if path != "same"} == {b"1"}
    publish_files(tmp_path, tree(3))
    assert not reader.exists()
    assert len(list((tmp_path / VERSIONS).iterdir())) == 2


def test_a_version_may_come_back(tmp_path: Path) -> None:
    for number in (1, 2, 1, 2, 3, 1):
        publish_files(tmp_path, tree(number))
        assert read_published(tmp_path) == tree(number)


def test_a_folder_of_someone_elses_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    assert reason_of(publish_files, tmp_path, tree(1)) is ListReason.TREE_FOREIGN
    assert [each.name for each in tmp_path.iterdir()] == ["index.html"]


def test_a_folder_under_the_name_of_the_link_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / CURRENT).mkdir()
    assert reason_of(publish_files, tmp_path, tree(1)) is ListReason.TREE_FOREIGN


def test_where_nothing_can_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert reason_of(publish_files, tmp_path / "file", tree(1)) is ListReason.SOURCE_NOT_WRITABLE


def test_a_link_that_leads_nowhere_is_said(tmp_path: Path) -> None:
    (tmp_path / CURRENT).symlink_to("versions/gone")
    assert reason_of(read_published, tmp_path) is ListReason.SOURCE_UNREADABLE


def test_two_publishers_do_not_mix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "locked", lambda path: files_locked(path, seconds=0.0))
    from trustlist.file_lock import locked as files_locked

    with publishing(tmp_path):
        assert reason_of(publish_files, tmp_path, tree(1)) is ListReason.STORE_BUSY
    publish_files(tmp_path, tree(1))


@pytest.mark.parametrize("call", ["fsync", "symlink", "replace", "rename", "mkdir", "link"])
def test_a_failure_at_any_step_leaves_the_old_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    publish_files(tmp_path, tree(1))
    reasons: list[ListReason] = []
    for step in range(100):
        failing = Failing(step, getattr(os, call))
        with monkeypatch.context() as patch:
            patch.setattr(os, call, failing)
            try:
                publish_files(tmp_path, tree(2 + step))
            except TrustListError as error:
                reasons.append(error.reason)
        assert read_published(tmp_path) in (tree(1 + step), tree(2 + step))
        if failing.calls <= step:
            break
        publish_files(tmp_path, tree(2 + step))
    assert set(reasons) == {ListReason.SOURCE_NOT_WRITABLE}


class Failing:
    """A function of the system that works but for one call."""

    def __init__(self, fails_at: int, really: Callable[..., object]) -> None:
        self.calls = 0
        self._fails_at = fails_at
        self._really = really

    def __call__(self, *arguments: object, **options: object) -> object:
        self.calls += 1
        if self.calls == self._fails_at + 1:
            raise OSError(errno.ENOSPC, "no space")
        return self._really(*arguments, **options)


def test_a_killed_publisher_leaves_one_whole_tree(tmp_path: Path) -> None:
    folder = tmp_path / "web"
    last = -1
    for attempt in range(KILLS):
        command = [sys.executable, "-m", "tests.trustlist.publish.publisher", str(folder), str(1000 * attempt)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.003 * attempt)
            process.kill()
            process.stdout.read()
        found = read_published(folder)
        (number,) = {int(data) for path, data in found.items() if path != "same"}
        assert found == tree(number)
        last = max(last, number)
    assert last >= 1000
    publish_files(folder, tree(0))
    assert read_published(folder) == tree(0)
