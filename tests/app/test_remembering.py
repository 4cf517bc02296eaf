"""What was read is not read again, up to a number of texts and a length."""

from collections.abc import Sequence

import pytest

from app.remembering import LONGEST, REMEMBERED, Remembering
from core.understanding import Text, Understanding


class Model:
    """Understands a text as its own words, and keeps all that it was asked."""

    version = "small-1"

    def __init__(self) -> None:
        self.asked: list[Sequence[str]] = []

    def understand(self, texts: Sequence[Text]) -> list[Understanding]:
        """Return the digest of each text: the text."""
        self.asked.append([one.text for one in texts])
        return [Understanding(self.version, one.text) for one in texts]


def told(reader: Remembering, *texts: Text) -> list[str]:
    return [one.digest for one in reader.understand(texts)]


def test_a_text_is_read_once_and_told_in_the_order_asked() -> None:
    model = Model()
    reader = Remembering(model)
    a, b, c = (Text(name, "telegram") for name in "abc")
    assert told(reader, a, b, a) == ["a", "b", "a"]
    assert told(reader, c, b, a) == ["c", "b", "a"]
    assert told(reader, a) == ["a"]
    assert model.asked == [["a", "b"], ["c"]]
    assert reader.version == "small-1"


def test_where_a_text_came_from_is_part_of_it() -> None:
    model = Model()
    reader = Remembering(model)
    told(reader, Text("a", "telegram"), Text("a", "twitter"), Text("a", "twitter", public=True))
    assert model.asked == [["a", "a", "a"]]


@pytest.mark.parametrize(("others", "again"), [(REMEMBERED - 1, False), (REMEMBERED, True)])
def test_the_oldest_is_forgotten(others: int, again: bool) -> None:
    model = Model()
    reader = Remembering(model)
    told(reader, Text("first"))
    told(reader, *(Text(str(number)) for number in range(others)))
    told(reader, Text("first"))
    assert (len(model.asked) == 3) is again


@pytest.mark.parametrize(("length", "again"), [(LONGEST, False), (LONGEST + 1, True)])
def test_a_long_text_is_not_kept(length: int, again: bool) -> None:
    model = Model()
    reader = Remembering(model)
    told(reader, Text("x" * length))
    told(reader, Text("x" * length))
    assert (len(model.asked) == 2) is again
