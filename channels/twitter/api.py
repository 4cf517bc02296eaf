"""X's API as blocking calls through tweepy, safe from many threads at once.

tweepy names the calls, their fields and signs them. It knows no other origin than its own and no
timeout, so it is given our `Wire` in place of its session. tweepy and requests take half a second
to load and are loaded at the first call: the web process, which only verifies and reads, makes
none.
"""

import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from http.cookiejar import DefaultCookiePolicy
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import urlsplit

from channels.twitter.refusals import Refusal, refusal
from channels.twitter.settings import TwitterSettings
from core.channel import Call
from core.connections import on_loopback
from core.errors import SendCode
from core.text import outline

if TYPE_CHECKING:
    import requests

Observer = Callable[[Call], None]


class Client(Protocol):
    """What is used of tweepy's client; its answers are X's JSON."""

    session: "Wire"

    def request(
        self, method: str, route: str, *, json: object, user_auth: bool
    ) -> "requests.Response":
        """Make a call that has no method of its own."""
        ...

    def get_me(self) -> object:
        """Return our account."""
        ...

    def create_tweet(self, *, text: str, in_reply_to_tweet_id: str) -> object:
        """Publish a reply."""
        ...

    def create_direct_message(self, *, participant_id: str, text: str) -> object:
        """Write to one user."""
        ...

    def get_users_mentions(self, user: str, **fields: Any) -> object:
        """Return a page of posts that mention `user`."""
        ...

    def get_direct_message_events(self, **fields: Any) -> object:
        """Return a page of our direct messages."""
        ...


_WORD = re.compile(r"[a-z_]+")
_PRIVATE = "/2/dm_"
_LONG_NUMBER = re.compile(r"\d{5,}")


class Wire:
    """Stands in for tweepy's session: sends to our origin, waits as set, repeats nothing."""

    def __init__(self, settings: TwitterSettings, observe: Observer) -> None:
        import requests  # noqa: PLC0415
        from requests.adapters import HTTPAdapter  # noqa: PLC0415

        self._observe = observe
        self._not_sent = (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError)
        self._failures = (requests.RequestException, OSError)
        self._origin = settings.origin
        self._timeout = (settings.connect_timeout, settings.read_timeout)
        self._session = session = requests.Session()
        # A stand-in on loopback is behind no proxy; cookies of X are nothing to keep.
        session.trust_env = not on_loopback(self._origin)
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        adapter = HTTPAdapter(
            pool_connections=1, pool_maxsize=settings.pool_size, max_retries=0, pool_block=True
        )
        session.mount("https://", adapter)
        session.mount("http://", adapter)

    def request(self, method: str, url: str, **arguments: Any) -> "requests.Response":
        """Return a 2xx answer that holds JSON; raises Refusal for everything else."""
        path = urlsplit(url).path
        begun = time.monotonic()
        try:
            answer = self._exchange(method, path, arguments)
        except Refusal as silence:
            self._tell(method, path, 0, begun, silence.code, b"")
            raise
        found = _json(answer.content)
        failure = refusal(
            answer.status_code, answer.headers, found, private=path.startswith(_PRIVATE)
        )
        if not failure and not isinstance(found, dict):
            failure = Refusal(SendCode.UNCERTAIN, "not X's JSON")
        code = failure.code if failure else ""
        self._tell(method, path, answer.status_code, begun, code, answer.content)
        if failure:
            raise failure
        return answer

    def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        self._session.close()

    def _exchange(
        self, method: str, path: str, arguments: Mapping[str, Any]
    ) -> "requests.Response":
        try:
            return self._session.request(
                method,
                self._origin + path,
                timeout=self._timeout,
                allow_redirects=False,
                **arguments,
            )
        except self._failures as error:
            unsent = isinstance(error, self._not_sent) or "NewConnectionError" in _names(error)
            code = SendCode.UNREACHABLE if unsent else SendCode.UNCERTAIN
            # No `from error`: requests names the URL, and with it the citizen.
            raise Refusal(code, type(error).__name__) from None

    def _tell(
        self, method: str, path: str, status: int, begun: float, code: str, body: bytes
    ) -> None:
        seconds = time.monotonic() - begun
        self._observe(Call(f"{method} {label(path)}", status, seconds, code, outline(body)))


