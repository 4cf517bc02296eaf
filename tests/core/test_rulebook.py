"""The book of rules: order, states, what must come before a rule decides."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from core import rulebook
from core.db import tables
from core.db.session import Sessions, transaction
from core.errors import ConfigurationError, MoveRefused, NotFound
from core.rulebook import Filed, Trial
from core.rules import MOST_RULES, Rule

ACTOR = "diskominfo"


def rule(name: str = "satu", keyword: str = "tiang", **outcome: Any) -> Rule:
    conditions = {"any_of": [keyword], "hours": {"start": "22:00", "end": "04:00"}}
    return Rule.model_validate(
        {"name": name, "conditions": conditions, "outcome": outcome or {"urusan": "DLH"}}
    )


def trial(reports: int = 9) -> Trial:
    return Trial(at=datetime.now(UTC), reports=reports, matched=2, agreeing=("7KQ2M-X9PAT",))


Add = Callable[..., Filed]


@pytest.fixture
def add(make: Sessions) -> Add:
    def act(*given: Any, **named: Any) -> Filed:
        with transaction(make) as session:
            return rulebook.add(session, rule(*given, **named), ACTOR)

    return act


def order(make: Sessions) -> list[str]:
    with transaction(make) as session:
        found = rulebook.page(session, 1000)
    assert [one.position for one in found] == list(range(1, len(found) + 1))
    return [one.rule.name for one in found]


def mark(make: Sessions) -> str:
    with transaction(make) as session:
        return rulebook.fingerprint(session)


def test_a_rule_is_read_as_it_was_written(make: Sessions, add: Add) -> None:
    added = add("satu", urusan="DISDIK", tier="provinsi", urgency="segera", note="Sebabnya.")
    written = rule("satu", urusan="DISDIK", tier="provinsi", urgency="segera", note="Sebabnya.")
    assert (added.rule, added.state, added.trial, added.actor) == (written, "draft", None, ACTOR)
    with transaction(make) as session:
        assert rulebook.find(session, added.id) == added
        assert rulebook.named(session, "satu") == added
        assert rulebook.named(session, str(added.id)) == added
        [row] = session.scalars(select(tables.Rule))
    assert row.conditions == {"any_of": ["tiang"], "hours": {"start": "22:00", "end": "04:00"}}


def test_a_draft_decides_nothing_until_it_was_tried(make: Sessions, add: Add) -> None:
    draft = add()
    with transaction(make) as session:
        assert rulebook.live(session).rules == {}
        with pytest.raises(MoveRefused, match="was not tried"):
            rulebook.set_state(session, draft.id, "live", ACTOR)
        tried = rulebook.note_trial(session, draft, trial())
        assert tried.trial is not None
        assert tried.trial.agreeing == ("7KQ2M-X9PAT",)
        assert rulebook.set_state(session, draft.id, "live", ACTOR).state == "live"
    with transaction(make) as session:
        assert rulebook.live(session).rules == {"1": draft.rule}


def test_untried_insists(make: Sessions, add: Add) -> None:
    draft = add()
    with transaction(make) as session:
        filed = rulebook.set_state(session, draft.id, "live", "lain", untried=True)
    assert (filed.state, filed.trial, filed.actor) == ("live", None, "lain")


def test_an_edit_makes_an_untried_draft_and_writing_the_same_does_not(
    make: Sessions, add: Add
) -> None:
    one = add()
    with transaction(make) as session:
        rulebook.note_trial(session, one, trial())
        live = rulebook.set_state(session, one.id, "live", ACTOR)
    with transaction(make) as session:
        assert rulebook.replace(session, one.id, one.rule, "lain") == live
        edited = rulebook.replace(session, one.id, rule(keyword="kabel"), "lain")
    assert (edited.state, edited.trial, edited.actor) == ("draft", None, "lain")
    assert edited.updated_at > live.updated_at
    with transaction(make) as session, pytest.raises(MoveRefused, match="edited while it was"):
        rulebook.note_trial(session, one, trial())


def test_a_rule_leads_to_no_opd_that_is_not_active(make: Sessions, add: Add) -> None:
    with transaction(make) as session:
        row = {"slug": "national-pln", "name": "PLN", "active": True}
        session.execute(insert(tables.Agency).values(row))
    one = add(agency="national-pln")
    with transaction(make) as session:
        session.execute(update(tables.Agency).values(active=False))
    with transaction(make) as session, pytest.raises(MoveRefused, match="no active agency"):
        rulebook.set_state(session, one.id, "live", ACTOR, untried=True)
    with transaction(make) as session:
        session.execute(update(tables.Agency).values(active=True))
        assert rulebook.set_state(session, one.id, "live", ACTOR, untried=True).state == "live"


def asking_for(*regions: str) -> Rule:
    conditions = {"any_of": ["tiang"], "regions": regions}
    written = {"name": "nama", "conditions": conditions, "outcome": {"urusan": "DLH"}}
    return Rule.model_validate(written)


WAYS: list[Callable[[Session, Rule], object]] = [
    lambda session, given: rulebook.add(session, given, ACTOR),
    lambda session, given: rulebook.put(session, [rule("lain"), given], ACTOR),
    lambda session, given: rulebook.replace(session, 1, given, ACTOR),
]


@pytest.mark.parametrize("write", WAYS, ids=["add", "put", "replace"])
@pytest.mark.parametrize(
    ("given", "why"),
    [
        (rule("nama", agency="tidak-ada"), "'nama' leads to 'tidak-ada', which is no active"),
        (rule("nama", agency="bubar"), "'nama' leads to 'bubar', which is no active agency"),
        (asking_for("64.74", "64.99"), "'nama' asks for '64.99', which is no area"),
        (asking_for("64.74.01.9999"), "'64.74.01.9999'"),
    ],
)
def test_what_nobody_knows_is_refused_when_it_is_written(
    make: Sessions, add: Add, write: Callable[[Session, Rule], object], given: Rule, why: str
) -> None:
    before = add("satu")
    with transaction(make) as session:
        row = {"slug": "bubar", "name": "Bubar", "active": False}
        session.execute(insert(tables.Agency).values(row))
    with pytest.raises(NotFound, match=why), transaction(make) as session:
        write(session, given)
    with transaction(make) as session:
        assert rulebook.in_force(session) == [before]


@pytest.mark.parametrize("write", WAYS, ids=["add", "put", "replace"])
def test_areas_of_the_packaged_table_and_loaded_ones_are_known(
    make: Sessions, add: Add, write: Callable[[Session, Rule], object]
) -> None:
    add("satu")
    with transaction(make) as session:
        row = {"code": "65.71.01", "name": "Tarakan Barat", "kind": "kecamatan"}
        session.execute(insert(tables.Region).values(row))
        write(session, asking_for("64", "64.74.01", "65.71.01"))
        assert rulebook.named(session, "nama").rule == asking_for("64", "64.74.01", "65.71.01")


def test_a_file_with_what_has_gone_since_is_taken_as_it_stands_in_the_book(
    make: Sessions, add: Add
) -> None:
    with transaction(make) as session:
        session.execute(insert(tables.Agency).values(slug="pln", name="PLN"))
    add("satu", agency="pln")
    with transaction(make) as session:
        session.execute(update(tables.Agency).values(active=False))
        assert rulebook.put(session, [rule("satu", agency="pln")], ACTOR).same == ("satu",)


def test_off_is_kept_and_left_out(make: Sessions, add: Add) -> None:
    one, two = add("satu"), add("dua")
    with transaction(make) as session:
        for it in (one, two):
            rulebook.set_state(session, it.id, "live", ACTOR, untried=True)
        off = rulebook.set_state(session, one.id, "off", ACTOR)
        assert rulebook.set_state(session, one.id, "off", "lain") == off
    with transaction(make) as session:
        assert list(rulebook.live(session).rules) == [two.key]
        assert [it.id for it in rulebook.in_force(session)] == [two.id]
        assert rulebook.find(session, one.id).state == "off"
        assert [it.id for it in rulebook.page(session, 10, state="off")] == [one.id]
        assert [it.id for it in rulebook.page(session, 1, after=1)] == [two.id]


@pytest.mark.parametrize(
    ("name", "position", "expected"),
    [
        ("c", 1, "cabd"),
        ("a", 4, "bcda"),
        ("a", 99, "bcda"),
        ("b", 3, "acbd"),
        ("b", 2, "abcd"),
        ("d", 2, "adbc"),
    ],
)
def test_moving_keeps_the_order_of_the_others(
    make: Sessions, add: Add, name: str, position: int, expected: str
) -> None:
    for each in "abcd":
        add(each)
    with transaction(make) as session:
        moved = rulebook.move(session, rulebook.named(session, name).id, position, ACTOR)
    assert moved.position == expected.index(name) + 1
    assert "".join(order(make)) == expected


def test_the_live_rulebook_is_asked_in_order(make: Sessions, add: Add) -> None:
    ids = [add(name).id for name in "abc"]
    with transaction(make) as session:
        for each in ids:
            rulebook.set_state(session, each, "live", ACTOR, untried=True)
        rulebook.move(session, ids[2], 1, ACTOR)
        assert list(rulebook.live(session).rules) == ["3", "1", "2"]


def test_each_change_of_what_is_live_has_another_fingerprint(make: Sessions, add: Add) -> None:
    def change(act: Callable[..., object], *given: Any, **named: Any) -> str:
        with transaction(make) as session:
            act(session, *given, **named)
        return mark(make)

    seen = [mark(make)]
    one, two = add("satu"), add("dua")
    assert mark(make) == seen[0] == ""  # drafts decide nothing
    states = ("live", ACTOR)
    seen += [change(rulebook.set_state, it.id, *states, untried=True) for it in (one, two)]
    seen.append(change(rulebook.move, two.id, 1, ACTOR))
    seen.append(change(rulebook.set_state, two.id, "off", ACTOR))
    seen.append(change(rulebook.replace, one.id, rule("lain"), ACTOR))
    assert seen.pop() == ""
    assert len(set(seen)) == len(seen)
    assert mark(make) == change(rulebook.note_trial, rulebook_find(make, one.id), trial())


def rulebook_find(make: Sessions, rule_id: int) -> Filed:
    with transaction(make) as session:
        return rulebook.find(session, rule_id)


def test_putting_a_file_adds_changes_and_leaves(make: Sessions, add: Add) -> None:
    add("satu")
    live = add("dua")
    with transaction(make) as session:
        rulebook.set_state(session, live.id, "live", ACTOR, untried=True)
        given = [rule("tiga"), rule("satu"), rule("dua", "kabel")]
        added = rulebook.put(session, given, ACTOR)
    assert (added.new, added.changed, added.same) == (("tiga",), ("dua",), ("satu",))
    assert order(make) == ["satu", "dua", "tiga"]
    with transaction(make) as session:
        assert {one.state for one in rulebook.in_force(session)} == {"draft"}


def test_what_an_office_has_edited_stays_when_the_packaged_rules_come_again(
    make: Sessions, add: Add
) -> None:
    own = add("satu", "kabel")
    with transaction(make) as session:
        given = [rule("satu"), rule("dua")]
        added = rulebook.put(session, given, ACTOR, replacing=False, state="live")
    assert (added.new, added.changed, added.same) == (("dua",), (), ("satu",))
    with transaction(make) as session:
        first, second = rulebook.in_force(session)
    assert (first, second.state) == (own, "live")


def test_there_is_room_for_so_many(make: Sessions) -> None:
    many = [rule(f"r{n}") for n in range(MOST_RULES)]
    with transaction(make) as session:
        rulebook.put(session, many, ACTOR)
    for act in (
        lambda session: rulebook.add(session, rule("lagi"), ACTOR),
        lambda session: rulebook.put(session, [rule("lagi")], ACTOR),
    ):
        with transaction(make) as session, pytest.raises(MoveRefused, match="500 rules"):
            act(session)
    with transaction(make) as session:
        rulebook.set_state(session, 1, "off", ACTOR)
        rulebook.add(session, rule("lagi"), ACTOR)
    for act in (
        lambda session: rulebook.set_state(session, 1, "draft", ACTOR),
        lambda session: rulebook.replace(session, 1, rule("r0", "kabel"), ACTOR),
        lambda session: rulebook.put(session, [rule("r0", "kabel")], ACTOR),
    ):
        with transaction(make) as session, pytest.raises(MoveRefused, match="500 rules"):
            act(session)


def test_a_name_is_given_once(make: Sessions, add: Add) -> None:
    add("satu")
    two = add("dua")
    with pytest.raises(MoveRefused, match="'satu' is taken"):
        add("satu")
    with transaction(make) as session, pytest.raises(MoveRefused, match="'satu' is taken"):
        rulebook.replace(session, two.id, rule("satu"), ACTOR)
    with transaction(make) as session:
        assert rulebook.replace(session, two.id, rule("tiga"), ACTOR).rule.name == "tiga"


def test_a_name_that_is_a_number_goes_before_the_number(make: Sessions, add: Add) -> None:
    add("2")
    two = add("dua")
    with transaction(make) as session:
        assert rulebook.named(session, "2").rule.name == "2"
        assert rulebook.named(session, "dua") == two


@pytest.mark.parametrize("name", ["tidak ada", "7", "99999999999999999999", "-1", "\u0662"])
def test_what_is_not_there(make: Sessions, name: str) -> None:
    with transaction(make) as session, pytest.raises(NotFound):
        rulebook.named(session, name)


@pytest.mark.parametrize(
    "act",
    [
        lambda session: rulebook.find(session, 1),
        lambda session: rulebook.move(session, 1, 1, ACTOR),
        lambda session: rulebook.replace(session, 1, rule(), ACTOR),
        lambda session: rulebook.set_state(session, 1, "off", ACTOR),
    ],
)
def test_nothing_is_done_to_a_rule_that_is_not_there(
    make: Sessions, act: Callable[..., object]
) -> None:
    with transaction(make) as session, pytest.raises(NotFound, match="no rule 1"):
        act(session)


def test_a_row_that_is_no_rule_is_named(make: Sessions, add: Add) -> None:
    add()
    with transaction(make) as session:
        session.execute(update(tables.Rule).values(outcome={"urusan": "rahasia"}))
    with (
        transaction(make) as session,
        pytest.raises(ConfigurationError, match=r"rule 1 in the database: outcome\.urusan") as it,
    ):
        rulebook.live(session)
    assert "rahasia" not in str(it.value)


def test_two_who_write_at_once_wait_for_each_other(make: Sessions) -> None:
    def write(name: str) -> None:
        for n in range(10):
            with transaction(make) as session:
                added = rulebook.add(session, rule(f"{name}{n}"), ACTOR)
                rulebook.move(session, added.id, 1, ACTOR)

    writers = [Thread(target=write, args=(name,)) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert len(order(make)) == 30
