"""Files are written whole or not at all."""

from __future__ import annotations

import io
import os
import stat
from typing import TYPE_CHECKING

import pytest

from cnaps._files import replacing, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSIX = pytest.mark.skipif(os.name != "posix", reason="permissions and masks of POSIX")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def mask() -> Iterator[int]:
    """Let the user's mask be an unusual one."""
    before = os.umask(0o027)
    yield 0o027
    os.umask(before)


class TestWriting:
    @pytest.mark.parametrize("data", [b"", b"\x00\xff\r\n\x1a", b"rain " * 1_000_000])
    def test_the_file_holds_exactly_the_data(self, tmp_path: Path, data: bytes) -> None:
        path = tmp_path / "file"
        write_atomically(path, data)
        assert path.read_bytes() == data
        assert names(tmp_path) == ["file"]

    def test_a_path_can_be_text(self, tmp_path: Path) -> None:
        write_atomically(str(tmp_path / "file"), b"new")
        assert (tmp_path / "file").read_bytes() == b"new"

    def test_a_longer_file_leaves_nothing_behind(self, tmp_path: Path) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"old " * 1_000)
        write_atomically(path, b"new")
        assert path.read_bytes() == b"new"

    @POSIX
    @pytest.mark.usefixtures("mask")
    @pytest.mark.parametrize("permissions", [0o640, 0o755, 0o600, 0o444, 0o666])
    def test_an_existing_file_keeps_its_permissions(self, tmp_path: Path, permissions: int) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"old")
        path.chmod(permissions)
        write_atomically(path, b"new")
        assert path.read_bytes() == b"new"
        assert mode(path) == permissions

    @POSIX
    def test_a_new_file_has_those_that_the_mask_leaves(self, tmp_path: Path, mask: int) -> None:
        path = tmp_path / "file"
        write_atomically(path, b"new")
        assert mode(path) == 0o640
        assert os.umask(mask) == mask  # which is as it was

    def test_a_link_is_followed_and_stays(self, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        target = tmp_path / "elsewhere" / "target"
        target.write_bytes(b"old")
        link = tmp_path / "link"
        link.symlink_to(target)
        write_atomically(link, b"new")
        assert link.readlink() == target
        assert target.read_bytes() == b"new"
        assert names(target.parent) == ["target"]

    def test_a_link_to_nothing_gets_its_target(self, tmp_path: Path) -> None:
        link = tmp_path / "link"
        link.symlink_to("target")
        write_atomically(link, b"new")
        assert link.is_symlink()
        assert (tmp_path / "target").read_bytes() == b"new"


class TestAtomicity:
    def test_the_name_changes_hands_when_all_data_is_on_the_disk(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"old")
        real_sync, real_replace = os.fsync, os.replace
        events = []

        def fsync(handle: int) -> None:
            events.append(f"{os.fstat(handle).st_size} bytes on the disk")
            real_sync(handle)

        def replace(source: Path, target: Path) -> None:
            assert source.parent == target.parent  # on another disk it would be a copy
            assert path.read_bytes() == b"old"
            assert source.read_bytes() == b"brand new"
            events.append("renamed")
            real_replace(source, target)

        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(os, "replace", replace)
        write_atomically(path, b"brand new")
        assert events == ["9 bytes on the disk", "renamed"]
        assert path.read_bytes() == b"brand new"

    @pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
    @pytest.mark.parametrize("failure", [OSError(28, "No space left"), KeyboardInterrupt()])
    def test_a_failure_leaves_everything_as_it_was(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        step: str,
        failure: BaseException,
    ) -> None:
        def fail(*args: object, **options: object) -> None:
            raise failure

        path = tmp_path / "file"
        path.write_bytes(b"old")
        monkeypatch.setattr(os, step, fail)
        with pytest.raises(type(failure)) as caught:
            write_atomically(path, b"new")
        assert failure in (caught.value, caught.value.__cause__)
        assert path.read_bytes() == b"old"
        assert names(tmp_path) == ["file"]

    def test_a_new_file_that_fails_does_not_appear(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*args: object) -> None:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(os, "replace", fail)
        with pytest.raises(OSError, match="Input/output error"):
            write_atomically(tmp_path / "file", b"new")
        assert names(tmp_path) == []


def interrupted(path: Path, written: bytes, failure: BaseException) -> None:
    """Write a piece of a file, and then fail."""
    with replacing(path) as write:
        write(written)
        raise failure


class TestPieces:
    """`replacing` writes piece by piece what `write_atomically` writes at once."""

    def test_the_file_holds_all_of_them_in_the_end(self, tmp_path: Path) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"old")
        with replacing(path) as write:
            for piece in (b"brand ", b"", b"new" * 100_000):
                write(piece)
                assert path.read_bytes() == b"old"
        assert path.read_bytes() == b"brand " + b"new" * 100_000
        assert names(tmp_path) == ["file"]

    def test_no_piece_is_an_empty_file(self, tmp_path: Path) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"old")
        with replacing(path):
            pass
        assert path.read_bytes() == b""

    @pytest.mark.parametrize("written", [b"", b"new", b"new" * 100_000])
    @pytest.mark.parametrize(
        "failure",
        [
            ValueError("mine"),
            OSError(2, "mine", "elsewhere"),
            OSError("without a number"),
            KeyboardInterrupt(),
        ],
        ids=repr,
    )
    def test_an_error_of_the_caller_in_between_is_the_callers(
        self, tmp_path: Path, failure: BaseException, written: bytes
    ) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"old")
        with pytest.raises(type(failure)) as caught:
            interrupted(path, written, failure)
        assert caught.value is failure
        assert caught.value.__cause__ is None
        assert path.read_bytes() == b"old"
        assert names(tmp_path) == ["file"]

    def test_a_new_file_does_not_appear(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="mine"):
            interrupted(tmp_path / "file", b"new", ValueError("mine"))
        assert names(tmp_path) == []

    def test_a_full_disk_is_an_error_about_the_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Full(io.BytesIO):
            def write(self, _data: object) -> int:
                raise OSError(28, "No space left on device")

        def fdopen(handle: int, mode: str) -> Full:
            os.close(handle)
            return Full()

        path = tmp_path / "file"
        path.write_bytes(b"old")
        monkeypatch.setattr(os, "fdopen", fdopen)
        with pytest.raises(OSError, match="No space left") as caught, replacing(path) as write:
            write(b"new")
        assert caught.value.filename == str(path)
        assert path.read_bytes() == b"old"
        assert names(tmp_path) == ["file"]


