"""What the API takes and gives of what is hidden: personal numbers, and who a citizen is."""

from pydantic import Field

from app.web.api.report_schemas import Written
from app.web.api.schemas import Given, Sent, Words


class Why(Sent):
    """Why somebody must see what is hidden."""

    reason: Words = Field(
        min_length=3,
        max_length=200,
        description="For the report's history, where all who see it read it; numbers in it are "
        "hidden.",
        examples=["Mencocokkan NIK dengan data kependudukan."],
    )


class UnmaskedReport(Given):
    """What the citizen wrote, with the numbers that are hidden elsewhere."""

    ticket: str = Field(examples=["7KQ2M-X9PAT"])
    text: str = Field(examples=["KTP saya belum jadi, NIK 0000000000000000."])
    messages: list[Written]


class Reporter(Given):
    """Who told a report, as the platform knows him."""

    ticket: str = Field(examples=["7KQ2M-X9PAT"])
    channel: str = Field(examples=["telegram"])
    name: str = Field(
        description="What the platform calls him; empty where it does not tell.",
        examples=["Warga Contoh"],
    )
    address: str = Field(description="His id on the platform.", examples=["5012345678"])
