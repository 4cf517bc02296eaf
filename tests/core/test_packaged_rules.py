"""The rules that come with Kanal: they lead somewhere, and take what they are for alone."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core import rule_files
from core.errors import ConfigurationError
from core.registry.files import packaged as packaged_registry
from core.routing import Asked, Decision, Manual, route
from core.rules import MOST_RULES, Conditions, Outcome, Rule, Tier
from core.understanding import Likelihood, Understanding

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Makassar"))
REGISTRY = packaged_registry()
BONTANG, KENDAL = "64.74", "33.24"
SCHOOL = Understanding("m1", "", (Likelihood("DISDIK", 0.8),), sure=True)
NOTHING = Understanding("", "")


def decided(text: str, region: str = BONTANG, said: Understanding = NOTHING) -> Decision:
    asked = Asked(text, "telegram", NOW)
    return route(said, region, REGISTRY, rule_files.packaged_rulebook(), asked)


def test_each_leads_to_an_opd_in_kalimantan_timur() -> None:
    rules = rule_files.packaged()
    assert len(rules) > 20
    for one in rules:
        outcome = one.outcome
        if outcome.agency is not None:
            assert outcome.agency in REGISTRY.agencies, one.name
            assert outcome.urusan == "EKSTERNAL", one.name
        if outcome.tier is not None:
            code = "64" if outcome.tier is Tier.PROVINSI else ""
            assert REGISTRY.routes[code, outcome.urusan or ""] in REGISTRY.agencies, one.name


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Listrik padam dari subuh di gang kami, petugas belum datang", "national-pln"),
        ("tiang listrik miring mau jatuh ke rumah", "national-pln"),
        ("Token listrik tidak bisa masuk", "national-pln"),
        ("Sudah setahun sertipikat tanah saya belum selesai", "national-bpn"),
        ("loket kantor BPN tutup sebelum jam istirahat", "national-bpn"),
        ("Perpanjangan SIM antre sampai sore", "national-polri"),
        ("tadi malam di depan toko ada yang dijambret", "national-polri"),
        ("Iuran PPDB SMA kok mahal", "kaltim-disdikbud"),
        ("kepala sekolah SMKN 1 minta sumbangan", "kaltim-disdikbud"),
        ("jalan nasional arah Sangatta ambles", "national-kemenpu"),
        ("ruas jalan provinsi di dekat jembatan ambles", "kaltim-pupr"),
        ("klaim JHT saya ditolak terus", "national-bpjs-ketenagakerjaan"),
        ("gas melon sudah seminggu tidak ada di pangkalan", "bontang-koperindag"),
        ("antrean BBM sampai dua kilometer", "national-pertamina"),
        ("di kantor KUA diminta uang tambahan", "national-kemenag"),
        ("porsi haji ibu saya hilang dari daftar", "national-kemenhaj"),
        ("antrian paspor dibatasi sepuluh orang", "national-imigrasi"),
        ("bayar pajak motor di kantor Samsat lama sekali", "kaltim-bapenda"),
        ("menu MBG di sekolah anak saya basi", "national-bgn"),
        ("ada tambang ilegal di belakang kampung", "national-esdm"),
    ],
)
def test_what_is_for_others_than_the_city(text: str, slug: str) -> None:
    decision = decided(text)
    assert decision.first is not None, text
    assert (decision.first.agency, decision.manual) == (slug, None)
    assert decision.first.words


@pytest.mark.parametrize(
    "text",
    [
        "Lampu jalan padam, tiang listrik miring",
        "listrik mati karena lampu penerangan rusak",
        "pohon tumbang menimpa kabel listrik putus",
        "gang gelap rawan dibegal, mohon lampu",
        "jalan depan SMA 2 berlubang",
        "polisi tidur terlalu tinggi",
        "mobil parkir di depan kantor BPN",
        "sampah menumpuk di samping kantor KUA",
        "Pak Haji di RT kami membakar sampah",
        "urus surat waris untuk sertifikat tanah di kelurahan",
        "perusahaan tidak mendaftarkan kami ke kantor BPJS Ketenagakerjaan",
        "elpiji meledak di rumah makan",
        "banjir di depan SPBU",
        "terima kasih",
        "",
    ],
)
def test_what_stays_with_the_model(text: str) -> None:
    assert not decided(text).decided_by.startswith("rule:"), text


def test_a_school_is_the_provinces_when_the_model_says_that_it_is_about_school() -> None:
    text = "guru di SMK dekat rumah sering tidak masuk"
    decision = decided(text, said=SCHOOL)
    assert decision.first is not None
    assert (decision.first.agency, decision.sure) == ("kaltim-disdikbud", True)
    assert decided("guru di SMP sering tidak masuk", said=SCHOOL).decided_by == "m1"
    assert decided(text, KENDAL, SCHOOL).manual == "no_opd"  # its provinsi has no file


def test_files_are_read_as_they_are_written(tmp_path: Path) -> None:
    rules = list(rule_files.packaged())
    file = tmp_path / "rules.json"
    file.write_text(rule_files.write(rules), "utf-8")
    assert rule_files.read(file) == rules
    assert rule_files.parse(rule_files.write([]), "x") == []


RULE = '{"name": "a", "conditions": {"any_of": ["x"]}, "outcome": {"urusan": "DLH"}}'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "x: "),
        ("{}", "x: Input should be a valid array"),
        (f"[{RULE}, {RULE}]", "x: a name stands there twice"),
        (f"[{RULE}, 7]", "x: rule 2: "),
        (f"[{RULE.replace('any_of', 'any')}]", "x: rule 1: conditions.any: Extra inputs"),
        (f"[{RULE.replace('DLH', 'rahasia')}]", "x: rule 1: outcome.urusan: "),
    ],
)
def test_a_broken_file_is_named_with_the_place(text: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        rule_files.parse(text, "x")
    assert str(refused.value).startswith(complaint)
    assert "rahasia" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_holds_no_more_than_the_book(tmp_path: Path) -> None:
    one = Rule.model_validate_json(RULE)
    many = [one.model_copy(update={"name": str(n)}) for n in range(MOST_RULES + 1)]
    assert len(rule_files.parse(rule_files.write(many[:-1]), "x")) == MOST_RULES
    with pytest.raises(ConfigurationError, match="more than 500 rules"):
        rule_files.parse(rule_files.write(many), "x")
    file = tmp_path / "large.json"
    file.write_bytes(b"[" + b" " * (rule_files.MOST_BYTES - 2) + b"]")
    assert rule_files.read(file) == []
    file.write_bytes(b"[" + b" " * (rule_files.MOST_BYTES - 1) + b"]")
    with pytest.raises(ConfigurationError, match="bytes"):
        rule_files.read(file)
    with pytest.raises(ConfigurationError, match="missing"):
        rule_files.read(tmp_path / "missing.json")


def test_the_example_in_the_documentation_is_a_rule() -> None:
    guide = (Path(__file__).parents[2] / "docs/RULES.md").read_text("utf-8")
    block = guide.partition("```json\n")[2].partition("```")[0]
    [one] = rule_files.parse(block, "docs/RULES.md")
    assert one.outcome.agency in REGISTRY.agencies
    for manual in Manual:
        assert f"`{manual}`" in guide
    for name in (*Conditions.model_fields, *Outcome.model_fields):
        assert f"`{name}`" in guide
