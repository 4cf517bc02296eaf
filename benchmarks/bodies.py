"""Requests as a platform makes them, each with an id of its own, written before the clock runs."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.posts import Post


@dataclass(frozen=True, slots=True)
class Address:
    """Where the requests of a file go, and what signs them."""

    host: str
    port: int
    path: str
    post: Post
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Supply:
    """A file of `count` whole HTTP requests, each behind its length in eight digits.

    They carry the messages `first`, `first` + 1 and so on.
    """

    path: Path
    address: Address
    first: int
    count: int

    def write(self) -> None:
        """Write the file."""
        address = self.address
        lines = [
            f"POST {address.path} HTTP/1.1",
            f"Host: {address.host}:{address.port}",
            "Content-Type: application/json",
        ]
        head = ("\r\n".join(lines) + "\r\n").encode()
        sign, secret = address.post.sign, address.secret.encode()
        with self.path.open("wb") as file:
            for body in bodies(address.post, self.first, self.count):
                length = b"\r\nContent-Length: %d\r\n\r\n" % len(body)
                request = head + sign(secret, body) + length + body
                file.write(b"%08d%b" % (len(request), request))

    def ids(self, numbers: Iterable[int]) -> set[str]:
        """Return what the inbox calls the messages at these places, counted from 0."""
        return {self.address.post.external_id(self.first + number) for number in numbers}


def bodies(post: Post, first: int, count: int) -> Iterator[bytes]:
    """Yield the bodies of the messages `first`, `first` + 1 and so on."""
    made = post.templates(int(time.time()))
    for number in range(first, first + count):
        form, template = made[number % len(made)]
        yield template % form.numbers(number)


def read_requests(path: Path) -> list[bytes]:
    """Return the requests of a file that `Supply.write` wrote."""
    content = path.read_bytes()
    requests, at = [], 0
    while at < len(content):
        end = at + 8 + int(content[at : at + 8])
        requests.append(content[at + 8 : end])
        at = end
    return requests
