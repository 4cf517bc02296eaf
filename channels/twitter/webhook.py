"""How events come to us: a webhook, what it is subscribed to, and whether both are well."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from channels.twitter.api import Api
from channels.twitter.fields import name, number
from channels.twitter.refusals import Refusal
from channels.twitter.settings import TwitterSettings
from core.channel import Finding
from core.errors import ConfigurationError
from core.payload import Fields, inner, inners, words
from core.text import redact

_WEBHOOKS = "/2/webhooks"
_SUBSCRIPTIONS = "/2/activity/subscriptions"
_PATH = "/webhooks/twitter"
_TAG = "kanal"
_NO_BEARER = "TWITTER_BEARER_TOKEN is missing: X lets only the app manage its webhook"
# Each event costs, so only what is read is asked for. Private ones need the account's own consent.
PUBLIC = ("post.mention.create", "post.reply.create", "post.quote.create")
PRIVATE = ("dm.received", "chat.received")


def set_webhook(api: Api, settings: TwitterSettings, url: str) -> None:
    """Let X post mentions, replies, quotes and direct messages to `url`; "" ends it, for polling.

    Calling it again mends what is missing. Raises ConfigurationError if a token is missing or X
    refuses, with its words.
    """
    bearer = settings.bearer_token.get_secret_value()
    if not bearer:
        raise ConfigurationError(_NO_BEARER)
    try:
        if url:
            _subscribe(api, settings, _register(api, bearer, url))
        else:
            _end(api, bearer)
    except Refusal as refusal:
        said = redact(refusal.words or refusal.detail, settings.all_secrets)
        raise ConfigurationError(f"X refuses the webhook: {said}") from None


def check(api: Api, settings: TwitterSettings, webhook_url: str) -> Iterator[Finding]:
    """Yield what X says of the account and of the webhook, one sentence each."""
    try:
        yield _account(api, settings)
        if settings.polling:
            yield Finding(True, "X is asked for mentions and direct messages; no webhook needed.")
            return
        bearer = settings.bearer_token.get_secret_value()
        if not bearer:
            yield Finding(False, _NO_BEARER + ".")
            return
        yield from _delivery(api, settings, bearer, webhook_url)
    except Refusal as refusal:
        yield Finding(False, f"X did not answer as it should: {refusal.code}, {refusal.detail}.")


def _account(api: Api, settings: TwitterSettings) -> Finding:
    me = inner(api.call(lambda client: client.get_me()), "data")
    if number(me, "id") != settings.user_id:
        return Finding(False, "TWITTER_USER_ID is not the account that the access token is of.")
    if words(me, "username").lower() != settings.username.lower():
        return Finding(False, "TWITTER_USERNAME is not the handle of TWITTER_USER_ID.")
    return Finding(True, f"X knows the access token as that of @{settings.username}.")


def _delivery(
    api: Api, settings: TwitterSettings, bearer: str, webhook_url: str
) -> Iterator[Finding]:
    webhook = _find(api, bearer, webhook_url)
    if not webhook:
        yield Finding(False, "X has no webhook at this address: run `kanal set-webhook`.")
        return
    if webhook.get("valid") is not True:
        yield Finding(False, "X holds the webhook for broken: `kanal set-webhook` asks it anew.")
    missing = _missing(api, settings, bearer, name(webhook, "id"))
    if missing:
        yield Finding(False, f"The webhook is not subscribed to {', '.join(missing)}.")
    elif webhook.get("valid") is True:
        yield Finding(True, "X posts mentions, replies, quotes and direct messages to us.")


def _register(api: Api, bearer: str, url: str) -> str:
    """Return the id of the webhook at `url`, after X put its challenge to us."""
    webhook = _find(api, bearer, url)
    if webhook:
        webhook_id = name(webhook, "id")
        api.ask("PUT", f"{_WEBHOOKS}/{webhook_id}", bearer=bearer)
        return webhook_id
    made = api.ask("POST", _WEBHOOKS, {"url": url}, bearer=bearer)
    return name(inner(made, "data"), "id") or name(made, "id")


def _subscribe(api: Api, settings: TwitterSettings, webhook_id: str) -> None:
    bearer = settings.bearer_token.get_secret_value()
    own = settings.oauth2_token.get_secret_value()  # "" signs with the OAuth 1.0a token
    for event_type in _missing(api, settings, bearer, webhook_id):
        wish = {
            "event_type": event_type,
            "filter": {"user_id": settings.user_id},
            "tag": _TAG,
            "webhook_id": webhook_id,
        }
        api.ask("POST", _SUBSCRIPTIONS, wish, bearer=bearer if event_type in PUBLIC else own)


def _end(api: Api, bearer: str) -> None:
    for webhook in inners(api.ask("GET", _WEBHOOKS, bearer=bearer), "data"):
        if urlsplit(words(webhook, "url")).path == _PATH:
            api.ask("DELETE", f"{_WEBHOOKS}/{name(webhook, 'id')}", bearer=bearer)


def _find(api: Api, bearer: str, url: str) -> Fields:
    known = inners(api.ask("GET", _WEBHOOKS, bearer=bearer), "data")
    return next((it for it in known if words(it, "url") == url and name(it, "id")), {})


def _missing(api: Api, settings: TwitterSettings, bearer: str, webhook_id: str) -> Sequence[str]:
    """Return the events that this webhook is not subscribed to for our account."""
    known = inners(api.ask("GET", _SUBSCRIPTIONS, bearer=bearer), "data")
    have = {
        words(it, "event_type")
        for it in known
        if name(it, "webhook_id") == webhook_id
        and number(inner(it, "filter"), "user_id") == settings.user_id
    }
    return [it for it in (*PUBLIC, *PRIVATE) if it not in have]