class TestPlacesThatCannotBeWritten:
    def test_a_folder_that_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            write_atomically(tmp_path / "missing" / "file", b"new")
        assert names(tmp_path) == []

    def test_a_folder_in_place_of_the_file(self, tmp_path: Path) -> None:
        folder = tmp_path / "folder"
        folder.mkdir()
        with pytest.raises(OSError, match=r"folder"):
            write_atomically(folder, b"new")
        assert names(tmp_path) == ["folder"]
        assert names(folder) == []

    def test_a_file_in_place_of_the_folder(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"old")
        with pytest.raises(OSError, match="file"):
            write_atomically(tmp_path / "file" / "inside", b"new")
        assert (tmp_path / "file").read_bytes() == b"old"

    @POSIX
    def test_a_folder_that_is_read_only(self, tmp_path: Path) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"old")
        tmp_path.chmod(0o500)
        try:
            if os.access(tmp_path, os.W_OK):
                pytest.skip("this user may write anywhere")
            with pytest.raises(PermissionError):
                write_atomically(path, b"new")
        finally:
            tmp_path.chmod(0o700)
        assert path.read_bytes() == b"old"
        assert names(tmp_path) == ["file"]

    def test_a_link_to_itself(self, tmp_path: Path) -> None:
        path = tmp_path / "loop"
        path.symlink_to(path)
        with pytest.raises(OSError, match="loop"):
            write_atomically(path, b"new")
        assert path.is_symlink()

    @pytest.mark.parametrize("name", ["missing/file", "folder"])
    def test_the_error_names_the_file_and_no_other(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "folder").mkdir()
        path = tmp_path / name
        with pytest.raises(OSError, match=r"^\[") as caught:
            write_atomically(path, b"new")
        assert caught.value.filename == str(path)
        assert str(caught.value).endswith(f": {str(path)!r}")
