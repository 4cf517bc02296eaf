"""A public post becomes an `Inbound`: its words without handles and links of its own, its files.

Shapes: https://docs.x.com/x-api/fundamentals/data-dictionary; posts of the older API are turned
into these first.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from channels.twitter.fields import moment, name, number
from core.message import Attachment, Inbound, Kind, Media
from core.payload import NO_FIELDS, Fields, called, count, inner, inners, words

CHANNEL = "twitter"
POST = "post:"  #: before the id of a post, in addresses and event ids

_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))  # the last one last
_REPLY_PREFIX = re.compile(r"(?:@\w{1,15}(?:\s+|$))+", re.ASCII)
_OWN_FILE = re.compile(r"/status/\d+/(?:photo|video)/\d+$|/messages/media/\d+$")
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Za-z0-9]{1,8})*")
_LANGUAGES = {"in": "id"}  # X still has the code of before 1989
_BITS = 8


@dataclass(frozen=True)
class Account:
    """Whose posts and messages are read: ours are none of a citizen's."""

    user_id: str
    username: str
    media_max_bytes: int
    old_payloads: bool = False

    @cached_property
    def handle(self) -> re.Pattern[str]:
        """Our own handle in a text, and one space after it."""
        return re.compile(rf"(?<![\w@])@{self.username}(?!\w)[^\S\n]?", re.ASCII | re.IGNORECASE)


def read(post: Fields, includes: Fields, account: Account, raw: bytes) -> Inbound | None:
    """Return what a post of API v2 says, UNKNOWN if it is none of a citizen; None without an id."""
    post_id, author = number(post, "id"), number(post, "author_id")
    if not post_id:
        return None
    referenced = {words(it, "type"): number(it, "id") for it in inners(post, "referenced_tweets")}
    if not author or author == account.user_id or "retweeted" in referenced:
        return Inbound(CHANNEL, POST + post_id, "", Kind.UNKNOWN, raw)
    first = _first_version(post) or post_id
    return Inbound(
        channel=CHANNEL,
        external_id=POST + post_id,
        address=author,
        kind=Kind.MESSAGE if first == post_id else Kind.EDIT,
        raw=raw,
        sent_at=moment(post, "created_at"),
        message_id=first,
        text=_text(post, account, is_reply="replied_to" in referenced),
        attachments=tuple(_attachments(post, includes, account.media_max_bytes)),
        quoted_id=referenced.get("replied_to") or referenced.get("quoted", ""),
        language=_language(post),
        public_address=POST + post_id,
        thread=number(post, "conversation_id"),
        name=_author(author, includes),
    )


def name_of(user: Fields) -> str:
    """Return what a user calls himself, else his handle, "" for neither."""
    handle = called(words(user, "username") or words(user, "screen_name"))
    return called(words(user, "name")) or (f"@{handle}" if handle else "")


def _author(author: str, includes: Fields) -> str:
    users = inners(includes, "users")
    return name_of(next((it for it in users if number(it, "id") == author), NO_FIELDS))


def modern(tweet: Fields) -> tuple[Fields, Fields]:
    """Return a tweet of API v1.1 as a post of v2 and its includes."""
    long = inner(tweet, "extended_tweet") or tweet
    media = inners(inner(long, "extended_entities") or inner(long, "entities"), "media")
    tweet_id = number(tweet, "id_str", "id")
    replied_to = number(tweet, "in_reply_to_status_id_str", "in_reply_to_status_id")
    referenced = [
        {"type": "replied_to", "id": replied_to},
        {"type": "quoted", "id": number(tweet, "quoted_status_id_str", "quoted_status_id")},
        {"type": "retweeted", "id": number(inner(tweet, "retweeted_status"), "id_str", "id")},
    ]
    first = number(inner(tweet, "edit_history"), "initial_tweet_id") or tweet_id
    post = {
        "id": tweet_id,
        "author_id": number(inner(tweet, "user"), "id_str", "id"),
        "conversation_id": "" if replied_to else tweet_id,
        "created_at": words(tweet, "created_at"),
        "lang": words(tweet, "lang"),
        "edit_history_tweet_ids": [first],
        "referenced_tweets": [it for it in referenced if it["id"]],
        "text": words(long, "full_text") or words(long, "text"),
        "entities": {"urls": [*inners(inner(long, "entities"), "urls"), *map(own_link, media)]},
        "attachments": {"media_keys": [name(it, "id_str") for it in media]},
    }
    users = [{**inner(tweet, "user"), "id": post["author_id"]}]
    return post, {"media": [_modern_file(it) for it in media], "users": users}


