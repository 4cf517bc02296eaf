"""Settings of the core: where the rows live, and the clocks of the road."""

from datetime import time, timedelta
from itertools import chain
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
    AnyHttpUrl,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.errors import ConfigurationError

MOST_PIXELS = 89_478_485  # beyond it Pillow itself refuses a picture


def _from_seconds(value: object) -> object:
    return timedelta(seconds=float(value)) if isinstance(value, str | int | float) else value


def _split_commas(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(filter(None, map(str.strip, value.split(","))))


Seconds = Annotated[timedelta, BeforeValidator(_from_seconds)]
#: Several secrets in one variable, separated by commas, so that a new one can stand beside the old.
Secrets = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_split_commas)]
Origins = Annotated[tuple[AnyHttpUrl, ...], NoDecode, BeforeValidator(_split_commas)]

S = TypeVar("S", bound=BaseSettings)


def read(room: type[S]) -> S:
    """Return the settings that the environment holds.

    Raises ConfigurationError that names the first variable that is wrong, never its value.
    """
    try:
        return room()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        prefix = room.model_config.get("env_prefix", "")
        name = f"{prefix}{'_'.join(map(str, first['loc']))}".upper()
        raise ConfigurationError(f"{name}: {first['msg']}") from None


class ChannelSettings(BaseSettings):
    """What the settings of every channel have: its connections, and secrets that never show."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True, hide_input_in_errors=True, frozen=True, extra="ignore"
    )

    pool_size: int = Field(
        default=100,
        ge=1,
        description="How many connections to the platform may be open at once; at least the "
        "number of messages delivered at once.",
    )
    connect_timeout: float = Field(
        default=5,
        gt=0,
        description="Seconds to wait for a connection to the platform, or for a free one.",
    )
    read_timeout: float = Field(
        default=15,
        gt=0,
        description="Seconds to wait for the platform's next bytes before the outcome of a call "
        "counts as unknown.",
    )

    @field_validator("*", mode="before")
    @classmethod
    def _strip(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value

    @property
    def all_secrets(self) -> tuple[str, ...]:
        """Every value that must never show; those not set are left out."""
        values = (getattr(self, name) for name in type(self).model_fields)
        secrets = chain.from_iterable(v if isinstance(v, tuple) else (v,) for v in values)
        shown = (one.get_secret_value() for one in secrets if isinstance(one, SecretStr))
        return tuple(filter(None, shown))


class WordingSettings(BaseSettings):
    """How the office addresses citizens."""

    model_config = SettingsConfigDict(env_prefix="KANAL_", extra="ignore", env_ignore_empty=True)

    sapaan: Literal["Anda", "Kak"] = Field(
        default="Anda",
        description="How Indonesian sentences address a citizen: Anda, or Kak.",
    )


class CoreSettings(BaseSettings):
    """Database, media folder and the time limits of inbox, outbox and drafts."""

    model_config = SettingsConfigDict(env_prefix="KANAL_", extra="ignore", env_ignore_empty=True)

    database_url: str = Field(
        default="",
        validation_alias="DATABASE_URL",
        description="PostgreSQL, as postgresql+psycopg://user:password@host/database. "
        "Empty: `kanal demo` starts its own.",
    )
    identity_keys: Secrets = Field(
        default=(),
        description="Keys that seal who citizens are, as id:base64 of 32 bytes, separated by "
        "commas: the first seals, all open. `kanal key new` makes one; without it nothing starts.",
    )
    index_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key of the index by which citizens are found, base64 of 32 bytes; it stays "
        "the same for good.",
    )
    media_dir: Path = Field(
        default=Path("var/media"),
        description="Folder for citizens' photos and files; never below a web root.",
    )
    media_max_bytes: int = Field(
        default=20 * 2**20,
        ge=1,
        description="Largest file that is kept, in bytes. Telegram gives bots no more than 20 MiB.",
    )
    media_seconds: Seconds = Field(
        default=timedelta(seconds=120),
        gt=timedelta(),
        description="Seconds that one download of a file may take in all.",
    )
    media_max_pixels: int = Field(
        default=70_000_000,
        ge=1,
        le=MOST_PIXELS,
        description="Most points of a picture that is unpacked to copy it for officers, 8 bytes "
        "of memory each; of a larger one the original is kept and nothing is shown.",
    )
    media_origins: Origins = Field(
        default=(),
        description="Origins such as http://10.0.0.5:8081, separated by commas, from which files "
        "are fetched although they lie in a private network, directly and through no proxy: an "
        "own Bot API server, the simulator.",
    )
    media_attempts: int = Field(
        default=100,
        ge=1,
        description="How often a file is tried before it is given up; with waits of 5, 10, 20 .. "
        "900 seconds, a hundred take a day.",
    )
    album_wait: Seconds = Field(
        default=timedelta(seconds=2),
        description="Seconds for which an album's pictures are collected, to be read as one.",
    )
    claim_conversations: int = Field(
        default=50, ge=1, description="Conversations that one transaction of the worker advances."
    )
    claim_messages: int = Field(
        default=50,
        ge=1,
        description="Waiting messages of one conversation that are read at once; the rest wait "
        "for the next turn, so that one busy sender never fills a turn.",
    )
    sender_messages: int = Field(
        default=60,
        ge=1,
        description="Messages of one sender in a minute that are listened to; more are kept aside "
        "(`kanal inbox list --held`), and he is asked once to go on in a minute.",
    )
    sender_open_reports: int = Field(
        default=10,
        ge=1,
        description="Reports of one sender that may be open at once, neither selesai nor arsip; "
        "a further one stays a draft until another is closed.",
    )
    trace_days: int = Field(
        default=7,
        ge=1,
        le=3650,
        description="Days for which calls to the platforms and their webhooks stay in the trace, "
        "without their content.",
    )
    delivery_lease: Seconds = Field(
        default=timedelta(seconds=60),
        description="Seconds for which a claimed part belongs to one worker; longer than any call "
        "to a platform may take, or a slow call is repeated.",
    )
    delivery_attempts: int = Field(
        default=15,
        ge=1,
        description="Failed attempts of one part before it is a dead letter; with waits of 2, 4, "
        "8 .. 900 seconds, fifteen take an hour and a half. Outages do not count.",
    )
    timezone: ZoneInfo = Field(
        default=ZoneInfo("Asia/Makassar"),
        description="The time zone in which citizens read dates: Asia/Jakarta, Asia/Makassar or "
        "Asia/Jayapura.",
    )
    verify_days: int = Field(
        default=3,
        ge=1,
        description="Working days in which a report is checked and handed to an OPD; the "
        "ministry's limit.",
    )
    follow_up_days: int = Field(
        default=5,
        ge=1,
        description="Working days in which an OPD follows up what it was handed; the ministry's "
        "limit.",
    )
    informasi_days: int = Field(
        default=5, ge=1, description="Working days in which a permintaan informasi is answered."
    )
    tidak_berkadar_days: int = Field(
        default=14,
        ge=1,
        description="Working days in which a pengaduan tidak berkadar pengawasan (no inspection "
        "in the field), or a report of unknown class, is settled.",
    )
    berkadar_days: int = Field(
        default=60,
        ge=1,
        description="Working days in which a pengaduan berkadar pengawasan (with an inspection in "
        "the field) is settled.",
    )
    aspirasi_days: int = Field(
        default=14, ge=1, description="Working days in which an aspirasi is answered."
    )
    again_days: int = Field(
        default=5,
        ge=1,
        description="Working days until the new date that a citizen is told when one was missed; "
        "also the least that is left when a report is reopened.",
    )
    silence_days: int = Field(
        default=10,
        ge=1,
        description="Working days after which a report that the OPD calls done is closed when its "
        "citizen says nothing; the ministry's limit.",
    )
    day_begins: time = Field(
        default=time(8),
        description="From when on citizens are written to unasked, by the clock of the report's "
        "region; also the morning from which on a working day counts.",
    )
    day_ends: time = Field(
        default=time(20), description="Until when citizens are written to unasked."
    )
    remind_hours: float = Field(
        default=24,
        gt=0,
        le=24 * 365,
        description="Hours after which a citizen is reminded of a report that he began and did "
        "not send, in the daytime of KANAL_REGION.",
    )
    remind_again_hours: float = Field(
        default=72,
        gt=0,
        le=24 * 365,
        description="Hours after which he is reminded for the last time; what he began is kept "
        "all the same, and goes on when he writes again.",
    )
    remind_window_hours: float = Field(
        default=11,
        gt=0,
        le=24 * 365,
        description="In place of KANAL_REMIND_HOURS on platforms that let us write only for a day "
        "after a citizen did (Messenger): with 11 there is a daytime for each of them.",
    )
    takeover_minutes: int = Field(
        default=30,
        ge=1,
        le=24 * 60,
        description="Minutes for which the program is silent in a chat that an officer has taken "
        "over and written in last, unless he asks for more, up to a day.",
    )
    ombudsman: str = Field(
        default="Ombudsman RI (ombudsman.go.id)",
        min_length=1,
        max_length=100,
        description="Where a citizen can turn to when promises are broken, as he reads it; add a "
        "telephone number once you have checked it.",
    )
    region: str = Field(
        default="",
        pattern=r"^(\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?)?$",
        description="Kemendagri's code of the government whose office this is, as 64.74 for Kota "
        "Bontang: what a report does not say about its place is read in its light.",
    )
    models: Path = Field(
        default=Path("var/models"),
        description="Folder for models that `kanal model train` makes; the packaged one lies "
        "elsewhere. Processes that classify and those who promote need the same one.",
    )
    drift_choices: int = Field(
        default=50,
        ge=1,
        description="Choices of humans in 30 days from which on their agreement with the "
        "suggestions is judged.",
    )
    drift_drop: float = Field(
        default=0.1,
        gt=0,
        le=1,
        description="By how much that agreement may fall, against the 30 days before or the "
        "model's own figure, before an alarm is rung: 0.1 is ten of a hundred.",
    )
    channel_pause: Seconds = Field(
        default=timedelta(seconds=60),
        description="Seconds for which a channel rests after its credentials were refused.",
    )

    @field_validator("day_ends")
    @classmethod
    def _is_after_its_begin(cls, ends: time, given: ValidationInfo) -> time:
        if ends <= given.data.get("day_begins", time.min):
            raise ValueError("the day must end after it begins")
        return ends

    @field_validator("remind_again_hours")
    @classmethod
    def _is_later(cls, again: float, given: ValidationInfo) -> float:
        if again <= given.data.get("remind_hours", 0):
            raise ValueError("the last reminder must come after the first")
        return again

    @field_validator("media_origins")
    @classmethod
    def _are_origins(cls, urls: tuple[AnyHttpUrl, ...]) -> tuple[AnyHttpUrl, ...]:
        for url in urls:
            if url.path not in {None, "/"} or url.query or url.fragment or url.username:
                raise ValueError("an origin has scheme, host and port only")
        return urls
