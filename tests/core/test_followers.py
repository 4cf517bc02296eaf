"""Who follows another's report, and what nobody learns by trying."""

import pytest

from core.db.session import Sessions
from core.db.tables import Follower
from core.effects import Effect, Follow
from core.followers import MOST
from core.turn import Reply, Where
from tests.core.desk import BUDI, LINE, SITI, Who, keys, link, row_of, tells, wish

UNKNOWN = "22222-22222"


def followed(make: Sessions, who: Who = SITI) -> int:
    id_ = row_of(make, who).id
    return sum(row.conversation_id == id_ for row in rows_of(make))


def rows_of(make: Sessions) -> list[Follower]:
    with make() as session:
        return list(session.query(Follower))


def test_a_report_is_followed_and_left(make: Sessions) -> None:
    ticket = tells(make, state="proses")
    said = wish(make, (SITI, Follow(ticket)))
    args = {"ticket": ticket, "state": "sedang ditangani"}
    assert said == [Reply("followed", args, where=Where.PRIVATE)]
    assert followed(make) == 1
    assert keys(wish(make, (SITI, Follow(ticket)))) == ["followed"]
    assert followed(make) == 1
    assert keys(wish(make, (SITI, Follow(ticket, follows=False)))) == ["unfollowed"]
    assert followed(make) == 0
    again = wish(make, (SITI, Follow(ticket)), (SITI, Follow(ticket, follows=False)))
    assert keys(again) == ["followed", "unfollowed"]
    assert followed(make) == 0


def test_unknown_and_rahasia_are_told_in_the_same_words(make: Sessions) -> None:
    secret = tells(make, rahasia=True)
    said = wish(make, (SITI, Follow(secret)), (SITI, Follow(UNKNOWN)))
    for ticket, reply in zip((secret, UNKNOWN), said, strict=True):
        assert reply == Reply("follow-unknown", {"ticket": ticket}, where=Where.PRIVATE)
    assert rows_of(make) == []


def test_what_is_hidden_meanwhile_is_unknown_to_its_followers_too(make: Sessions) -> None:
    ticket = tells(make, anonim=True)
    assert keys(wish(make, (SITI, Follow(ticket)))) == ["followed"]
    hidden = tells(make, rahasia=True)
    assert keys(wish(make, (SITI, Follow(hidden, follows=False)))) == ["follow-unknown"]


def test_the_own_report_needs_no_following_on_any_channel(make: Sessions) -> None:
    elsewhere = Who("9", LINE)
    ticket = tells(make, rahasia=True)
    tells(make, elsewhere)
    link(make, elsewhere, BUDI)
    said = wish(make, (BUDI, Follow(ticket)), (elsewhere, Follow(ticket)))
    assert keys(said) == ["follow-own", "follow-own"]
    assert rows_of(make) == []


@pytest.mark.parametrize("at_once", [True, False])
def test_no_more_than_so_many_open_reports_are_followed(make: Sessions, at_once: bool) -> None:
    tickets = [tells(make) for _ in range(MOST + 1)]
    wishes: list[tuple[Who, Effect]] = [(SITI, Follow(ticket)) for ticket in tickets]
    if at_once:
        said = wish(make, *wishes)
    else:
        said = [reply for one in wishes for reply in wish(make, one)]
    assert keys(said) == ["followed"] * MOST + ["follow-full"]
    assert said[-1]
    assert said[-1].args == {"most": str(MOST)}
    assert followed(make) == MOST
    closed = tells(make, state="selesai")  # it takes no room
    assert keys(wish(make, (SITI, Follow(closed)))) == ["followed"]
    left, wanted = Follow(tickets[0], follows=False), Follow(tickets[-1])
    said = wish(make, (SITI, left), (SITI, wanted), (BUDI, wanted))
    assert keys(said) == ["unfollowed", "followed", "follow-own"]
    assert len(rows_of(make)) == MOST + 1
