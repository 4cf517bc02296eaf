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


def move(current: ReportState, wanted: ReportState, reason: str = "") -> ReportState:
    """Return `wanted` when a report in `current` may go there.

    Raises MoveRefused, naming both states, or the missing reason.
    """
    if wanted not in ALLOWED[current]:
        raise MoveRefused(f"a report in {current} cannot become {wanted}")
    if wanted in NEEDS_REASON and not reason.strip():
        raise MoveRefused(f"{wanted} needs a reason")
    return wanted
