"""Citizens' files in a bucket, against a real S3 server process."""

import base64
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from pydantic import ValidationError

from app import wiring
from app.launch.ports import free_port
from app.storage import S3, S3Settings
from core.errors import NotFound, StorageAway
from core.settings import CoreSettings
from core.storage import CHUNK, Folder
from tests.contract.stub import Answer, stub_api
from tests.waiting import eventually

KEY = "ab/abcdef"
SECRET = "rahasia-s3-yang-tidak-boleh-tampak"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of moto's server, with an empty bucket called kanal."""
    port = free_port()
    log = (tmp_path_factory.mktemp("moto") / "log").open("wb")
    command = [sys.executable, "-m", "moto.server", "-p", str(port)]
    with log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            endpoint = f"http://127.0.0.1:{port}"
            eventually("moto makes a bucket", lambda: make_bucket(endpoint), 60)
            yield endpoint
        finally:
            process.terminate()


def make_bucket(endpoint: str) -> bool:
    try:
        with urlopen(Request(f"{endpoint}/kanal", method="PUT"), timeout=20) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def bucket(endpoint: str, **more: object) -> S3:
    given = {
        "bucket": "kanal",
        "endpoint": endpoint,
        "access_key": "kunci",
        "secret_key": SECRET,
        "prefix": f"{uuid4()}/",
        "connect_timeout": 2,
        "read_timeout": 20,
        "attempts": 1,
    }
    return S3(S3Settings.model_validate(given | more))


@pytest.fixture
def s3(server: str) -> S3:
    return bucket(server)


def put(storage: S3, folder: Path, content: bytes, key: str = KEY) -> None:
    incoming = folder / "incoming"
    incoming.write_bytes(content)
    storage.save(incoming, key)


def test_what_is_saved_is_opened(s3: S3, tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000
    put(s3, tmp_path, content)
    put(s3, tmp_path, content)
    opened = s3.open(KEY)
    chunks = list(opened.chunks)
    assert (opened.size, b"".join(chunks)) == (len(content), content)
    assert max(map(len, chunks)) <= CHUNK


def test_what_is_deleted_is_gone(s3: S3, tmp_path: Path) -> None:
    put(s3, tmp_path, b"isi")
    s3.delete(KEY)
    s3.delete(KEY)
    with pytest.raises(NotFound):
        s3.open(KEY)


def test_a_prefix_keeps_files_apart(server: str, tmp_path: Path) -> None:
    one, other = bucket(server, prefix="satu/"), bucket(server, prefix="dua/")
    put(one, tmp_path, b"isi")
    with pytest.raises(NotFound):
        other.open(KEY)


def test_the_checksum_goes_along(tmp_path: Path) -> None:
    with stub_api() as stub:
        stub.answer("abcdef", Answer(200, b""))
        put(bucket(stub.origin, prefix="p/"), tmp_path, b"isi")
    [call] = stub.calls
    assert (call.method, call.path, call.body) == ("PUT", "/kanal/p/ab/abcdef", b"isi")
    digest = base64.b64encode(hashlib.sha256(b"isi").digest()).decode()
    assert call.headers["x-amz-checksum-sha256"] == digest
    assert SECRET not in repr(call)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(403, b"<Error><Code>InvalidAccessKeyId</Code></Error>"),
        Answer(404, b"<Error><Code>NoSuchBucket</Code></Error>"),
        Answer(503, b"<Error><Code>SlowDown</Code></Error>"),
        Answer(500, b"<html>"),
        Answer(hang_up=True),
        Answer(hang=True),
    ],
    ids=repr,
)
def test_what_fails_is_our_trouble_and_tells_nothing(tmp_path: Path, answer: Answer) -> None:
    with stub_api() as stub:
        stub.answer("abcdef", answer)
        storage = bucket(stub.origin, read_timeout=0.3)
        for act in (
            lambda: put(storage, tmp_path, b"isi"),
            lambda: storage.open(KEY),
            lambda: storage.delete(KEY),
        ):
            with pytest.raises(StorageAway) as caught:
                act()
            assert isinstance(caught.value, OSError)
            assert not [it for it in (SECRET, "127.0.0.1", KEY) if it in repr(caught.value)]


def test_a_file_that_is_cut_short_is_no_file(tmp_path: Path) -> None:
    with stub_api() as stub:
        stub.answer("abcdef", Answer(200, b"half", promised=900))
        opened = bucket(stub.origin).open(KEY)
        with pytest.raises(StorageAway):
            list(opened.chunks)


def test_nobody_there_is_our_trouble(tmp_path: Path) -> None:
    storage = bucket("http://127.0.0.1:9")
    with pytest.raises(StorageAway, match="EndpointConnectionError"):
        storage.open(KEY)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in S3Settings.model_fields:
        monkeypatch.delenv(f"KANAL_S3_{name.upper()}", raising=False)
    return monkeypatch


def test_the_settings_choose(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    core = CoreSettings(media_dir=tmp_path)
    assert isinstance(wiring.storage(core), Folder)
    environment.setenv("KANAL_S3_BUCKET", "kanal")
    environment.setenv("KANAL_S3_ACCESS_KEY", "kunci-akses")
    environment.setenv("KANAL_S3_SECRET_KEY", SECRET)
    assert isinstance(wiring.storage(core), S3)
    assert {"kunci-akses", SECRET} <= set(wiring.secrets({}))
    assert SECRET not in repr(S3Settings())


@pytest.mark.parametrize("name", ["KANAL_S3_ACCESS_KEY", "KANAL_S3_SECRET_KEY"])
def test_half_a_key_stops_the_start(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.setenv(name, SECRET)
    with pytest.raises(ValidationError, match="go together") as caught:
        S3Settings()
    assert SECRET not in str(caught.value)


def test_boto3_is_loaded_only_where_a_bucket_is_set() -> None:
    code = "import sys, app.asgi, app.wiring; sys.exit('boto3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
