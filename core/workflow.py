"""The states a report goes through, as the ministry counts them, and the moves between them."""

from enum import StrEnum

from core.errors import MoveRefused


class ReportState(StrEnum):
    """A report's state in SP4N-LAPOR!'s words."""

    BELUM_TERVERIFIKASI = "belum_terverifikasi"  #: waits for Diskominfo's check
    TERDISPOSISI = "terdisposisi"  #: checked and forwarded to an OPD
    PROSES = "proses"  #: the OPD works on it
    SELESAI = "selesai"  #: the OPD says it is done
    TUNDA = "tunda"  #: waits for something that is missing
    ARSIP = "arsip"  #: put away, with a reason


ALLOWED: dict[ReportState, frozenset[ReportState]] = {
    ReportState.BELUM_TERVERIFIKASI: frozenset(
        {ReportState.TERDISPOSISI, ReportState.TUNDA, ReportState.ARSIP}
    ),
    ReportState.TERDISPOSISI: frozenset(
        {
            ReportState.BELUM_TERVERIFIKASI,  # bukan wewenang: the OPD gives it back
            ReportState.TERDISPOSISI,  # to another OPD
            ReportState.PROSES,
            ReportState.SELESAI,
            ReportState.TUNDA,
            ReportState.ARSIP,
        }
    ),
    ReportState.PROSES: frozenset(
        {
            ReportState.BELUM_TERVERIFIKASI,
            ReportState.TERDISPOSISI,
            ReportState.SELESAI,
            ReportState.TUNDA,
        }
    ),
    ReportState.TUNDA: frozenset(
        {
            ReportState.BELUM_TERVERIFIKASI,
            ReportState.TERDISPOSISI,
            ReportState.PROSES,
            ReportState.ARSIP,
        }
    ),
    ReportState.SELESAI: frozenset({ReportState.PROSES}),
    ReportState.ARSIP: frozenset({ReportState.BELUM_TERVERIFIKASI}),
}

# What the office is done with; a sender may have only so many others.
CLOSED = frozenset({ReportState.SELESAI, ReportState.ARSIP})

# Putting a report off, away or back is explained to the citizen.
NEEDS_REASON = frozenset({ReportState.TUNDA, ReportState.ARSIP, ReportState.BELUM_TERVERIFIKASI})


# What the office can do where a move is refused; terdisposisi goes everywhere else.
FIRST: dict[ReportState, str] = {
    ReportState.BELUM_TERVERIFIKASI: "hand it to an OPD first: POST .../assign",
    ReportState.PROSES: "settle it (selesai), or put it off (tunda) first",
    ReportState.SELESAI: "it is settled; POST .../state with proses reopens it",
    ReportState.TUNDA: "take it up first: POST .../state with proses",
    ReportState.ARSIP: "POST .../state with belum_terverifikasi fetches it back",
}


def move(current: ReportState, wanted: ReportState, reason: str = "") -> ReportState:
    """Return `wanted` when a report in `current` may go there.

    Raises MoveRefused, naming both states and what to do first, or the missing reason.
    """
    if wanted not in ALLOWED[current]:
        raise MoveRefused(_refusal(current, wanted))
    if wanted in NEEDS_REASON and not reason.strip():
        raise MoveRefused(f"{wanted} needs a reason, which the citizen reads: the field reason")
    return wanted


def _refusal(current: ReportState, wanted: ReportState) -> str:
    if wanted is current:
        return f"a report in {current} cannot become {wanted}: it is that already"
    return f"a report in {current} cannot become {wanted}: {FIRST[current]}"
