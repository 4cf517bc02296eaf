"""What is not ours to settle, and what is only an insult."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.replies import LANGUAGES, render
from core.scope import MOST_WORDS, Scope, is_abuse, out_of_scope

MATTERS = {
    Scope.CRIME: (
        "motor saya dicuri di parkiran",
        "rumah kemalingan semalam",
        "saya ditipu jual beli online",
        "ada bandar narkoba di gang kami",
        "judi togel di warung",
        "saya kecopetan di pasar",
        "wonge nyolong pitik",
        "pinjol ancam sebar data",
        "my bike was stolen",
        "ada pencurian sapi di kampung",
    ),
    Scope.CORRUPTION: (
        "kades korupsi dana desa",
        "pejabat minta suap buat urus izin",
        "dana bansos ditilep pengurus",
        "proyek fiktif di desa sebelah",
        "uang pelicin buat pasang listrik",
        "the office wants a bribe",
        "anggaran jalan dikorupsi, hakim pun tahu",
    ),
    Scope.COURT: (
        "putusan hakim tidak adil",
        "sidang cerai saya ditunda terus",
        "perkara saya di pengadilan belum selesai",
        "jaksa menuntut terlalu ringan",
        "the judge was unfair",
    ),
}

OURS = (
    "jalan rusak depan pengadilan negeri",
    "lampu di kantor kejaksaan mati",
    "rawan begal, mohon lampu jalan",
    "takut dijambret, jalan gelap",
    "sosialisasi bahaya narkoba di sekolah",
    "kabel lampu jalan dicuri orang",
    "tutup got dicuri",
    "pungli di kantor kelurahan",
    "pelayanan pengadilan agama lambat",
    "penyuluhan anti korupsi",
    "ktp hilang",
    "guru memukul murid",
    "sampah menumpuk",
    "",
)

INSULTS = """
anjing kalian semua; goblok; dasar bot bodoh; asu; jancok!!; bangsat pemerintah; bungul ikam;
fuck you; stupid bot; tai; pemerintah goblok semua; matamu; you are an idiot; woy asu; BRENGSEK;
kamu bodoh banget sih; this is bullshit; goblooook; gobloggg kabeh
"""

COMPLAINTS = """
anjing gila; anjing liar; orang gila; babi hutan masuk kebun; monyet; jalan rusak anjing;
goblok jalan rusak gak diperbaiki; sampah bau tai; bangsat lampu mati terus; asu dalane ambles;
shit road is broken; dasar pejabat brengsek korup; anjir banjir; halo; terima kasih; 🖕; kada hujan
"""


@pytest.mark.parametrize(
    ("scope", "text"), [(scope, text) for scope, texts in MATTERS.items() for text in texts]
)
def test_matters_of_others(scope: Scope, text: str) -> None:
    assert out_of_scope(text) is scope


@pytest.mark.parametrize("text", OURS)
def test_matters_of_ours(text: str) -> None:
    assert out_of_scope(text) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_matter_has_an_address(language: str) -> None:
    said = {render(language, f"scope-{scope}") for scope in Scope}
    assert len(said) == len(Scope) == len(MATTERS)
    assert "110" in render(language, "scope-crime")
    assert "KPK" in render(language, "scope-corruption")


@pytest.mark.parametrize("text", INSULTS.split(";"))
def test_insults(text: str) -> None:
    assert is_abuse(text)


@pytest.mark.parametrize("text", ["", *COMPLAINTS.split(";")])
def test_a_complaint_with_a_swear_word_stays_one(text: str) -> None:
    assert not is_abuse(text)


@given(st.text(max_size=100))
def test_any_text_is_read(text: str) -> None:
    assert out_of_scope(text) in {None, *Scope}
    assert not is_abuse(f"{text} jalan rusak")
    assert not is_abuse("goblok " * (MOST_WORDS + 1) + text)
