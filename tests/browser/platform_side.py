"""What the four platforms and a thumb do beside the phone page: without any bot."""

import httpx
from playwright.sync_api import Locator, Page, expect

PLATFORMS = ["telegram", "line", "twitter", "messenger"]
SIGNED = {"Authorization": 'OAuth oauth_token="x"'}
WRITE = "Tulis pesan sebagai Warga"
ASKED = "Sudah benar?"

# What can be tapped or read, and does not lie open to the eye at its middle and its corners.
COVERED = """() => {
    const sought =
        "#log button, #log p, #log time, .quick button, .phone label:not(.hidden), .round";
    const open = (e, u, v) => {
        const hit = document.elementFromPoint(u, v);
        return Boolean(hit) && (e.contains(hit) || hit.contains(e));
    };
    return [...document.querySelectorAll(sought)]
        .filter((e) => e.checkVisibility({ opacityProperty: true }))
        .filter((e) => {
            const { left, right, top, bottom } = e.getBoundingClientRect();
            const across = [left + 6, (left + right) / 2, right - 6];
            const down = [top + 6, (top + bottom) / 2, bottom - 6];
            return !across.every((u) => down.every((v) => open(e, u, v)));
        })
        .map((e) => e.outerHTML);
}"""


def open_phone(page: Page, http: httpx.Client, platform: str) -> int:
    """Open the platform's phone; returns its chat."""
    page.goto(f"{str(http.base_url).rstrip('/')}/?platform={platform}")
    expect(page.get_by_text("tersambung")).to_be_visible()
    return int(page.locator(".phone").get_attribute("data-chat") or "0")


def say(page: Page, words: str) -> None:
    page.get_by_label(WRITE).fill(words)
    page.keyboard.press("Enter")
    expect(page.locator("#log li.mine").last).to_contain_text(words)


def act_on(message: Locator, act: str) -> None:
    """Do with a message what its menu calls `act`."""
    message.locator(".bubble").click()
    message.get_by_role("button", name=act).click()


def push_line(http: httpx.Client, chat: int, text: str, *choices: str) -> None:
    """Push a text to a citizen of LINE, with quick replies."""
    message: dict[str, object] = {"type": "text", "text": text}
    if choices:
        actions = [
            {"type": "postback", "label": it, "data": it, "displayText": it} for it in choices
        ]
        message["quickReply"] = {"items": [{"type": "action", "action": it} for it in actions]}
    http.post(
        "/v2/bot/message/push",
        json={"to": f"U{chat:032x}", "messages": [message]},
        headers={"Authorization": "Bearer x"},
    ).raise_for_status()


def send_messenger(http: httpx.Client, chat: int, **message: object) -> None:
    http.post(
        "/v26.0/102030405060708/messages",
        params={"access_token": "x", "appsecret_proof": "0" * 64},
        json={"recipient": {"id": str(chat)}, "messaging_type": "RESPONSE", "message": message},
    ).raise_for_status()


def write_dm(http: httpx.Client, chat: int, text: str) -> None:
    """Write a direct message on X."""
    path = f"/2/dm_conversations/with/{chat}/messages"
    http.post(path, json={"text": text}, headers=SIGNED).raise_for_status()


def ask(http: httpx.Client, platform: str, chat: int) -> None:
    """Let the account answer the citizen's only message, with two choices where it can."""
    if platform == "telegram":
        keys = [[{"text": it, "callback_data": it} for it in ("Kirim", "Batal")]]
        asked = {"chat_id": chat, "text": ASKED, "reply_markup": {"inline_keyboard": keys}}
        http.post("/bot7000000001:page-test/sendMessage", json=asked).raise_for_status()
    elif platform == "line":
        push_line(http, chat, ASKED, "Kirim", "Batal")
    elif platform == "messenger":
        buttons = [{"type": "postback", "title": it, "payload": it} for it in ("Kirim", "Batal")]
        payload = {"template_type": "button", "text": ASKED, "buttons": buttons}
        send_messenger(http, chat, attachment={"type": "template", "payload": payload})
    else:
        shown = http.get(f"/simulator/twitter/chats/{chat}").json()["bubbles"]
        answer_post(http, shown[0]["id"], ASKED)


def answer_post(http: httpx.Client, answered: int, text: str) -> None:
    """Answer a citizen's post, by its number on the phone."""
    reply = {"in_reply_to_tweet_id": str(2 * 10**18 + answered)}
    http.post("/2/tweets", json={"text": text, "reply": reply}, headers=SIGNED).raise_for_status()
