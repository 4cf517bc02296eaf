"""S3 as a storage for citizens' files."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, Self

from pydantic import AnyHttpUrl, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import NotFound, StorageAway
from core.storage import CHUNK, Opened

_ABSENT = frozenset({"NoSuchKey", "404"})


class S3Settings(BaseSettings):
    """A bucket for citizens' files, in place of a local folder."""

    model_config = SettingsConfigDict(
        env_prefix="KANAL_S3_",
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
        frozen=True,
    )

    bucket: str = Field(
        default="",
        description="Bucket for citizens' photos and files, which must not be public. Empty: they "
        "lie in KANAL_MEDIA_DIR, which with a bucket only holds what is being fetched.",
    )
    endpoint: AnyHttpUrl | None = Field(
        default=None,
        description="Where the S3 service is, as https://s3.example.go.id; empty for Amazon's own.",
    )
    region: str = Field(default="ap-southeast-3", description="Region of the bucket.")
    access_key: SecretStr = Field(
        default=SecretStr(""),
        description="Access key; empty to let the machine's role or profile speak for itself.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""), description="Secret key of the access key."
    )
    prefix: str = Field(
        default="",
        description="What all names in the bucket begin with, such as kanal/, for a shared bucket.",
    )
    connect_timeout: float = Field(
        default=5, gt=0, description="Seconds to wait for a connection to the S3 service."
    )
    read_timeout: float = Field(
        default=30, gt=0, description="Seconds to wait for the S3 service's next bytes."
    )
    attempts: int = Field(
        default=3, ge=1, description="How often one call to the S3 service is tried at once."
    )

    @model_validator(mode="after")
    def _keys_go_together(self) -> Self:
        if bool(self.access_key.get_secret_value()) != bool(self.secret_key.get_secret_value()):
            raise ValueError("KANAL_S3_ACCESS_KEY and KANAL_S3_SECRET_KEY go together")
        return self

    @property
    def secrets(self) -> list[str]:
        """Every value that must never show."""
        keys = (self.access_key.get_secret_value(), self.secret_key.get_secret_value())
        return [key for key in keys if key]


class _Body(Protocol):
    def iter_chunks(self, chunk_size: int) -> Iterator[bytes]: ...

    def close(self) -> None: ...


class _Client(Protocol):
    """What we need of boto3's client, which has no types."""

    def put_object(self, **fields: object) -> object: ...

    def get_object(self, **fields: object) -> Mapping[str, Any]: ...

    def delete_object(self, **fields: object) -> object: ...


class S3:
    """Files as objects of one bucket, private as the bucket is."""

    def __init__(self, settings: S3Settings) -> None:
        self._bucket, self._prefix = settings.bucket, settings.prefix
        self._client = _client(settings)

    def save(self, file: Path, key: str) -> None:
        """Put the object; the service compares its SHA-256 before it says that it has it."""
        with file.open("rb") as body:
            digest = hashlib.file_digest(body, "sha256").digest()
            body.seek(0)
            with _away():
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=self._prefix + key,
                    Body=body,
                    ChecksumSHA256=base64.b64encode(digest).decode(),
                )

    def open(self, key: str) -> Opened:
        """Return the object; raises NotFound or StorageAway."""
        with _away():
            found = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
        return Opened(found["ContentLength"], _chunks(found["Body"]))

    def delete(self, key: str) -> None:
        """Delete the object; one that is not there is no error."""
        with _away():
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + key)


def _client(settings: S3Settings) -> _Client:
    """Return boto3's client, with time limits and the service's own repetition."""
    # Only where a bucket is set, for it takes half a second and 30 MB.
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    client: _Client = boto3.session.Session().client(
        "s3",
        region_name=settings.region,
        endpoint_url=str(settings.endpoint).rstrip("/") if settings.endpoint else None,
        aws_access_key_id=settings.access_key.get_secret_value() or None,
        aws_secret_access_key=settings.secret_key.get_secret_value() or None,
        config=Config(
            connect_timeout=settings.connect_timeout,
            read_timeout=settings.read_timeout,
            retries={"total_max_attempts": settings.attempts, "mode": "standard"},
            s3={"addressing_style": "path" if settings.endpoint else "auto"},
            # Ours is sent with every object; others know no checksum at an object's end.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
    return client


@contextmanager
def _away() -> Iterator[None]:
    """Raise NotFound or StorageAway for what boto3 raises, without its words."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # loaded by now

    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _ABSENT:
            raise NotFound("no such file") from None
        raise StorageAway(code) from None
    except BotoCoreError as error:
        raise StorageAway(type(error).__name__) from None


def _chunks(body: _Body) -> Iterator[bytes]:
    try:
        with _away():
            yield from body.iter_chunks(CHUNK)
    finally:
        body.close()
