"""Rules: what they may say, and which of them a report meets."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core import rules
from core.matching import READ, Facts, Match, Rulebook
from core.rules import Conditions, Rule
from core.understanding import Klasifikasi, Likelihood, Understanding, Urgency

SUNDAY_NIGHT = datetime(2026, 3, 1, 23, 30, tzinfo=ZoneInfo("Asia/Makassar"))
SAID = Understanding(
    "m1",
    "",
    (Likelihood("PUPR", 0.6), Likelihood("DLH", 0.3)),
    klasifikasi=Klasifikasi.ASPIRASI,
    urgency=Urgency.SEGERA,
    category="1397",
)
WIDE = "".join(chr(ord(letter) + 0xFEE0) for letter in "LISTRIK")  # as some phones write
Change = Callable[[dict[str, Any]], object]


def rule(name: str = "satu", **conditions: Any) -> Rule:
    outcome = {"urusan": "DLH"}
    return Rule.model_validate({"name": name, "conditions": conditions, "outcome": outcome})


def facts(text: str = "", **changed: Any) -> Facts:
    known = {"channel": "telegram", "moment": SUNDAY_NIGHT, "region": "64.74.01"}
    return Facts(text, **{**known, "understanding": SAID, **changed})


def met(text: str = "", **conditions: Any) -> tuple[str, ...] | None:
    """Return the words by which a text meets a rule of these conditions, None if it does not."""
    match = Rulebook({"1": rule(**conditions)}).first(facts(text))
    return match.words if match else None


@pytest.mark.parametrize(
    ("text", "conditions", "words"),
    [
        ("Listrik PADAM sejak pagi!", {"any_of": ["listrik padam"]}, ("Listrik PADAM",)),
        ("listrik,\npadam", {"any_of": ["Listrik  padam"]}, ("listrik padam",)),
        ("listrik sering padam", {"any_of": ["listrik padam"]}, None),
        ("padam listrik", {"any_of": ["listrik padam"]}, None),
        ("pembangunan pohonan", {"any_of": ["pohon"]}, None),
        ("ada pohonnya di pinggir", {"any_of": ["pohon*"]}, ("pohonnya",)),
        ("sepohon", {"any_of": ["pohon*"]}, None),
        ("pohon", {"any_of": ["pohon*"]}, ("pohon",)),
        ("kepala sekolah SMKN2", {"any_of": ["kepala sekolah smkn*"]}, ("kepala sekolah SMKN2",)),
        ("menebang pohon pisang", {"any_of": ["meneb* pohon*"]}, ("menebang pohon",)),
        ("urus e-KTP lama", {"any_of": ["e-ktp"]}, ("e KTP",)),
        ("air mati", {"any_of": ["sampah", "air mati", "air"]}, ("air mati", "air")),
        ("tiang miring", {"all_of": ["tiang", "miring"]}, ("tiang", "miring")),
        ("tiang lurus", {"all_of": ["tiang", "miring"]}, None),
        ("tiang kayu", {"all_of": ["tiang"], "any_of": ["kayu", "besi"]}, ("tiang", "kayu")),
        ("tiang kaca", {"all_of": ["tiang"], "any_of": ["kayu", "besi"]}, None),
        ("listrik mati, lampunya juga", {"any_of": ["listrik"], "none_of": ["lampu*"]}, None),
        ("listrik mati", {"any_of": ["listrik"], "none_of": ["lampu*"]}, ("listrik",)),
        ("padam padam listrik", {"any_of": ["padam listrik"]}, ("padam listrik",)),
        ("listrik", {"any_of": ["listrik padam"]}, None),
        (f"{WIDE} padam", {"any_of": ["listrik padam"]}, (f"{WIDE} padam",)),
        ("stra\u00dfe", {"any_of": ["strasse"]}, ("stra\u00dfe",)),
        ("\u0130zin usaha", {"any_of": ["\u0130zin usaha"]}, ("i zin usaha",)),
        ("listrik_padam", {"any_of": ["listrik padam"]}, ("listrik padam",)),
        ("", {"any_of": ["listrik"]}, None),
        ("😀😀", {"any_of": ["listrik"]}, None),
        ("停電", {"any_of": ["停電"]}, ("停電",)),
    ],
)
def test_keywords_are_whole_words_whatever_their_spelling(
    text: str, conditions: dict[str, Any], words: tuple[str, ...] | None
) -> None:
    assert met(text, **conditions) == words


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ({"channels": ["telegram", "line"]}, True),
        ({"channels": ["line"]}, False),
        ({"categories": ["1397"]}, True),
        ({"categories": ["139"]}, False),
        ({"klasifikasi": ["aspirasi"]}, True),
        ({"klasifikasi": ["permintaan_informasi"]}, False),
        ({"urgency": ["segera", "darurat"]}, True),
        ({"urgency": ["biasa"]}, False),
        ({"urusan": ["DLH"]}, True),
        ({"urusan": ["DLH"], "probability": 0.3}, True),
        ({"urusan": ["DLH"], "probability": 0.31}, False),
        ({"urusan": ["DLH", "PUPR"], "probability": 0.6}, True),
        ({"urusan": ["DINKES"]}, False),
        ({"regions": ["64"]}, True),
        ({"regions": ["33", "64.74"]}, True),
        ({"regions": ["64.74.01"]}, True),
        ({"regions": ["64.74.01.1001"]}, False),
        ({"regions": ["64.7"]}, None),
        ({"regions": ["64.72"]}, False),
        ({"weekdays": ["minggu"]}, True),
        ({"weekdays": ["senin", "sabtu"]}, False),
        ({"hours": {"start": "23:30", "end": "23:31"}}, True),
        ({"hours": {"start": "23:00", "end": "23:30"}}, False),
        ({"hours": {"start": "22:00", "end": "04:00"}}, True),
        ({"hours": {"start": "23:31", "end": "04:00"}}, False),
        ({"weekdays": ["minggu"], "channels": ["line"]}, False),
        ({"weekdays": ["minggu"], "channels": ["telegram"], "regions": ["64"]}, True),
    ],
)
def test_each_condition_that_is_given_must_hold(
    conditions: dict[str, Any], holds: bool | None
) -> None:
    if holds is None:
        with pytest.raises(ValidationError):
            rule(**conditions)
        return
    assert (met("apa saja", **conditions) is not None) == holds


def test_what_no_model_has_said_meets_no_condition_about_it() -> None:
    nothing = facts(understanding=Understanding("", ""), region="")
    asked: dict[str, Any] = {
        "urusan": ["PUPR"],
        "klasifikasi": ["aspirasi"],
        "categories": ["1397"],
    }
    for name, entries in {**asked, "regions": ["64"]}.items():
        assert Rulebook({"1": rule(**{name: entries})}).first(nothing) is None


FULL = {"any_of": ["listrik"]}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda it: it.update(conditions={}), "a rule needs a condition"),
        (lambda it: it.update(conditions={"any_of": []}), "a rule needs a condition"),
        (lambda it: it.update(conditions={"none_of": ["x"]}), "a rule needs a condition"),
        (lambda it: it.update(conditions={"probability": 0.5}), "a rule needs a condition"),
        (lambda it: it["conditions"].update(probability=0.5), "probability goes with urusan"),
        (lambda it: it["conditions"].update(urusan=["DPR"]), "not the code of an urusan"),
        (lambda it: it["conditions"].update(regions=["6"]), "pattern"),
        (lambda it: it["conditions"].update(categories=["x"]), "pattern"),
        (lambda it: it["conditions"].update(channels=["LINE"]), "pattern"),
        (lambda it: it["conditions"].update(weekdays=["sunday"]), "'senin'"),
        (lambda it: it["conditions"].update(hours={"start": "7:00", "end": "8:00"}), "pattern"),
        (lambda it: it["conditions"].update(hours={"start": "24:00", "end": "08:00"}), "pattern"),
        (lambda it: it["conditions"].update(hours={"start": "08:00", "end": "08:00"}), "the same"),
        (lambda it: it["conditions"].update(any=["x"]), "Extra inputs"),
        (lambda it: it["conditions"].update(any_of=[""]), "1 to 6 words"),
        (lambda it: it["conditions"].update(any_of=["!!"]), "1 to 6 words"),
        (lambda it: it["conditions"].update(any_of=["a b c d e f g"]), "1 to 6 words"),
        (lambda it: it["conditions"].update(any_of=["li*"]), "3 letters"),
        (lambda it: it["conditions"].update(any_of=["*"]), "3 letters"),
        (lambda it: it["conditions"].update(any_of=["lis*trik"]), "3 letters"),
        (lambda it: it["conditions"].update(any_of=["listrik**"]), "3 letters"),
        (lambda it: it["conditions"].update(any_of=["x" * 61]), "60"),
        (lambda it: it.update(outcome={}), "needs an urusan or an agency"),
        (lambda it: it.update(outcome={"note": "x"}), "needs an urusan or an agency"),
        (lambda it: it.update(outcome={"agency": "Dinas"}), "pattern"),
        (lambda it: it.update(outcome={"agency": "dlh", "tier": "pusat"}), "tier goes with urusan"),
        (lambda it: it.update(outcome={"urusan": "DLH", "tier": "desa"}), "'provinsi'"),
        (lambda it: it.update(outcome={"urusan": "DLH", "urgency": "x"}), "'darurat'"),
        (lambda it: it["outcome"].update(note="x" * 301), "300"),
        (lambda it: it["outcome"].update(note="\x00"), "pattern"),
        (lambda it: it.update(name=""), "at least 1"),
        (lambda it: it.update(name="  "), "at least 1"),
        (lambda it: it.update(name="x" * 81), "80"),
        (lambda it: it.update(name="a\nb"), "pattern"),
        (lambda it: it.update(id=7), "Extra inputs"),
    ],
)
def test_what_is_no_rule(change: Change, complaint: str) -> None:
    written: dict[str, Any] = {
        "name": "satu",
        "conditions": dict(FULL),
        "outcome": {"urusan": "DLH"},
    }
    Rule.model_validate(written)
    change(written)
    with pytest.raises(ValidationError) as refused:
        Rule.model_validate(written)
    assert complaint in str(refused.value)


MOST = [f"kata{n}" for n in range(rules.MOST_KEYWORDS)]


@pytest.mark.parametrize(
    ("conditions", "is_rule"),
    [
        ({"any_of": MOST}, True),
        ({"any_of": [*MOST, "lagi"]}, False),
        ({"any_of": MOST[:50], "all_of": MOST[50:99], "none_of": MOST[99:]}, True),
        ({"any_of": MOST[:50], "all_of": MOST[50:], "none_of": ["lagi"]}, False),
        ({"any_of": ["x" * 60]}, True),
        ({"any_of": ["a b c d e f"]}, True),
        ({"any_of": ["lis*"]}, True),
        ({"categories": [str(n) for n in range(100)]}, True),
        ({"categories": [str(n) for n in range(101)]}, False),
        ({"regions": [f"{n}" for n in range(10, 100)] + [f"10.{n}" for n in range(10, 20)]}, True),
        ({"regions": [f"{n}" for n in range(10, 100)] + [f"10.{n}" for n in range(10, 21)]}, False),
    ],
)
def test_limits(conditions: dict[str, Any], is_rule: bool) -> None:
    if is_rule:
        assert rule("x" * 80, **conditions).conditions.model_fields_set == set(conditions)
        return
    with pytest.raises(ValidationError):
        rule(**conditions)


def test_a_text_is_read_up_to_a_limit() -> None:
    filling = "a " * (READ // 2 - 4)
    assert met(f"{filling}listrik", any_of=["listrik"]) is not None
    assert met(f"{filling}  listrik", any_of=["listrik"]) is None
    assert met("listrik " * 20_000, any_of=["listrik"]) == ("listrik",)


def test_the_first_rule_that_holds_decides() -> None:
    wide, narrow = rule("luas", any_of=["tiang"]), rule("sempit", all_of=["tiang", "miring"])
    timed = rule("waktu", weekdays=["minggu"])
    asked = facts("tiang miring")

    def chosen(**book: Rule) -> str:
        match = Rulebook(book).first(asked)
        return match.key if match else ""

    assert chosen(a=wide, b=narrow, c=timed) == "a"
    assert chosen(b=narrow, a=wide, c=timed) == "b"
    assert chosen(c=timed, b=narrow, a=wide) == "c"
    assert chosen() == ""
    assert Rulebook().first(asked) is None


VOCABULARY = ["air", "mati", "airnya", "listrik", "padam", "pohon", "pohonan", "jalan", "Jalan"]
WORDS = st.sampled_from([*VOCABULARY, "😀", "\u0130", "ß", "停電", "x_y"])
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=12).map(" ".join))
KEYWORDS = st.lists(
    st.lists(st.sampled_from([*VOCABULARY, "pohon*", "air*"]), min_size=1, max_size=3).map(
        " ".join
    ),
    max_size=3,
)
CONDITIONS = st.fixed_dictionaries(
    {"any_of": KEYWORDS, "all_of": KEYWORDS, "none_of": KEYWORDS},
    optional={
        "channels": st.sampled_from([["telegram"], ["line"]]),
        "regions": st.sampled_from([["64"], ["33"]]),
        "urusan": st.sampled_from([["PUPR"], ["DINKES"]]),
    },
)


def is_rule(conditions: dict[str, Any]) -> bool:
    try:
        Conditions.model_validate(conditions)
    except ValidationError:
        return False
    return True


BOOKS = st.lists(CONDITIONS.filter(is_rule), max_size=6).map(
    lambda found: {str(n): rule(f"r{n}", **one) for n, one in enumerate(found)}
)


def holds(one: Rule, asked: Facts) -> bool:
    return Rulebook({"x": one}).first(asked) is not None


@given(BOOKS, TEXTS)
def test_order_alone_decides_between_rules_that_hold(book: dict[str, Rule], text: str) -> None:
    asked = facts(text)
    match = Rulebook(book).first(asked)
    holding = [key for key, one in book.items() if holds(one, asked)]
    assert (match.key if match else None) == (holding[0] if holding else None)
    backwards = Rulebook(dict(reversed(book.items()))).first(asked)
    assert (backwards.key if backwards else None) == (holding[-1] if holding else None)


@given(BOOKS, TEXTS)
def test_a_rule_that_does_not_hold_changes_nothing(book: dict[str, Rule], text: str) -> None:
    asked = facts(text)
    holding = {key: one for key, one in book.items() if holds(one, asked)}
    assert Rulebook(book).first(asked) == Rulebook(holding).first(asked)


def plainly(one: Conditions, text: str) -> bool:
    """Tell whether the keywords of a rule hold, word by word and without any index."""
    words = rules.words_of(rules.fold(text))

    def stands(keyword: str) -> bool:
        parts = keyword.split()
        return any(
            len(words) - start >= len(parts)
            and all(
                word == part or (part.endswith("*") and word.startswith(part[:-1]))
                for word, part in zip(words[start:], parts, strict=False)
            )
            for start in range(len(words))
        )

    wanted = (not one.any_of or any(map(stands, one.any_of))) and all(map(stands, one.all_of))
    return wanted and not any(map(stands, one.none_of))


@given(KEYWORDS, KEYWORDS, KEYWORDS, TEXTS)
def test_the_index_finds_what_plain_comparing_finds(
    any_of: list[str], all_of: list[str], none_of: list[str], text: str
) -> None:
    one = rule(any_of=any_of, all_of=all_of, none_of=none_of, channels=["telegram"])
    assert holds(one, facts(text)) == plainly(one.conditions, text)


@given(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=9), KEYWORDS.filter(bool))
def test_the_words_that_matched_stand_in_the_text(words: list[str], keywords: list[str]) -> None:
    text = " ".join(words)
    match: Match | None = Rulebook({"1": rule(any_of=keywords)}).first(facts(text))
    assert match is None or all(f" {found} " in f" {text} " for found in match.words)
    assert match is None or match.words


@given(st.text(max_size=80))
def test_a_keyword_that_is_taken_keeps_its_meaning(written: str) -> None:
    try:
        [kept] = rule(any_of=[written]).conditions.any_of
    except ValidationError:
        return
    assert Rulebook({"1": rule(any_of=[kept])}).first(facts(written.replace("*", ""))) is not None
