"""Words that name a place, and words that only seem to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.place_words import MAX_WORDS, find_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("jalan depan balai desa Suka Maju bolong", "jalan depan balai desa Suka Maju"),
        ("banjir di Jl. Kenanga no. 5, sudah dua hari", "Jl. Kenanga no. 5"),
        ("got mampet RT 04/RW 02 Kelurahan Baru tolong", "RT 04/RW 02 Kelurahan Baru"),
        ("lampu mati di gang di belakang pasar lama", "gang di belakang pasar lama"),
        ("Sampah menumpuk.\nDekat terminal Kota", "Dekat terminal Kota"),
        ("Jalan Raya Mekar retak", "Jalan Raya Mekar"),
        ("lampu mati di Jl. Mekar Raya sudah lama", "Jl. Mekar Raya"),
        ("jalan raya rusak", ""),
        (
            "keruh di Jl. Pisang No. 12 RT 5 Kel. Mekar Jaya, sudah seminggu",
            "Jl. Pisang No. 12 RT 5 Kel. Mekar Jaya",
        ),
        ("desa Satu Mekar Jaya Indah Sekar", "desa Satu Mekar Jaya Indah"),
        ("pegawai kelurahan Mekar galak kalo ngurus surat", "kelurahan Mekar galak"),
        ("udah lapor ke RT tapi diam", ""),
        ("jalan nya rusak pak", ""),
        ("jln depan SDN 3 Mekar bolong2", "jln depan SDN 3 Mekar"),
        ("gelap di Jl. Kenari 2 minggu", "Jl. Kenari"),
        ("gelap di Jl. Kenari 2 RT 7", "Jl. Kenari 2 RT 7"),
        ("Jl. Mekar td malem gelap", "Jl. Mekar"),
        ("got mampet di rt 5", "rt 5"),
        ("kabel jatuh di jalan Mekar bahaya", "jalan Mekar"),
        ("air mati di BTN Mekar blok D", "BTN Mekar blok D"),
        ("jalan depan rumah saya rusak", ""),
        ("jalan depan rumah saya di gang Mawar rusak", "gang Mawar"),
        ("depan rumah dinas camat", "depan rumah dinas camat"),
        ("pothole, near... depan KM 7", "depan KM 7"),
        ("lampu jalan di Jl. Kenanga depan masjid mati", "Jl. Kenanga depan masjid"),
        ("kebakaran di pasar lama blok C apinya besar", "pasar lama blok C"),
        ("bantuan warga RT 7 Kelurahan Mawar dipotong", "RT 7 Kelurahan Mawar"),
        ("jalan rusak parah", ""),
        ("lampu jalan mati", ""),
        ("jalan raya bolong", ""),
        ("jalan di sini rusak", ""),
        ("jalan menuju sana, sangat licin", ""),
        ("orang jalan kaki jatuh", ""),
        ("depan", ""),
        ("", ""),
        ("x" * 2000 + " jalan Kenanga", ""),
    ],
)
def test_find_place(text: str, place: str) -> None:
    assert find_place(text) == place


@given(
    st.lists(
        st.sampled_from(["jalan", "depan", "gang", "di", "rusak", "Melati", "7", ",", "\n", "🙏"])
    )
)
def test_a_place_is_a_stretch_of_the_text_with_few_words(words: list[str]) -> None:
    text = " ".join(words)
    found = find_place(text)
    assert found in text
    assert len(found.split()) <= MAX_WORDS
