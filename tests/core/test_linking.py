"""One citizen on several channels: a code that is short-lived, used once, and not to be guessed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from core import linking
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, LinkCode, Outbox
from core.effects import MakeLinkCode, SetNotices, TellReports, UseLinkCode
from core.linking import MOST_TRIES
from tests.core.desk import BUDI, LINE, SITI, Who, keys, link, row_of, tells, wish
from tests.core.post import rows

ELSEWHERE = Who("9", LINE)
THIRD = Who("9", "messenger")


def code_of(make: Sessions, who: Who = BUDI) -> str:
    [reply] = wish(make, (who, MakeLinkCode()))
    assert reply
    assert reply.args["minutes"] == "10"
    return reply.args["code"]


def use(make: Sessions, who: Who, *codes: str) -> list[str]:
    return keys(wish(make, *((who, UseLinkCode(code)) for code in codes)))


def wrong_of(*codes: str) -> str:
    return next(code for code in ("00000000", "11111111", "22222222") if code not in codes)


def pass_time(make: Sessions, table: str, column: str, by: timedelta) -> None:
    with transaction(make) as session:
        session.execute(text(f"update {table} set {column} = {column} - :by"), {"by": by})


def persons(make: Sessions, *whos: Who) -> int:
    return len({row_of(make, who).person for who in whos})


def codes(make: Sessions) -> list[LinkCode]:
    with transaction(make) as session:
        return list(session.query(LinkCode))


def test_laporan_saya_is_the_same_on_both_channels(make: Sessions) -> None:
    tickets = {tells(make), tells(make, ELSEWHERE)}
    assert use(make, ELSEWHERE, code_of(make)) == ["linked"]
    for who in (BUDI, ELSEWHERE):
        [reply] = wish(make, (who, TellReports()))
        assert reply
        assert {option.ticket for option in reply.options} == tickets


def test_the_code_is_stored_as_a_digest_with_a_key(make: Sessions) -> None:
    code = code_of(make)
    assert len(code) == linking.DIGITS
    assert code.isdecimal()
    [stored] = codes(make)
    assert code not in stored.digest
    with transaction(make) as session:
        assert stored.digest == linking.digest(session, code)
    assert stored.conversation_id == row_of(make, BUDI).id


def test_a_new_code_takes_the_place_of_the_old_one(make: Sessions) -> None:
    old, others, new = code_of(make), code_of(make, SITI), code_of(make)
    assert len(codes(make)) == 2
    assert use(make, ELSEWHERE, old, new) == ["link-wrong", "linked"]
    assert use(make, THIRD, others) == ["linked"]


def test_a_code_is_used_once(make: Sessions) -> None:
    code = code_of(make)
    assert use(make, ELSEWHERE, code, code) == ["linked", "link-wrong"]
    assert use(make, THIRD, code) == ["link-wrong"]
    assert codes(make) == []
    assert persons(make, BUDI, ELSEWHERE, THIRD) == 2


@pytest.mark.parametrize(
    ("minutes", "said"), [(9.9, "linked"), (10, "link-wrong"), (600, "link-wrong")]
)
def test_a_code_is_valid_for_ten_minutes(make: Sessions, minutes: float, said: str) -> None:
    code = code_of(make)
    pass_time(make, "link_code", "expires_at", timedelta(minutes=minutes))
    assert use(make, ELSEWHERE, code) == [said]
    code_of(make, SITI)
    assert len(codes(make)) == 1  # what expired is gone


def test_the_channel_that_made_the_code_is_told_to_use_another(make: Sessions) -> None:
    code = code_of(make)
    assert use(make, BUDI, code) == ["link-here"]
    assert use(make, ELSEWHERE, code) == ["linked"]


@pytest.mark.parametrize("at_once", [True, False])
def test_after_some_wrong_codes_even_the_right_one_has_to_wait(
    make: Sessions, at_once: bool
) -> None:
    code = code_of(make)
    tries = [wrong_of(code)] * MOST_TRIES + [code]
    said = use(make, ELSEWHERE, *tries) if at_once else [
        key for one in tries for key in use(make, ELSEWHERE, one)
    ]  # fmt: skip
    assert said == ["link-wrong"] * MOST_TRIES + ["link-wait"]
    assert use(make, THIRD, wrong_of(code)) == ["link-wrong"]  # of each conversation its own
    pass_time(make, "link_try", "at", timedelta(minutes=10))
    assert use(make, ELSEWHERE, code) == ["linked"]


def test_one_try_less_is_no_reason_to_wait(make: Sessions) -> None:
    code = code_of(make)
    tries = [wrong_of(code)] * (MOST_TRIES - 1)
    assert use(make, ELSEWHERE, *tries, code) == ["link-wrong"] * (MOST_TRIES - 1) + ["linked"]


def test_all_channels_of_both_become_one_person(make: Sessions) -> None:
    link(make, ELSEWHERE, BUDI)
    link(make, THIRD, SITI)
    assert persons(make, BUDI, SITI, ELSEWHERE, THIRD) == 2
    link(make, THIRD, ELSEWHERE)
    assert persons(make, BUDI, SITI, ELSEWHERE, THIRD) == 1
    assert use(make, BUDI, code_of(make, SITI)) == ["linked"]  # they were one already


def test_a_chain_of_codes_in_one_batch_makes_one_person(make: Sessions) -> None:
    first, second = code_of(make, BUDI), code_of(make, SITI)
    said = wish(
        make, (SITI, UseLinkCode(first)), (BUDI, UseLinkCode(second)), (THIRD, UseLinkCode(first))
    )
    assert keys(said) == ["linked", "linked", "link-wrong"]
    assert persons(make, BUDI, SITI) == 1
    assert persons(make, BUDI, THIRD) == 2


def test_of_two_channels_with_one_code_at_once_one_is_linked(make: Sessions) -> None:
    for number in range(5):
        code = code_of(make, Who(f"1{number}"))
        both = Who(f"2{number}", LINE), Who(f"3{number}", LINE)
        with ThreadPoolExecutor(2) as pool:
            tried = [pool.submit(use, make, who, code) for who in both]
        assert sorted(one.result()[0] for one in tried) == ["link-wrong", "linked"]


def test_two_conversations_never_have_one_code(
    make: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["11111111", "11111111", "11111111", "22222222"])
    monkeypatch.setattr(linking, "new_code", lambda: next(drawn))
    assert code_of(make, BUDI) == "11111111"
    assert code_of(make, SITI) == "22222222"
    assert len(codes(make)) == 2
    assert len(rows(make, Conversation)) == 2


@pytest.mark.parametrize("language", ["id", "en"])
def test_whose_code_was_used_is_told_where_he_made_it(make: Sessions, language: str) -> None:
    owner = Who("7", language=language)
    tells(make, owner)
    wish(make, (owner, SetNotices(wanted=False)))  # he must know all the same
    code = code_of(make, owner)
    assert use(make, ELSEWHERE, wrong_of(code)) == ["link-wrong"]
    assert rows(make, Outbox) == []
    assert use(make, ELSEWHERE, code) == ["linked"]
    [part] = rows(make, Outbox)
    assert (part.conversation_id, part.channel) == (row_of(make, owner).id, "telegram")
    assert {"id": "kanal LINE kini terhubung", "en": "LINE is linked now"}[language] in part.texts[
        0
    ]
    assert code not in part.texts[0]
