"""The simulated X: one account, what citizens post and write to it, and their phones."""

import hmac
import json
import secrets
import time
from base64 import b64encode
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.simulator import samples
from app.simulator.acts import Album, Edit, Photo, Withdrawal, Writing
from app.simulator.faults import Faults
from app.simulator.hook import Hook, Manner
from app.simulator.phone import Bubble, Phone, Phones
from app.simulator.platform import ActRefused, Done
from app.simulator.settings import SimulatorSettings
from app.simulator.twitter import shapes
from app.simulator.twitter.quota import DAY, FIFTEEN_MINUTES, Window, span
from app.simulator.twitter.rules import DM_LIMIT
from app.simulator.twitter.shapes import Json
from app.simulator.twitter.timeline import OURS, Post, Timeline
from app.simulator.webhook import Resend
from app.simulator.wire import Wire

PICTURES = "/simulator/twitter/files"
CDN = "/twitter/media"
_PHOTOS = 4  # of one post
_DAY = 86_400.0


@dataclass(slots=True)
class Chat:
    """What X knows of one citizen."""

    phone: Phone
    ended: bool = False

    @property
    def address(self) -> int:
        """The citizen's user id."""
        return self.phone.address


class Twitter:
    """One account; `Platform` for the phone, state for the API's endpoints."""

    name = "twitter"
    title = "X"
    first_address = 920_000_001

    def __init__(
        self, settings: SimulatorSettings, phones: Phones, wire: Wire, faults: Faults
    ) -> None:
        self.settings, self.wire, self.faults = settings, wire, faults
        self.stopping = False
        self.origin = f"http://{settings.host}:{settings.port}"
        self.subscriptions: dict[str, Json] = {}
        self.webhook_id = ""
        self._phones = phones
        self._last_message = int(time.time() * 1000)  # no number twice over restarts
        self._key = settings.twitter_consumer_secret.get_secret_value().encode()
        # X promises no second try to an account without a contract; what is missed can be polled.
        manner = Manner(self.name, self.sign, settings.twitter_ack_seconds, Resend())
        self.hook = Hook(manner, settings, faults, wire)
        self._fill()

    def _fill(self) -> None:
        settings = self.settings
        seconds = settings.twitter_window_seconds
        self.windows = {
            name: Window(FIFTEEN_MINUTES, limit, seconds)
            for name, limit in (
                *(("posts", settings.twitter_post_limit), ("dms", settings.twitter_dm_limit)),
                *(("mentions", 300), ("dm_events", 15)),
            )
        }
        self.windows["dms-day"] = Window(DAY, settings.twitter_dm_day_limit, _DAY)
        self.chats: dict[int, Chat] = {}
        self.timeline = Timeline(settings.wire_limit)
        self.messages: deque[Json] = deque(maxlen=5000)  #: the newest first
        self.files: dict[str, bytes] = {}

    def sign(self, body: bytes) -> dict[str, str]:
        """The headers of a post."""
        return {"x-twitter-webhooks-signature": self.signature(body)}

    def signature(self, signed: bytes) -> str:
        """What proves that the consumer secret is known."""
        return "sha256=" + b64encode(hmac.digest(self._key, signed, "sha256")).decode()

    def chat(self, address: int) -> Chat:
        """The citizen of this address, new if there was none."""
        chat = self.chats.get(address)
        if chat is None:
            phone = self._phones.of(self.name, address)
            chat = self.chats[address] = Chat(phone)
        return chat

    def media_url(self, name: str) -> str:
        """The public address of a post's photo."""
        return f"{self.origin}{CDN}/{name}.jpg"

    def reply(self, text: str, answered: Post | None) -> Post:
        """Publish a post of the account, and show it to the citizen whom it answers."""
        number = self.next_message()
        to = answered.number if answered else 0
        post = self.timeline.add(Post(number, OURS, text, to))
        if answered and answered.author != OURS:
            if answered.answered:  # never more than one automatic reply, says X
                self.wire.calls["twitter second reply"] += 1
            answered.answered = True
        began = self.timeline.citizen_before(post)
        if began is not None:
            chat = self.chat(began.author)
            chat.phone.show(Bubble(number, False, "text", text, public=True))
            self.wire.sent(self.name, chat.address, number, text, [], "public")
        return post

    def tell(self, chat: Chat, text: str) -> str:
        """Show a direct message of the account; its id."""
        number = self.next_message()
        chat.phone.show(Bubble(number, False, "text", text))
        self.wire.sent(self.name, chat.address, number, text, [])
        now = time.time()
        self.messages.appendleft(shapes.message(number, OURS, chat.address, now, text, None))
        return shapes.x_id(number)

    def tell_if_silent(self) -> None:
        """Say on every phone until when the account cannot write direct messages, if it cannot.

        Else a person would wait for an answer, and not know why.
        """
        now = time.time()
        windows = (self.windows[name] for name in ("dms", "dms-day"))
        until, window = max(((it.full_until(now), it) for it in windows), key=lambda one: one[0])
        if until:
            words = f"X membolehkan {window.limit} DM dalam {span(window.seconds)}"
            self._phones.pause(self.name, f"{words}; yang berikutnya datang", until)

    def write(self, address: int, writing: Writing) -> Done:
        """The citizen posts for all or writes to the account alone; see Platform."""
        chat = self._usable(address)
        name, act = writing.given()[0]
        photos: tuple[str, ...] = ()
        if isinstance(act, Edit):
            return self._edit(chat, act)
        if isinstance(act, Withdrawal):
            return self._withdraw(chat, act.message_id)
        match act:
            case str():
                text = act.strip()
            case Photo():
                text, photos = act.caption, (self._photo(0, act.size),)
            case Album():
                text = act.caption
                photos = tuple(self._photo(it, 0) for it in range(min(act.count, _PHOTOS)))
            case _:
                raise ActRefused(422, f"X has no {name}")
        if writing.public:
            return self._publish(chat, text, photos, self._answered(chat, writing.reply_to))
        if writing.reply_to is not None:
            raise ActRefused(422, "a direct message of X's API answers no other")
        return self._whisper(chat, text, photos)

    def _answered(self, chat: Chat, wanted: int | None) -> Post | None:
        """The post that a public one answers: the one named, else the account's latest here.

        0 names none: what is written begins a thread of its own.
        """
        if wanted == 0:
            return None
        if wanted is not None:
            found = self.timeline.get(wanted)
            if found is None:
                raise ActRefused(404, "no such public post")
            return found
        ours = (it.id for it in reversed(chat.phone.bubbles.values()) if it.public and not it.mine)
        return self.timeline.get(next(ours, 0))

    def _publish(self, chat: Chat, text: str, photos: Sequence[str], answered: Post | None) -> Done:
        """Post for everybody; X's app names in an answer whom it answers, as a citizen calls us."""
        handle = f"@{shapes.USERNAME}"
        named = handle in text
        if not named and (answered is None or answered.author == OURS):
            text = f"{handle} {text}".rstrip()
        post = Post(self.next_message(), chat.address, text, photos=tuple(photos))
        post.reply_to = answered.number if answered else 0
        post.calls_us = handle in text
        self.timeline.add(post)
        self._show(chat, post, "photo" if photos else "text", is_public=True)
        kinds = []
        if answered is not None and answered.author == OURS:
            kinds.append("post.reply.create")
        if named or (answered is None and post.calls_us):
            kinds.append("post.mention.create")
        return Done([post.number], [it for kind in kinds for it in self._deliver_post(kind, post)])

    def _whisper(self, chat: Chat, text: str, photos: Sequence[str]) -> Done:
        """Write direct messages, one for each photo, or one without."""
        if len(text) > DM_LIMIT or not (text or photos):
            raise ActRefused(422, f"a direct message has 1 to {DM_LIMIT} characters")
        numbers, events = [], []
        for photo in photos or ("",):
            number = self.next_message()
            held = shapes.message_photo(number, photo) if photo else None
            event = shapes.message(number, chat.address, OURS, time.time(), text, held)
            self.messages.appendleft(event)
            post = Post(number, chat.address, text, photos=(photo,) if photo else ())
            self._show(chat, post, "photo" if photo else "text", is_public=False)
            events += self._deliver("dm.received", chat, {"direct_message_events": [event]}, None)
            numbers.append(number)
            text = ""
        return Done(numbers, events)

    def _show(self, chat: Chat, post: Post, kind: str, *, is_public: bool) -> None:
        picture = f"{PICTURES}/{post.photos[0]}" if post.photos else ""
        bubble = Bubble(post.number, True, kind, post.text, picture, public=is_public)
        chat.phone.show(bubble)

    def _edit(self, chat: Chat, act: Edit) -> Done:
        """A changed post is a new one that names its versions; a direct message stays as it is."""
        old = self.timeline.get(act.message_id)
        bubble = chat.phone.bubbles.get(act.message_id)
        if old is None or bubble is None or old.author != chat.address:
            raise ActRefused(404, "no such public post of this citizen")
        number = self.next_message()
        new = Post(number, old.author, act.text, old.reply_to, calls_us=old.calls_us)
        new.history, new.photos = (*old.history, number), old.photos
        self.timeline.replace(old, new)
        bubble.text, bubble.edited_at = act.text, time.time()
        chat.phone.show(bubble)
        return Done([number], self._deliver_post("post.mention.create", new))

    def _withdraw(self, chat: Chat, number: int) -> Done:
        """Delete a post; X tells the account nothing."""
        post, bubble = self.timeline.get(number), chat.phone.bubbles.get(number)
        if post is None or bubble is None or post.author != chat.address:
            raise ActRefused(404, "no such public post of this citizen")
        self.timeline.remove(post)
        bubble.kind, bubble.text, bubble.picture = "withdrawn", "", ""
        chat.phone.show(bubble)
        return Done([number], [])

    def _deliver_post(self, kind: str, post: Post) -> list[int]:
        return self._deliver(kind, self.chat(post.author), shapes.post(post), self.includes(post))

    def includes(self, post: Post) -> Json:
        """What an answer or an event holds beside a post."""
        found: Json = {"users": [shapes.user(post.author), shapes.user(OURS)]}
        if post.photos:
            urls = {name: self.media_url(name) for name in post.photos}
            found["media"] = shapes.photos(post.photos, urls)
        return found

    def _deliver(self, kind: str, chat: Chat, payload: Json, includes: Json | None) -> list[int]:
        """Post an event, if the account is subscribed to its kind."""
        if not any(it["event_type"] == kind for it in self.subscriptions.values()):
            return []
        body = shapes.envelope(kind, payload, includes)
        return self.hook.put(body, [(chat.address, kind)], lane=chat.address)

    def press(self, address: int, message_id: int, value: str) -> Done:
        """Refuse; see Platform."""
        raise ActRefused(404, f"X has no buttons: {value!r} below {message_id} for {address}")

    def block(self, address: int, blocked: bool) -> Done:
        """The citizen blocks the account or lets it in again, untold; see Platform."""
        chat = self.chat(address)
        chat.phone.blocked = blocked
        chat.phone.touch()
        return Done([], [])

    def deactivate(self, address: int) -> Done:
        """The citizen's account ends; see Platform."""
        self.chat(address).ended = True
        return Done([], [])

    def inject(self, event: dict[str, Any]) -> Done:
        """Post a body word for word; see Platform."""
        return Done([], self.hook.put(json.dumps(event).encode(), [(0, "raw")]))

    def file(self, unique_id: str) -> bytes | None:
        """A picture for the phone's screen; see Platform."""
        return self.files.get(unique_id)

    def hang_up(self) -> None:
        """End what waits; see Platform."""
        self.stopping = True

    async def reset(self) -> None:
        """Forget citizens, posts and messages, keep the webhook; see Platform."""
        self._fill()
        await self.hook.reset()

    async def stop(self) -> None:
        """Stop calling the webhook; see Platform."""
        await self.hook.stop()

    def next_message(self) -> int:
        """A number no post or message had before."""
        self._last_message += 1
        return self._last_message

    def _photo(self, variant: int, size: int) -> str:
        name, content = secrets.token_hex(8), samples.photo(40, 30, variant)
        self.files[name] = content + bytes(max(0, size - len(content)))
        return name

    def _usable(self, address: int) -> Chat:
        chat = self.chat(address)
        if chat.phone.blocked:
            raise ActRefused(409, "the account is blocked")
        if chat.ended:
            raise ActRefused(409, "the citizen's account has ended")
        return chat
