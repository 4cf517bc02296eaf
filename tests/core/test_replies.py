"""The catalogues: one set of sentences in two languages, short, with no surprises."""

from importlib.resources import files

import pytest
import regex
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor
from hypothesis import given, settings
from hypothesis import strategies as st

from core.replies import LANGUAGES, catalogue, render
from core.words import Word, words_in
from core.workflow import ReportState

ONE_SCREEN = 600
BIDI = regex.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Variables(Visitor):
    """Collects the names of variables below a node."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802
        self.found.add(node.id.name)


def source(language: str) -> str:
    return files("core.replies").joinpath(f"{language}.ftl").read_text(encoding="utf-8")


def variables(language: str) -> dict[str, set[str]]:
    """Return the names of the variables of each sentence; nothing in the file may be broken."""
    found: dict[str, set[str]] = {}
    for entry in FluentParser().parse(source(language)).body:
        assert not isinstance(entry, ast.Junk), entry
        if isinstance(entry, ast.Message):
            assert entry.id.name not in found, "said twice"
            visitor = Variables()
            visitor.visit(entry)
            found[entry.id.name] = visitor.found
    return found


SENTENCES = variables("id")


def test_the_same_sentences_with_the_same_variables() -> None:
    assert len(SENTENCES) > 25
    assert variables("en") == SENTENCES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", SENTENCES)
def test_each_is_short_and_plain(language: str, key: str) -> None:
    text = render(language, key, dict.fromkeys(SENTENCES[key], ""))
    assert 1 <= len(text) <= ONE_SCREEN
    assert not BIDI.search(text)
    assert text == text.strip() or SENTENCES[key]
    assert "{" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_a_report_has_a_name(language: str) -> None:
    assert len({render(language, f"state-{state}") for state in ReportState}) == len(ReportState)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_has_a_name(language: str) -> None:
    assert len({render(language, f"month-{number}") for number in range(1, 13)}) == 12


ODD = st.one_of(
    st.text(),
    st.sampled_from(
        ["{ $ticket }", "a = b\n    .c = d", "{ -x }", "{", "}", "\u2068x\u2069", "*[x]"]
    ),
)


@settings(max_examples=50)
@given(ODD, ODD)
def test_what_people_write_stays_as_it_is(text: str, agency: str) -> None:
    said = render("id", "answer", {"agency": agency, "ticket": "T", "text": text})
    assert said == f"Jawaban {agency} untuk laporan T:\n\n{text}"


@pytest.mark.parametrize(
    ("where", "files", "shown"),
    [
        ("words", "none", ("📍 gang X", "📎 Tanpa foto")),
        ("pin", "1", ("📍 Titik di peta", "📎 1 berkas")),
        ("both", "12", ("📍 gang X (dengan titik peta)", "📎 12 berkas")),
    ],
)
def test_preview(where: str, files: str, shown: tuple[str, str]) -> None:
    args = PREVIEW | {"where": where, "files": files}
    lines = render("id", "preview", args).splitlines()
    assert lines[2] == "isi"
    assert (lines[4], lines[5], lines[6], lines[7]) == (shown[0], "🗓 tadi pagi", shown[1], "")
    warned = render("id", "preview", args | {"private": "NIK, nomor telepon"}).splitlines()
    assert warned[7].startswith("🔒 Kami samarkan: NIK, nomor telepon. ")
    assert [*warned[:7], *warned[8:]] == lines


PREVIEW = {
    "text": "isi",
    "place": "gang X",
    "where": "words",
    "files": "none",
    "private": "none",
    "when": "tadi pagi",
    "secrecy": "named",
    "class": "pengaduan_tidak_berkadar_pengawasan",
}


@pytest.mark.parametrize(
    ("told", "lines"),
    [
        ({"when": "kemarin sore"}, {"🗓 kemarin sore"}),
        ({"where": "none", "place": ""}, {"📍 Tanpa lokasi"}),
        ({"secrecy": "anonim"}, {"🕶 Anonim"}),
        ({"secrecy": "rahasia"}, {"🔒 Rahasia"}),
        ({"secrecy": "both"}, {"🕶 Anonim, 🔒 rahasia"}),
        ({"class": "aspirasi"}, {"🏷 Usulan"}),
        ({"class": "permintaan_informasi", "secrecy": "anonim"}, {"🏷 Pertanyaan", "🕶 Anonim"}),
    ],
)
def test_the_preview_shows_what_is_out_of_the_ordinary(
    told: dict[str, str], lines: set[str]
) -> None:
    usual = set(render("id", "preview", PREVIEW).splitlines())
    assert set(render("id", "preview", PREVIEW | told).splitlines()) - usual == lines


def test_variables_of_any_length_come_whole_and_in_their_places() -> None:
    agency, text = "\ue000 a" * 900, "\ue001 b" * 1200
    args = {"agency": agency, "ticket": "\ue002", "text": text}
    said = render("id", "answer", args)
    assert said == f"Jawaban {agency} untuk laporan \ue002:\n\n{text}"


def test_mistakes_of_ours_are_errors() -> None:
    with pytest.raises(KeyError):
        render("id", "no-such-sentence")
    with pytest.raises(ValueError, match="id/ticket"):
        render("id", "ticket")
    assert render("jv", "help") == render("id", "help") != render("en", "help")


NAMED = [
    ("id", "added-closed", "LAPORAN BARU", Word.NEW),
    ("id", "rahasia-how", "RAHASIA", Word.RAHASIA),
    ("id", "not-yours", "HUBUNGKAN", Word.LINK),
    ("id", "link-code", "HUBUNGKAN", Word.LINK),
    ("id", "linked", "LAPORAN SAYA", Word.MY_REPORTS),
    ("id", "notices-off", "LAPORAN SAYA", Word.MY_REPORTS),
    ("id", "notices-off", "KABARI LAGI", Word.RESUME),
    ("id", "ask-verdict-words", "BERES", Word.DONE),
    ("id", "ask-verdict-words", "BELUM", Word.NOT_DONE),
    ("id", "follow-how", "IKUTI", Word.FOLLOW),
    ("id", "my-data", "HAPUS DATA SAYA", Word.ERASE_DATA),
    ("id", "erased", "STOP", Word.STOP),
    ("en", "added-closed", "NEW REPORT", Word.NEW),
    ("en", "rahasia-how", "CONFIDENTIAL", Word.RAHASIA),
    ("en", "not-yours", "LINK", Word.LINK),
    ("en", "link-code", "LINK", Word.LINK),
    ("en", "linked", "MY REPORTS", Word.MY_REPORTS),
    ("en", "notices-off", "MY REPORTS", Word.MY_REPORTS),
    ("en", "notices-off", "RESUME", Word.RESUME),
    ("en", "ask-verdict-words", "DONE", Word.DONE),
    ("en", "ask-verdict-words", "NOT DONE", Word.NOT_DONE),
    ("en", "follow-how", "FOLLOW", Word.FOLLOW),
    ("en", "my-data", "DELETE MY DATA", Word.ERASE_DATA),
    ("en", "erased", "STOP", Word.STOP),
]


@pytest.mark.parametrize(("language", "key", "phrase", "word"), NAMED)
def test_the_words_that_sentences_name_are_understood(
    language: str, key: str, phrase: str, word: Word
) -> None:
    assert phrase in render(language, key, dict.fromkeys(SENTENCES[key], ""))
    assert word in words_in(phrase)


@pytest.mark.parametrize(("sapaan", "said"), [("Anda", "laporan Anda"), ("Kak", "laporan Kakak")])
def test_citizens_are_addressed_as_the_office_does(
    monkeypatch: pytest.MonkeyPatch, sapaan: str, said: str
) -> None:
    monkeypatch.setenv("KANAL_SAPAAN", sapaan)
    catalogue.cache_clear()
    try:
        assert said in render("id", "ticket-public", {"ticket": "2PP87-QKSXH"})
    finally:
        catalogue.cache_clear()


def test_no_sentence_addresses_citizens_by_itself() -> None:
    sentences = [line for line in source("id").splitlines() if not line.startswith(("#", "-anda"))]
    assert not [line for line in sentences if regex.search(r"\b(Anda|Kak|Kakak)\b", line)]
