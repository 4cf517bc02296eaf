"""The folder as a storage: files whole, private, found by key and nowhere else."""

import stat
from pathlib import Path

import pytest

from core.errors import NotFound
from core.storage import CHUNK, Folder

KEY = "ab/abcdef"


def put(folder: Path, key: str, content: bytes) -> Folder:
    folder.parent.mkdir(exist_ok=True)
    incoming = folder.parent / "incoming"
    incoming.write_bytes(content)
    storage = Folder(folder)
    storage.save(incoming, key)
    return storage


def test_what_is_saved_is_opened(tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000
    opened = put(tmp_path / "media", KEY, content).open(KEY)
    chunks = list(opened.chunks)
    assert (opened.size, b"".join(chunks)) == (len(content), content)
    assert max(map(len, chunks)) == CHUNK


def test_only_we_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "media"
    put(folder, KEY, b"isi")
    assert stat.S_IMODE((folder / KEY).stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "ab").stat().st_mode) == 0o700
    assert not (folder.parent / "incoming").exists()


def test_the_same_content_is_one_file(tmp_path: Path) -> None:
    folder = tmp_path / "media"
    put(folder, KEY, b"isi")
    storage = put(folder, KEY, b"isi")
    assert b"".join(storage.open(KEY).chunks) == b"isi"
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


def test_what_is_deleted_is_gone(tmp_path: Path) -> None:
    storage = put(tmp_path / "media", KEY, b"isi")
    storage.delete(KEY)
    storage.delete(KEY)
    with pytest.raises(NotFound):
        storage.open(KEY)


@pytest.mark.parametrize("key", ["", ".", "ab", "ab/none", "../secret", "ab/../../secret", "link"])
def test_no_key_leads_elsewhere(tmp_path: Path, key: str) -> None:
    storage = put(tmp_path / "media", KEY, b"isi")
    secret = tmp_path / "secret"
    secret.write_bytes(b"not yours")
    (tmp_path / "media" / "link").symlink_to(secret)
    for wrong in (key, str(secret)):
        with pytest.raises(NotFound):
            storage.open(wrong)
        storage.delete(wrong)
    assert secret.read_bytes() == b"not yours"


def test_a_folder_that_cannot_be_written_is_our_trouble(tmp_path: Path) -> None:
    (tmp_path / "media").write_bytes(b"a file stands where the folder should be")
    with pytest.raises(OSError, match=r"."):
        put(tmp_path / "media", KEY, b"isi")
