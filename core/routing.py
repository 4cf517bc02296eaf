"""Which OPD a report is proposed to: rules first, then what the model says, by region.

Pure: everything that is known comes in, and a decision comes out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core.matching import Facts, Match, Rulebook, mark
from core.registry.registry import Registry, chain
from core.rules import Outcome, Tier
from core.understanding import Understanding, Urgency
from core.urusan import URUSAN

UNDECIDED, LOCAL, OUTSIDE = "SETDA", "KEWILAYAHAN", "EKSTERNAL"

_KECAMATAN_DOTS = 2  # in the code of a kecamatan, as 64.74.01


class Manual(StrEnum):
    """Why a human sorts the report (triase manual)."""

    NO_MODEL = "no_model"  #: no model is loaded, and no rule holds
    UNSURE = "unsure"  #: the model does not know
    UNDECIDED = "undecided"  #: it says that the admin must sort (SETDA)
    BODY_UNKNOWN = "body_unknown"  #: a body outside the government, and no rule says which
    REGION_UNKNOWN = "region_unknown"  #: nobody knows where
    PLACE_CONFLICT = "place_conflict"  #: pin and words name different areas
    GOVERNMENT_UNKNOWN = "government_unknown"  #: the registry holds nothing of that government
    AREA_UNKNOWN = "area_unknown"  #: a matter of a kecamatan or kelurahan, but of which
    NO_OPD = "no_opd"  #: the registry leads to no active OPD
    FAILED = "failed"  #: our own code failed on it


_NOWHERE = {UNDECIDED: Manual.UNDECIDED, OUTSIDE: Manual.BODY_UNKNOWN}  # whatever routes say


@dataclass(frozen=True, slots=True)
class Asked:
    """The report as it came: its text, and when, in the office's time zone."""

    text: str
    channel: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """An OPD that may be responsible, by its slug, "" where none is known, and why.

    `tier` is the code of the area whose route led there, "" for the whole country, or for none.
    """

    urusan: str
    agency: str
    probability: float
    words: tuple[str, ...] = ()
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The candidates, the likeliest first, and whether the first may be proposed (`sure`).

    `decided_by` is "rule:" with the rule's key, or the model's version, "" for neither. `manual`
    says why it is not sure, None when it is. What a rule decided stands first with probability 1;
    those of the model behind it are alternatives. `urgency` is a rule's wish; `note` its reason.
    """

    region: str
    candidates: tuple[Candidate, ...] = ()
    decided_by: str = ""
    manual: Manual | None = None
    urgency: Urgency | None = None
    note: str = ""

    @property
    def sure(self) -> bool:
        """Tell whether the first candidate may be proposed."""
        return self.manual is None

    @property
    def first(self) -> Candidate | None:
        """Return the likeliest candidate."""
        return self.candidates[0] if self.candidates else None


def route(
    understanding: Understanding, region: str, registry: Registry, rules: Rulebook, asked: Asked
) -> Decision:
    """Return who is responsible for a report about the area `region`, "" when it is unknown."""
    facts = Facts(asked.text, asked.channel, asked.moment, region, understanding)
    match = rules.first(facts)
    proposed = merged(candidates(understanding, region, registry))
    if match is None:
        manual = _doubt(understanding, region, registry, proposed)
        return Decision(region, proposed, understanding.model, manual)
    return _ruled(match, region, registry, proposed)


def candidates(
    understanding: Understanding, region: str, registry: Registry
) -> Iterator[Candidate]:
    """Yield for each urusan that the model ranks the OPD it leads to."""
    for one in understanding.urusan:
        slug, tier = responsible(one.urusan, region, registry)
        yield Candidate(one.urusan, slug, one.probability, one.words, tier)


def responsible(urusan: str, region: str, registry: Registry) -> tuple[str, str]:
    """Return the OPD for `urusan` in `region`, and the code of the area whose route led there.

    Falls up from the smallest area to the whole country; an OPD that is not in the registry is
    passed over. Both are "" when there is none.
    """
    for code in _areas(urusan, region):
        slug = registry.routes.get((code, urusan), "")
        if slug in registry.agencies:
            return slug, code
    return "", ""


def _areas(urusan: str, region: str) -> tuple[str, ...]:
    """Return the areas whose routes may be followed, the smallest first."""
    if not region or urusan in _NOWHERE:
        return ()
    areas = chain(region)
    if urusan == LOCAL:
        return tuple(code for code in areas if code.count(".") >= _KECAMATAN_DOTS)
    return areas


def merged(ranked: Iterator[Candidate]) -> tuple[Candidate, ...]:
    """Return the candidates with those of the same OPD made one, the likeliest first.

    Probabilities are added; urusan and tier are those of the likelier one, words those of all.
    """
    kept: dict[str, Candidate] = {}
    for one in ranked:
        name = one.agency or f" {one.urusan}"  # what leads nowhere stays by itself
        before = kept.get(name)
        kept[name] = _joined(before, one) if before else one
    return tuple(sorted(kept.values(), key=lambda one: one.probability, reverse=True))


def _joined(one: Candidate, other: Candidate) -> Candidate:
    likelier = max(one, other, key=lambda it: it.probability)
    words = tuple(dict.fromkeys((*one.words, *other.words)))
    probability = min(1.0, one.probability + other.probability)
    return replace(likelier, probability=probability, words=words)


def _doubt(
    understanding: Understanding,
    region: str,
    registry: Registry,
    proposed: tuple[Candidate, ...],
) -> Manual | None:
    """Return why the model's first candidate may not be proposed, None when it may."""
    if not understanding.model:
        return Manual.NO_MODEL
    if not understanding.sure or not proposed:
        return Manual.UNSURE
    first = proposed[0]
    if first.urusan != understanding.urusan[0].urusan:  # two others lead to one OPD: who knows?
        return Manual.UNSURE
    return _obstacle(first, region, registry)


