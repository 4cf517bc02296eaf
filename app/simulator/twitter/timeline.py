"""The public posts of all: who answered whom, whether the account was called, what it said."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

OURS = 0  #: the author of the account's own posts


@dataclass(slots=True)
class Post:
    """One public post; `author` is the citizen's address, or OURS.

    `calls_us` says that its author mentioned the account or quoted a post of it. `history` holds
    the numbers of its versions, the first one first.
    """

    number: int
    author: int
    text: str
    reply_to: int = 0
    thread: int = 0
    calls_us: bool = False
    photos: tuple[str, ...] = ()
    history: tuple[int, ...] = ()
    answered: bool = False  #: the account replied to it
    at: float = field(default_factory=time.time)


@dataclass(slots=True)
class Timeline:
    """All posts by number; the newest `limit` are kept."""

    limit: int
    _posts: dict[int, Post] = field(default_factory=dict)
    _latest: dict[int, int] = field(default_factory=dict)  #: of a post that was edited
    _said: set[str] = field(default_factory=set)

    def add(self, post: Post) -> Post:
        """Publish a post; it stands in the thread of what it answers."""
        answered = self._posts.get(post.reply_to)
        post.thread = answered.thread if answered else post.number
        post.history = post.history or (post.number,)
        self._posts[post.number] = post
        if post.author == OURS:
            self._said.add(post.text)
        if len(self._posts) > self.limit:
            del self._posts[next(iter(self._posts))]
        return post

    def get(self, number: int) -> Post | None:
        """The post of that number, in its latest version."""
        return self._posts.get(self._latest.get(number, number))

    def replace(self, old: Post, new: Post) -> None:
        """Publish a new version of a post, which keeps its place."""
        self.remove(old)
        self.add(new)
        new.thread = old.thread
        self._latest |= dict.fromkeys(old.history, new.number)

    def remove(self, post: Post) -> None:
        """Delete a post; what answers it stays."""
        self._posts.pop(post.number, None)

    def says_again(self, text: str) -> bool:
        """True if the account has published this text before."""
        return text in self._said

    def citizen_before(self, post: Post) -> Post | None:
        """The post itself, or what the account's own posts above it began by answering."""
        seen: Post | None = post
        while seen is not None and seen.author == OURS:
            seen = self._posts.get(seen.reply_to)
        return seen

    def summons(self, post: Post) -> bool:
        """True if the account may answer: it was called, or goes on where it was."""
        began = self.citizen_before(post)
        return began.calls_us if began is not None else post.author == OURS

    def mentions(self, after: int) -> Iterator[Post]:
        """The citizens' posts that call the account, the newest first, down to `after`."""
        for number in reversed(self._posts):
            post = self._posts[number]
            if number > after and post.author != OURS and post.calls_us:
                yield post
