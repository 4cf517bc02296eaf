"""What the API gives of suggestions, with made-up examples."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.routing import Manual
from core.understanding import Klasifikasi, Urgency
from core.urusan import URUSAN


def _known(code: str) -> str:
    if code not in URUSAN:
        raise ValueError("not the code of an urusan")
    return code


UrusanCode = Annotated[str, AfterValidator(_known)]


class _Given(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class SuggestedAgency(_Given):
    """An OPD that is suggested."""

    slug: str = Field(examples=["dinas-pupr"])
    name: str = Field(examples=["Dinas Pekerjaan Umum dan Penataan Ruang"])


class SuggestionLine(_Given):
    """What is suggested first; only when `sure` may it be proposed, else a human sorts it."""

    sure: bool = Field(description="False: triase manual.", examples=[True])
    urusan: str = Field(description="Code of the function, else empty.", examples=["PUPR"])
    agency: SuggestedAgency | None = Field(description="None where no OPD is known for it.")
    urgency: Urgency = Field(examples=["biasa"])


class Ranked(_Given):
    """One of the OPD that may be responsible."""

    urusan: str = Field(examples=["PUPR"])
    agency: SuggestedAgency | None = Field(description="None where no OPD is known for it.")
    verified: bool = Field(
        description="Whether the OPD's name was read at an official place.", examples=[True]
    )
    probability: float = Field(description="From 0 to 1.", examples=[0.87])
    words: list[str] = Field(
        description="Words of the report that decided.", examples=[["jalan", "berlubang"]]
    )


class SimilarCase(_Given):
    """A past report of the same government that is alike in its words."""

    ticket: str = Field(examples=["7KQ2M-X9PAT"])
    agency: SuggestedAgency = Field(description="The OPD that took it.")


class Suggestion(SuggestionLine):
    """All that is suggested for a report, and by what."""

    reason: Manual | None = Field(
        description="Why it is not sure; None when it is. region_unknown: nobody knows where; "
        "place_conflict: pin and words name different areas.",
        examples=[None],
    )
    ranked: list[Ranked] = Field(description="The likeliest first.")
    similar: list[SimilarCase] = Field(
        description="Up to three, the most alike first; an OPD sees its own only."
    )
    klasifikasi: Klasifikasi | None = Field(examples=["pengaduan_tidak_berkadar_pengawasan"])
    category: str = Field(
        description="SP4N-LAPOR!'s id of the category, else empty.", examples=["928"]
    )
    region: str = Field(
        description="Kemendagri's code of the area it is about, else empty.",
        examples=["64.74.01"],
    )
    region_name: str = Field(description="Its name, else empty.", examples=["Bontang Utara"])
    model: str = Field(
        description="Version of the model that read it, empty for none.", examples=["2026.03.02"]
    )
    decided_by: str = Field(
        description="`rule:` and its key, or the model's version; empty for neither.",
        examples=["2026.03.02"],
    )
    note: str = Field(description="What the rule says about it, else empty.", examples=[""])
    confidence: float = Field(
        description="How likely the model's first is right, from 0 to 1.", examples=[0.91]
    )
    at: datetime = Field(examples=["2026-03-02T01:15:01Z"])


class CountedChoices(_Given):
    """Choices of humans beside a sure suggestion."""

    choices: int = Field(description="Reports that were handed to an OPD.", examples=[120])
    agreed: int = Field(description="Of these, to the suggested one.", examples=[104])
    share: float | None = Field(description="None without choices.", examples=[0.867])


class SuggestionStatistics(_Given):
    """Whether humans choose what is suggested, over 30 days and the 30 days before."""

    recent: CountedChoices
    former: CountedChoices
    alarm: bool = Field(
        description="Agreement has fallen by more than KANAL_DRIFT_DROP.", examples=[False]
    )
