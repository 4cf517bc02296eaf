"""How the account is set up at LINE: registered, and checked for the operator."""

from collections.abc import Iterator

from channels.line.api import LineApi, LineError, Refused
from core.channel import Finding
from core.errors import ConfigurationError, SendCode
from core.text import redact

_CONSOLE = "in the LINE Developers console, Messaging API tab"


def set_webhook(api: LineApi, secrets: tuple[str, ...], url: str) -> None:
    """Tell LINE to post to `url`; raises ConfigurationError if it refuses, with its words.

    Neither can LINE be told to post no more, nor that a webhook is to be used at all: both are
    switches in the console.
    """
    if not url:
        raise ConfigurationError(f'LINE has no call for this: switch off "Use webhook" {_CONSOLE}')
    try:
        api.call(lambda: api.account.set_webhook_endpoint({"endpoint": url}))
    except LineError as error:
        raise ConfigurationError(
            f"LINE refuses the webhook: {redact(_words(error), secrets)}"
        ) from None


def _words(error: LineError) -> str:
    return error.words if isinstance(error, Refused) else f"{type(error).__name__}: {error}"


def check(api: LineApi, webhook_url: str) -> Iterator[Finding]:
    """Yield what LINE says about the token, the webhook and the quota."""
    try:
        name = api.call(api.account.get_bot_info).basic_id
    except LineError as error:
        yield Finding(False, _refusal(error))
        if error.code in {SendCode.CREDENTIALS, SendCode.UNREACHABLE}:
            return
    else:
        yield Finding(True, f"The token belongs to the account {name}.")
    yield _endpoint(api, webhook_url)
    yield _quota(api)


def _refusal(error: LineError) -> str:
    if error.code is SendCode.CREDENTIALS:
        return f"LINE does not know LINE_CHANNEL_TOKEN: issue a new one {_CONSOLE}."
    return f"LINE did not answer properly ({type(error).__name__}: {error})."


def _endpoint(api: LineApi, webhook_url: str) -> Finding:
    try:
        found = api.call(api.account.get_webhook_endpoint)
    except LineError as error:
        if isinstance(error, Refused) and error.status == 404:  # noqa: PLR2004  # HTTP: not found
            return Finding(False, "No webhook is registered: run ./kanal set-webhook.")
        return Finding(False, _refusal(error))
    if webhook_url and found.endpoint != webhook_url:
        return Finding(False, f"LINE posts to {found.endpoint}, not to {webhook_url}.")
    if not found.active:
        return Finding(False, f'The webhook is not in use: switch on "Use webhook" {_CONSOLE}.')
    return _tested(api)


def _tested(api: LineApi) -> Finding:
    """Let LINE post an empty body to the webhook, which it allows 60 times an hour."""
    try:
        test = api.call(lambda: api.account.test_webhook_endpoint({}))
    except LineError as error:
        return Finding(False, f"The webhook could not be tested. {_refusal(error)}")
    if test.success:
        return Finding(True, "LINE reaches the webhook, and its signature is right.")
    if test.status_code == 403:  # noqa: PLR2004  # HTTP: what we answer to a wrong signature
        return Finding(False, "The webhook refuses LINE's signature: see LINE_CHANNEL_SECRETS.")
    return Finding(False, f"LINE's test of the webhook failed: {test.reason} ({test.detail}).")


def _quota(api: LineApi) -> Finding:
    try:
        quota = api.call(api.account.get_message_quota)
        used = api.call(api.account.get_message_quota_consumption).total_usage
    except LineError as error:
        return Finding(False, f"The quota could not be read. {_refusal(error)}")
    if quota.value is None:
        return Finding(True, f"Pushed messages this month: {used}, without a limit.")
    text = f"Pushed messages this month: {used} of {quota.value}."
    left = quota.value - used
    return Finding(left > 0, text if left > 0 else f"{text} The rest waits; replies still go out.")
