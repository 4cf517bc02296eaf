"""Whether Messenger is set up rightly, and setting it up as far as our settings reach."""

from collections.abc import Iterator

from channels.messenger.api import GraphApi
from channels.messenger.settings import MessengerSettings
from core.channel import Finding
from core.errors import ConfigurationError, SendError
from core.payload import Fields, inners, words

#: The webhook fields that we subscribe the page to.
FIELDS = (
    *("messages", "messaging_postbacks", "messaging_referrals", "message_edits"),
    *("message_reactions", "message_echoes", "messaging_policy_enforcement", "standby"),
)
_NEEDED = frozenset({"messages", "messaging_postbacks", "message_echoes"})


def check(api: GraphApi, settings: MessengerSettings, webhook_url: str) -> list[Finding]:
    """Ask about the token, the page's subscription and the app's webhook."""
    page = api.get("me", "me", "id,name")
    if isinstance(page, SendError):
        return [Finding(False, f"The Graph API does not take our page token: {_why(page)}")]
    if words(page, "id") != settings.page_id:
        return [Finding(False, "MESSENGER_PAGE_TOKEN belongs to another page than the page id")]
    found = [Finding(True, "The page token works and belongs to the page")]
    app = api.get("app", "app", "id")
    if isinstance(app, SendError):
        return [*found, Finding(False, f"The token's app is not known: {_why(app)}")]
    app_id = words(app, "id")
    return [
        *found,
        *_page_findings(api, settings, app_id),
        *_app_findings(api, settings, app_id, webhook_url),
    ]


def set_webhook(api: GraphApi, settings: MessengerSettings, url: str) -> None:
    """Let Meta post the page's events to `url`; "" ends it for this page.

    Meta asks `url` for the handshake meanwhile, so the web server must run. Raises
    ConfigurationError with the step that was refused.
    """
    subscription = f"{settings.page_id}/subscribed_apps"
    if not url:
        _take(api.delete("subscribed_apps", subscription), "ending the page's subscription")
        return
    app = _take(api.get("app", "app", "id"), "telling the app of the page token")
    app_id = words(app, "id")
    webhook = {
        "object": "page",
        "callback_url": url,
        "fields": ",".join(FIELDS),
        "verify_token": settings.verify_token.get_secret_value(),
    }
    told = api.as_app(app_id, _app_secret(settings), f"{app_id}/subscriptions", webhook)
    _take(told, "the webhook's address (it can be set in the app's dashboard as well)")
    wanted = {"subscribed_fields": ",".join(FIELDS)}
    _take(api.post("subscribed_apps", subscription, wanted), "subscribing the page")


def _page_findings(api: GraphApi, settings: MessengerSettings, app_id: str) -> Iterator[Finding]:
    answer = api.get("subscribed_apps", f"{settings.page_id}/subscribed_apps")
    if isinstance(answer, SendError):
        yield Finding(False, f"The page's subscriptions cannot be read: {_why(answer)}")
        return
    ours = [it for it in inners(answer, "data") if words(it, "id") == app_id]
    fields = _texts(ours[0], "subscribed_fields") if ours else set()
    yield from _judge_fields("The page", fields)


def _app_findings(
    api: GraphApi, settings: MessengerSettings, app_id: str, webhook_url: str
) -> Iterator[Finding]:
    answer = api.as_app(app_id, _app_secret(settings), f"{app_id}/subscriptions")
    if isinstance(answer, SendError):
        yield Finding(False, f"The app's webhook cannot be read: {_why(answer)}")
        return
    pages = [it for it in inners(answer, "data") if it.get("object") == "page"]
    hook = pages[0] if pages else {}
    if not hook or hook.get("active") is not True:
        yield Finding(False, "The app has no active webhook for pages: run kanal set-webhook")
    elif webhook_url and words(hook, "callback_url") != webhook_url:
        yield Finding(False, "The app posts to another address than ours: run kanal set-webhook")
    else:
        yield Finding(True, "The app posts the page's events to our address")
    yield from _judge_fields("The app's webhook", _names(hook)) if hook else ()


def _judge_fields(who: str, fields: set[str]) -> Iterator[Finding]:
    """Yield whether `fields` hold all that we read; what is nice to have is no fault."""
    if missing := sorted(_NEEDED - fields):
        yield Finding(False, f"{who} is not subscribed to {', '.join(missing)}")
    elif missing := sorted(set(FIELDS) - fields):
        yield Finding(True, f"{who} is subscribed, but not to {', '.join(missing)}")
    else:
        yield Finding(True, f"{who} is subscribed to all fields that are read")


def _names(hook: Fields) -> set[str]:
    """Return the names of a webhook's fields, which come as words or as objects with a version."""
    return _texts(hook, "fields") | {words(it, "name") for it in inners(hook, "fields")}


def _texts(fields: Fields, word: str) -> set[str]:
    value = fields.get(word)
    return {it for it in value if isinstance(it, str)} if isinstance(value, list) else set()


def _app_secret(settings: MessengerSettings) -> str:
    return settings.app_secrets[0].get_secret_value()


def _take(answer: Fields | SendError, step: str) -> Fields:
    if isinstance(answer, SendError):
        raise ConfigurationError(f"Messenger refuses {step}: {_why(answer)}")
    return answer


def _why(error: SendError) -> str:
    return f"{error.code} ({error.detail})"
