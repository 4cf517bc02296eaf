"""The tables of the road: what came in, who talks, what goes out."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
    func,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core.db.tables.base import Table, one_of
from core.privacy.columns import Blind, Sealed, SealedBytes, SealedJson, twin_of

INBOX_STATES = ("waiting", "done", "kept", "quarantined", "held")
OUTBOX_STATES = ("open", "sent", "failed", "parked")
MEDIA_STATES = ("waiting", "stored", "refused", "failed", "withdrawn")
DIRECTIONS = ("in", "out")


class Inbox(Table):
    """Each event of a platform, raw, exactly once; the order of ids is the order of work.

    `waiting` until worked on from `ready_at` on, then `done`; `kept` when it belongs to no
    conversation; `quarantined` with `error` when our own code failed on it; `held` with the reason
    in `error` when its sender was too fast or is blocked, and with its `message_id` on the
    platform. What an operator lets wait again is `replayed`, and never too fast. `raw` is emptied
    when the citizen takes his message back. `address` and `raw` are sealed, `address_key` is the
    blind index of the address; of the other two ids there is nothing but that.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        one_of("state", INBOX_STATES),
        Index("ix_inbox_waiting", "id", postgresql_where=sql("state = 'waiting'")),
        Index(
            "ix_inbox_waiting_conversation",
            "channel",
            "address_key",
            "id",
            postgresql_where=sql("state = 'waiting'"),
        ),
        Index("ix_inbox_quarantined", "id", postgresql_where=sql("state = 'quarantined'")),
        Index(
            "ix_inbox_held", "channel", "address_key", "id", postgresql_where=sql("state = 'held'")
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    channel: Mapped[str]
    external_id: Mapped[bytes] = mapped_column(Blind())
    address: Mapped[str] = mapped_column(Sealed("inbox.address"))
    address_key: Mapped[bytes] = mapped_column(Blind(), default=twin_of("address"))
    raw: Mapped[bytes] = mapped_column(SealedBytes("inbox.raw"))
    state: Mapped[str] = mapped_column(server_default="waiting")
    error: Mapped[str] = mapped_column(server_default="")
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ready_at: Mapped[datetime] = mapped_column(server_default=func.now())
    replayed: Mapped[bool] = mapped_column(server_default=sql("false"))
    message_id: Mapped[bytes] = mapped_column(Blind(), server_default="")


class Conversation(Table):
    """One citizen on one channel, with the state that `step` reads and writes.

    `heard_at` is when he last did anything there, for platforms that let us write only for a
    while after that. `name` is what the platform calls him, `person` the same for all channels
    that he linked. `draft_at` is when his open draft was last worked on, None without one, and
    `reminded` how often he was reminded of it. Until `human_until` an officer talks to him and
    the program is silent; since `asked_human_at` he waits for one. Without `notices` he gets no
    news but what he asks for. Who he is, and what he has begun to tell, is sealed; `address_key` is
    the blind index of his address.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("channel", "address_key"),
        Index("ix_conversation_person", "person"),
        Index(
            "ix_conversation_draft",
            "draft_at",
            postgresql_where=sql("draft_at is not null and reminded < 3"),
        ),
        Index(
            "ix_conversation_human",
            "human_until",
            postgresql_where=sql("human_until is not null"),
        ),
        Index(
            "ix_conversation_asked_human",
            "asked_human_at",
            postgresql_where=sql("asked_human_at is not null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    channel: Mapped[str]
    address: Mapped[str] = mapped_column(Sealed("conversation.address"))
    address_key: Mapped[bytes] = mapped_column(Blind(), default=twin_of("address"))
    state: Mapped[dict[str, Any]] = mapped_column(
        SealedJson("conversation.state"), server_default=""
    )
    reachable: Mapped[bool] = mapped_column(server_default=sql("true"))
    heard_at: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(Sealed("conversation.name"), server_default="")
    person: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())
    draft_at: Mapped[datetime | None]
    reminded: Mapped[int] = mapped_column(SmallInteger, server_default=sql("0"))
    human_until: Mapped[datetime | None]
    asked_human_at: Mapped[datetime | None]
    notices: Mapped[bool] = mapped_column(server_default=sql("true"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Message(Table):
    """What the citizen wrote, message by message; what he was told stands in the outbox.

    `draft` is the number of the draft or report it belongs to, 0 for none. `platform_id` is the
    message on the platform, as a blind index, to which edits and withdrawals point; `inbox_id` the
    event it came with. `decision` is what it was taken for and `reason` by which evidence
    (`core.turn`). Where `text` is masked, `sealed` holds what was written. What stands beside a
    report of another channel was `told_in` that conversation, None for its own.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_draft", "conversation_id", "draft", "id"),
        Index("ix_message_platform", "conversation_id", "platform_id"),
        Index(
            "ix_message_told_in",
            "told_in",
            "platform_id",
            postgresql_where=sql("told_in is not null"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    draft: Mapped[int]
    inbox_id: Mapped[int] = mapped_column(BigInteger, server_default=sql("0"))
    platform_id: Mapped[bytes] = mapped_column(Blind())
    text: Mapped[str]
    sealed: Mapped[str | None] = mapped_column(Sealed("message.sealed"))
    decision: Mapped[str] = mapped_column(server_default="")
    reason: Mapped[str] = mapped_column(server_default="")
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    edited_at: Mapped[datetime | None]
    told_in: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id"))


class File(Table):
    """A file a citizen sent: where the platform holds it, and where we do once it is fetched.

    `path` is the original's key in the storage, `shown_path` that of the copy without metadata
    which officers see, "" where there is none. `told_in` is that of its message.
    """

    __tablename__ = "file"
    __table_args__ = (
        one_of("state", MEDIA_STATES),
        Index("ix_file_due", "due_at", postgresql_where=sql("state = 'waiting'")),
        Index("ix_file_draft", "conversation_id", "draft"),
        Index(
            "ix_file_told_in",
            "told_in",
            "platform_id",
            postgresql_where=sql("told_in is not null"),
        ),
        UniqueConstraint("conversation_id", "platform_id", "ref_key"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    channel: Mapped[str]
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    draft: Mapped[int]
    platform_id: Mapped[bytes] = mapped_column(Blind())
    media: Mapped[str]
    ref: Mapped[str] = mapped_column(Sealed("file.ref"))
    ref_key: Mapped[bytes] = mapped_column(Blind(), default=twin_of("ref"))
    state: Mapped[str] = mapped_column(server_default="waiting")
    code: Mapped[str] = mapped_column(server_default="")
    attempts: Mapped[int] = mapped_column(server_default=sql("0"))
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    path: Mapped[str] = mapped_column(server_default="")
    sha256: Mapped[str] = mapped_column(server_default="")
    mime: Mapped[str] = mapped_column(server_default="")
    size: Mapped[int] = mapped_column(BigInteger, server_default=sql("0"))
    shown_path: Mapped[str] = mapped_column(server_default="")
    shown_mime: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    told_in: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id"))


class Outbox(Table):
    """Each part that a platform shall get, in order of ids for one address.

    `draft` is the number of the draft or report it is about, 0 for none; `note` is the same for
    all parts of one text. Lower `rank` goes first (`core.outbox.Rank`). `open` until `due_at`;
    a lease is a `due_at` in the future. `claims` counts the leases, `attempts` the calls to the
    platform, `failures` those that count against the part; `memo` is the channel's own note of
    the latest. Then `sent`, `failed` (a dead letter) or `parked`: with the code `blocked` until
    the citizen can be reached, `window_closed` until he writes, `quota` until `due_at`. What was
    said and to whom is sealed; `address_key` and `platform_key` are blind indexes.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("state", OUTBOX_STATES),
        Index("ix_outbox_due", "channel", "rank", "due_at", postgresql_where=sql("state = 'open'")),
        Index(
            "ix_outbox_address",
            "channel",
            "address_key",
            "id",
            postgresql_where=sql("state = 'open'"),
        ),
        Index("ix_outbox_parked", "conversation_id", postgresql_where=sql("state = 'parked'")),
        Index(
            "ix_outbox_quota",
            "due_at",
            postgresql_where=sql("state = 'parked' and code = 'quota'"),
        ),
        Index("ix_outbox_note", "note", "part", postgresql_where=sql("parts > 1")),
        Index("ix_outbox_key", "key", unique=True),
        Index("ix_outbox_draft", "conversation_id", "draft", "id"),
        Index("ix_outbox_failed", "created_at", postgresql_where=sql("state = 'failed'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    key: Mapped[UUID] = mapped_column(default=uuid4)
    note: Mapped[UUID] = mapped_column(default=uuid4)
    channel: Mapped[str]
    address: Mapped[str] = mapped_column(Sealed("outbox.address"))
    address_key: Mapped[bytes] = mapped_column(Blind(), default=twin_of("address"))
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    draft: Mapped[int]
    rank: Mapped[int] = mapped_column(SmallInteger, server_default=sql("0"))
    human: Mapped[bool] = mapped_column(server_default=sql("false"))
    part: Mapped[int]
    parts: Mapped[int]
    texts: Mapped[list[Any]] = mapped_column(SealedJson("outbox.texts"))
    choices: Mapped[list[Any]] = mapped_column(server_default=sql("'[]'"))
    reply_token: Mapped[str] = mapped_column(Sealed("outbox.reply_token"), server_default="")
    token_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(server_default="open")
    code: Mapped[str] = mapped_column(server_default="")
    detail: Mapped[str] = mapped_column(server_default="")
    memo: Mapped[str] = mapped_column(Sealed("outbox.memo"), server_default="")
    claims: Mapped[int] = mapped_column(server_default=sql("0"))
    attempts: Mapped[int] = mapped_column(server_default=sql("0"))
    failures: Mapped[int] = mapped_column(server_default=sql("0"))
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    platform_id: Mapped[str] = mapped_column(Sealed("outbox.platform_id"), server_default="")
    platform_key: Mapped[bytes] = mapped_column(Blind(), server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]


class ChannelStatus(Table):
    """What all processes know of a channel: how far it was polled, whether it must rest.

    `alarm` is the code of what an operator must mend, "" when all is well, since `alarm_at`.
    """

    __tablename__ = "channel_status"

    channel: Mapped[str] = mapped_column(primary_key=True)
    cursor: Mapped[str] = mapped_column(Sealed("channel_status.cursor"), server_default="")
    poll_lease_until: Mapped[datetime] = mapped_column(server_default=func.now())
    poll_owner: Mapped[str] = mapped_column(server_default="")
    paused_until: Mapped[datetime] = mapped_column(server_default=func.now())
    alarm: Mapped[str] = mapped_column(server_default="")
    alarm_at: Mapped[datetime | None]


class Trace(Table):
    """One call to a platform (`out`) or one webhook of it (`in`), without its content."""

    __tablename__ = "trace"
    __table_args__ = (
        one_of("direction", DIRECTIONS),
        Index("ix_trace_channel", "channel", "id"),
        Index("ix_trace_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    channel: Mapped[str]
    direction: Mapped[str]
    method: Mapped[str]
    status: Mapped[int]
    milliseconds: Mapped[int]
    code: Mapped[str] = mapped_column(server_default="")
    body: Mapped[str] = mapped_column(server_default="")


class Block(Table):
    """A sender who is not listened to until `until`, unless it was lifted before."""

    __tablename__ = "block"
    __table_args__ = (Index("ix_block_conversation", "conversation_id", "until"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    ticket: Mapped[str]
    reason: Mapped[str]
    actor: Mapped[str]
    until: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str] = mapped_column(server_default="")


class LinkCode(Table):
    """A code, told on one channel, that links another channel of the same citizen to it, once."""

    __tablename__ = "link_code"
    __table_args__ = (Index("ix_link_code_expires", "expires_at"),)

    digest: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    expires_at: Mapped[datetime]


class LinkTry(Table):
    """A wrong code that a citizen brought to link another channel: so that nobody guesses one."""

    __tablename__ = "link_try"
    __table_args__ = (Index("ix_link_try_conversation", "conversation_id", "at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
