"""The bot's updates: kept until they are taken, by the webhook or by getUpdates."""

import asyncio
import json
import time
from collections.abc import Hashable
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import SplitResult

from app.simulator.faults import Faults
from app.simulator.post import Poster
from app.simulator.settings import SimulatorSettings
from app.simulator.telegram.rules import Refusal
from app.simulator.telegram.shapes import Json
from app.simulator.webhook import Courier, Habits, Parcel, Resend
from app.simulator.wire import Wire

LIFETIME = 24 * 3600.0
CALLBACK_LIFETIME = 150.0
LONGEST_POLL = 50
#: At once, then 2, 4, 8 .. s up to a cap between one minute and two.
RESEND = Resend(waits=(0, 2, 4, 8, 16, 32), later=(60, 120), heeds=True)
#: Not delivered unless asked for by name.
_UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class Webhook:
    """How the bot wants to be called."""

    url: str
    target: SplitResult
    secret: str = ""
    max_connections: int = 40


@dataclass(slots=True)
class Updates:
    """Pending updates in order; they wait for whoever comes, a webhook or a poller.

    Ids start from the clock: a restarted simulator must not repeat one that the bot has seen.
    """

    settings: SimulatorSettings
    faults: Faults
    wire: Wire
    webhook: Webhook | None = None
    allowed: frozenset[str] = frozenset()
    _last_id: int = field(default_factory=lambda: int(time.time() * 1000))
    _pending: dict[int, Parcel] = field(default_factory=dict)
    _courier: Courier | None = None
    _poll: asyncio.Future[None] | None = None

    def put(self, kind: str, payload: object, chat: int, lane: Hashable) -> list[int]:
        """Queue an update of this kind; the ids given out, none if the bot does not want it."""
        if kind not in self.allowed if self.allowed else kind in _UNASKED:
            return []
        self._last_id += 1
        lifetime = CALLBACK_LIFETIME if kind == "callback_query" else LIFETIME
        parcel = Parcel(
            lane,
            json.dumps({"update_id": self._last_id, kind: payload}).encode(),
            (self.wire.update("telegram", chat, self._last_id, kind),),
            time.time() + lifetime * self.settings.time_scale,
        )
        self._pending[self._last_id] = parcel
        if self._courier is not None:
            self._courier.put(parcel)
        else:
            self.wake()
        return [self._last_id]

    def wake(self) -> None:
        """Let the poller look at the queue."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    async def set_webhook(self, webhook: Webhook) -> None:
        """Call this webhook from now on, with what is pending first."""
        self._oust("terminated by setWebhook request")
        await self._stop_courier()
        headers = {"Accept-Encoding": "gzip, deflate"}
        if webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
        self._courier = Courier(
            Poster(webhook.target, lambda _: headers, self.settings.ack_seconds),
            Habits(webhook.max_connections, RESEND, self.settings.time_scale),
            self.faults,
            self.wire,
            self._settled,
        )
        self.webhook = webhook
        for parcel in list(self._pending.values()):
            self._courier.put(parcel)

    async def delete_webhook(self) -> None:
        """Keep the updates for getUpdates from now on."""
        self.webhook = None
        await self._stop_courier()

    def drop_pending(self) -> None:
        """Forget what nobody took; the webhook must be stopped."""
        self._confirm(self._last_id + 1, taken=False)

    def info(self) -> Json:
        """What getWebhookInfo answers."""
        hook = self.webhook
        info: Json = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._pending),
        }
        if hook:
            info["max_connections"] = hook.max_connections
        if self.allowed:
            info["allowed_updates"] = sorted(self.allowed)
        if self._courier and self._courier.last_error:
            moment, words = self._courier.last_error
            info |= {"last_error_date": int(moment), "last_error_message": words}
        return info

    async def get(self, offset: int, limit: int, patience: int) -> list[Json]:
        """Confirm everything before `offset`, then wait up to `patience` s for up to `limit`."""
        if self.webhook:
            raise _conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        self._oust(
            "terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        )
        self._confirm(offset if offset >= 0 else self._from_the_end(-offset), taken=True)
        if not self._pending and patience > 0:
            await self._wait(min(patience, LONGEST_POLL))
        return [self._hand_out(parcel) for parcel in islice(self._pending.values(), limit)]

    async def reset(self) -> None:
        """Forget all updates and call the same webhook again."""
        await self._stop_courier()
        self._pending.clear()
        if self.webhook:
            await self.set_webhook(self.webhook)

    async def stop(self) -> None:
        """Stop calling; a waiting poller gets what there is."""
        self.wake()
        await self._stop_courier()

    async def _wait(self, seconds: int) -> None:
        self._poll = poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await poll
        except TimeoutError:
            return
        finally:
            if self._poll is poll:
                self._poll = None

    def _oust(self, why: str) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(_conflict(why))

    def _from_the_end(self, count: int) -> int:
        newest = list(self._pending)[-count:]
        return newest[0] if newest else 0

    def _confirm(self, offset: int, *, taken: bool) -> None:
        now = time.time()
        while self._pending:
            update_id, parcel = next(iter(self._pending.items()))
            if update_id >= offset and now < parcel.expires_at:
                return
            del self._pending[update_id]
            if taken and update_id < offset:
                self.wire.acked(parcel.entries[0])
            else:
                self.wire.dropped(parcel.entries[0])

    def _hand_out(self, parcel: Parcel) -> Json:
        (entry,) = parcel.entries
        self.wire.posted(entry)
        entry.status = 200
        update: Json = json.loads(parcel.body)
        return update

    async def _stop_courier(self) -> None:
        courier, self._courier = self._courier, None
        if courier is not None:
            await courier.stop()

    def _settled(self, parcel: Parcel) -> None:
        del self._pending[parcel.entries[0].update_id]


def _conflict(why: str) -> Refusal:
    return Refusal(409, f"Conflict: {why}")