class Api:
    """One account's calls to X at `settings.origin`."""

    def __init__(self, settings: TwitterSettings) -> None:
        self._settings = settings
        self._observe: Observer = _ignore
        self._building = Lock()
        self._client: Client | None = None

    def watch(self, observe: Observer) -> None:
        """Tell `observe` of every call from now on."""
        self._observe = observe

    def call(self, method: Callable[[Client], object]) -> dict[str, Any]:
        """Return the JSON of a call of tweepy's client; raises Refusal."""
        try:
            answer = method(self._tweepy())
        except (ValueError, RecursionError) as odd:
            raise Refusal(SendCode.UNCERTAIN, type(odd).__name__) from None
        if not isinstance(answer, dict):
            raise Refusal(SendCode.UNCERTAIN, "not X's JSON")
        return answer

    def ask(
        self, method: str, path: str, body: object = None, *, bearer: str = ""
    ) -> dict[str, Any]:
        """Return the JSON of a call that tweepy does not know, signed unless `bearer` is given."""
        client = self._tweepy()
        if not bearer:
            found = client.request(method, path, json=body, user_auth=True).json()
        else:
            headers = {"Authorization": f"Bearer {bearer}"}
            found = client.session.request(method, path, json=body, headers=headers).json()
        answer: dict[str, Any] = found
        return answer

    def close(self) -> None:
        """Close all connections; a later call opens new ones."""
        if self._client:
            self._client.session.close()

    def _tell(self, call: Call) -> None:
        self._observe(call)

    def prepare(self) -> None:
        """Load tweepy and what it brings before the first message waits for them."""
        self._tweepy()

    def _tweepy(self) -> Client:
        with self._building:
            if self._client is None:
                self._client = self._build()
            return self._client

    def _build(self) -> Client:
        import tweepy  # noqa: PLC0415

        settings = self._settings
        made = tweepy.Client(
            consumer_key=settings.consumer_key.get_secret_value(),
            consumer_secret=settings.consumer_secrets[0].get_secret_value(),
            access_token=settings.access_token.get_secret_value(),
            access_token_secret=settings.access_token_secret.get_secret_value(),
            return_type=dict,
            wait_on_rate_limit=False,
        )
        client = cast("Client", made)
        client.session = Wire(settings, self._tell)
        return client


def label(path: str) -> str:
    """Return a path of the API without version and ids: "users/mentions"."""
    return "/".join(word for word in path.split("/")[2:] if _WORD.fullmatch(word))


def _ignore(call: Call) -> None:
    """Be told of a call that nobody watches."""


def _json(content: bytes) -> object:
    try:
        found: object = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found


def _names(error: BaseException) -> str:
    """Return the name of an error and of those inside it, where requests hides urllib3's."""
    inner = getattr(error, "reason", None) or (error.args[0] if error.args else None)
    name = type(error).__name__
    return f"{name} {_names(inner)}" if isinstance(inner, BaseException) else name


def _hide_numbers(record: logging.LogRecord) -> bool:
    record.msg = _LONG_NUMBER.sub("***", record.getMessage())
    record.args = None
    return True


def _is_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


# urllib3 logs each path, with a citizen's id in it; the others, at level DEBUG, what is said and
# what signs it.
logging.getLogger("urllib3.connectionpool").addFilter(_hide_numbers)
for _name in (
    *("tweepy.client", "requests_oauthlib.oauth1_auth"),
    *("oauthlib.oauth1.rfc5849", "oauthlib.oauth1.rfc5849.signature"),
):
    logging.getLogger(_name).addFilter(_is_warning)