def own_link(media: Fields) -> Fields:
    """Return the link by which a text of v1.1 names its own file, as v2 has it."""
    return {"url": words(media, "url"), "media_key": "own"}


def _modern_file(media: Fields) -> Fields:
    film = inner(media, "video_info")
    return {
        "media_key": name(media, "id_str"),
        "type": words(media, "type"),
        "url": words(media, "media_url_https"),
        "duration_ms": count(film, "duration_millis"),
        "variants": [{**it, "bit_rate": count(it, "bitrate")} for it in inners(film, "variants")],
    }


def film_or_photo(media: Fields, max_bytes: int) -> Attachment | None:
    """Return the file that an object of v2 or v1.1 describes, None if it names none."""
    if "media_key" not in media:
        media = _modern_file(media)
    key = name(media, "media_key").rpartition("_")[2]  # v2 puts a digit before the id of v1.1
    if words(media, "type") == "photo":
        url = words(media, "url")
        return Attachment(Media.PHOTO, url, unique_ref=key) if url else None
    url = _best_version(media, max_bytes)
    return Attachment(Media.VIDEO, url, unique_ref=key, mime="video/mp4") if url else None


def said(text: str, links: Sequence[Fields]) -> str:
    """Return `text` with its links as they were written, and without those to its own files."""
    for link in links:
        short, full = words(link, "url"), words(link, "expanded_url")
        if not short or short not in text:
            continue
        if "media_key" in link or _OWN_FILE.search(full):
            text = text.replace(short, "").rstrip()
        elif full:
            text = text.replace(short, full)
    if "&" in text:
        for escape, sign in _ESCAPES:
            text = text.replace(escape, sign)
    return text


def _text(post: Fields, account: Account, *, is_reply: bool) -> str:
    """Return what the citizen wrote; a long post has its whole text in a field of its own."""
    note = inner(post, "note_tweet")
    whole = note if words(note, "text") else post
    links = [*inners(inner(post, "entities"), "urls"), *inners(inner(whole, "entities"), "urls")]
    text = said(words(whole, "text"), links)
    prefix = _REPLY_PREFIX.match(text) if is_reply else None
    return account.handle.sub("", text[prefix.end() :] if prefix else text).strip()


def _first_version(post: Fields) -> str:
    versions = post.get("edit_history_tweet_ids")
    return number({"id": versions[0]}, "id") if isinstance(versions, list) and versions else ""


def _attachments(post: Fields, includes: Fields, max_bytes: int) -> Iterator[Attachment]:
    """Yield the post's own files; `includes` holds those of quoted posts too."""
    keys = inner(post, "attachments").get("media_keys")
    if not isinstance(keys, list):
        return
    known = {key: it for it in inners(includes, "media") if (key := name(it, "media_key"))}
    for key in keys:
        found = (
            film_or_photo(known.get(key, NO_FIELDS), max_bytes) if isinstance(key, str) else None
        )
        if found:
            yield found


def _best_version(media: Fields, max_bytes: int) -> str:
    """Return the address of the film's best MP4 that fits, or else of its smallest."""
    seconds = count(media, "duration_ms") / 1000
    films = sorted(
        (count(it, "bit_rate"), words(it, "url"))
        for it in inners(media, "variants")
        if words(it, "content_type") == "video/mp4" and words(it, "url")
    )
    fitting = [url for rate, url in films if rate * seconds / _BITS <= max_bytes]
    return fitting[-1] if fitting else films[0][1] if films else ""


def _language(post: Fields) -> str:
    """Return the language X heard; of its own codes (und, qme ..) none is a language."""
    code = words(post, "lang")
    return _LANGUAGES.get(code, code) if _LANGUAGE.fullmatch(code) else ""
