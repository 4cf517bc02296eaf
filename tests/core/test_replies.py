"""The catalogues: one set of sentences in two languages, short, with no surprises."""

from importlib.resources import files

import pytest
import regex
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor
from hypothesis import given, settings
from hypothesis import strategies as st

from core.replies import LANGUAGES, render
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
    assert 2 <= len(text) <= ONE_SCREEN
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
        ("words", "none", ("📍 gang X", "📷 Tanpa foto")),
        ("pin", "1", ("📍 Titik di peta", "📷 1 berkas")),
        ("both", "12", ("📍 gang X (dengan titik peta)", "📷 12 berkas")),
    ],
)
def test_preview(where: str, files: str, shown: tuple[str, str]) -> None:
    args = {"text": "isi", "place": "gang X", "where": where, "files": files}
    lines = render("id", "preview", args).splitlines()
    assert lines[2] == "isi"
    assert (lines[4], lines[5]) == shown


def test_mistakes_of_ours_are_errors() -> None:
    with pytest.raises(KeyError):
        render("id", "no-such-sentence")
    with pytest.raises(ValueError, match="id/ticket"):
        render("id", "ticket")
    assert render("jv", "help") == render("id", "help") != render("en", "help")
