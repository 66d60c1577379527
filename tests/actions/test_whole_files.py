"""A file that is written whole: the old content or the new one, whatever happens."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.storage import secret_key
from app.storage.whole_files import write_new, write_whole

SIZE = 2_000_000
WRITER = f"""
import sys
from pathlib import Path
from app.storage.whole_files import write_whole
while True:
    for letter in "ab":
        write_whole(Path(sys.argv[1]), letter * {SIZE})
        print(letter, flush=True)
"""


@pytest.fixture
def little_room():
    """A process that may write no more than a few bytes to a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


class TestWriteWhole:
    def test_makes_and_replaces_and_leaves_nothing_else(self, tmp_path: Path):
        place = tmp_path / "kept"

        write_whole(place, "甲\n")
        write_whole(place, b"\xff")

        assert place.read_bytes() == b"\xff"
        assert list(tmp_path.iterdir()) == [place]

    @pytest.mark.parametrize("mode", [0o600, 0o644])
    def test_is_for_whom_its_mode_says_also_where_it_was_for_others(self, tmp_path: Path, mode):
        place = tmp_path / "kept"
        place.touch(0o666)

        write_whole(place, "a", mode)

        umask = os.umask(0)
        os.umask(umask)
        assert place.stat().st_mode & 0o777 == mode & ~umask

    def test_keeps_the_old_where_the_disk_is_full(self, tmp_path: Path, little_room: None):
        place = tmp_path / "kept"
        write_whole(place, "old")

        with pytest.raises(OSError, match="File too large"):
            write_whole(place, "n" * 1000)

        assert place.read_text() == "old"
        assert list(tmp_path.iterdir()) == [place]

    def test_says_so_where_nothing_can_be_written(self, tmp_path: Path):
        with pytest.raises(FileNotFoundError):
            write_whole(tmp_path / "no" / "kept", "a")
        (tmp_path / "folder").mkdir()
        with pytest.raises(IsADirectoryError):
            write_whole(tmp_path / "folder", "a")
        assert [place.name for place in tmp_path.iterdir()] == ["folder"]

    def test_is_never_torn_by_a_kill(self, tmp_path: Path):
        place = tmp_path / "kept"
        for pause in (0.0, 0.002, 0.005):
            command = [sys.executable, "-c", WRITER, str(place)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
                assert writer.stdout is not None
                writer.stdout.readline()
                time.sleep(pause)
                writer.send_signal(signal.SIGKILL)

            content = place.read_text()
            assert content in {"a" * SIZE, "b" * SIZE}


class TestWriteNew:
    def test_never_replaces_and_leaves_nothing_else(self, tmp_path: Path):
        place = tmp_path / "new" / "kept"

        write_new(place, b"first")
        write_new(place, b"second")

        assert place.read_bytes() == b"first"
        assert place.stat().st_mode & 0o777 == 0o600
        assert list(place.parent.iterdir()) == [place]

    def test_makes_no_half_key_where_the_disk_is_full(self, tmp_path: Path):
        place = tmp_path / "secret.key"
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
        try:
            with pytest.raises(OSError, match="File too large"):
                secret_key.load_or_create(place)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

        assert list(tmp_path.iterdir()) == []
        assert len(secret_key.load_or_create(place)) == secret_key.KEY_BYTES