def _obstacle(found: Candidate, region: str, registry: Registry) -> Manual | None:
    """Return why the urusan leads to no OPD in the region, or to none that can be trusted."""
    if found.urusan in _NOWHERE:
        return _NOWHERE[found.urusan]
    if not region:
        return Manual.REGION_UNKNOWN
    if found.urusan == LOCAL and region.count(".") < _KECAMATAN_DOTS:
        return Manual.AREA_UNKNOWN
    # A government that is not registered surely has this OPD: the tier above is not the answer.
    if not _is_registered(region, registry):
        return Manual.GOVERNMENT_UNKNOWN
    return None if found.agency else Manual.NO_OPD


def _is_registered(region: str, registry: Registry) -> bool:
    """Tell whether the kabupaten, kota or provinsi of a region has routes of its own."""
    government = ".".join(region.split(".")[:2])
    return any((government, urusan) in registry.routes for urusan in URUSAN)


def _ruled(
    match: Match, region: str, registry: Registry, proposed: tuple[Candidate, ...]
) -> Decision:
    """Return what a rule decides; the model's other candidates stand behind it."""
    outcome = match.rule.outcome
    slug, tier = _destination(outcome, region, registry)
    first = Candidate(outcome.urusan or "", slug, 1.0, match.words, tier)
    others = (one for one in proposed if one.agency != slug or not slug)
    return Decision(
        region,
        (first, *others),
        mark(match.key),
        _missed(outcome, first, region, registry),
        outcome.urgency,
        outcome.note,
    )


def _missed(outcome: Outcome, first: Candidate, region: str, registry: Registry) -> Manual | None:
    """Return why a rule leads to no OPD, None when it does."""
    if outcome.agency is None and outcome.tier is None:
        return _obstacle(first, region, registry)
    if outcome.tier is Tier.PROVINSI and not region:
        return Manual.REGION_UNKNOWN
    return None if first.agency else Manual.NO_OPD


def _destination(outcome: Outcome, region: str, registry: Registry) -> tuple[str, str]:
    """Return the OPD that a rule leads to, and the code of the area whose route led there."""
    if outcome.agency is not None:
        known = registry.agencies.get(outcome.agency)
        return (known.slug, known.region) if known else ("", "")
    urusan = outcome.urusan or ""
    if outcome.tier is None:
        return responsible(urusan, region, registry)
    code = region.partition(".")[0] if outcome.tier is Tier.PROVINSI else ""
    is_known = bool(code) or outcome.tier is Tier.PUSAT
    slug = registry.routes.get((code, urusan), "") if is_known else ""
    return (slug, code) if slug in registry.agencies else ("", "")
