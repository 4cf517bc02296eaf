"""What a message brings about: changes of rows, decided by `step` and carried out elsewhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.draft import Draft
from core.message import Place
from core.workflow import CLOSED, ReportState

REGRET = timedelta(days=10)  # after "sudah", in which the citizen may say that it is not done


@dataclass(frozen=True, slots=True)
class Own:
    """A report of the citizen, as far as the conversation must know it.

    It is draft `number` of the conversation `conversation_id`; `here` tells whether that is this
    one, and not another channel that he linked. `title` are its first words, masked, `place` those
    of where it is, and `urusan` is what it was taken to be about, "" where nobody knows. Of a
    report that is done and has no `verdict` he is asked whether it is. `answered_at` is when the
    OPD wrote last, `asked_at` when the office put it off until he tells something. An `urgent` one
    tells of an emergency.
    """

    ticket: str
    number: int
    conversation_id: UUID
    here: bool
    state: ReportState
    title: str
    opened_at: datetime
    answered_at: datetime | None = None
    verdict: str = ""
    verdict_at: datetime | None = None
    anonim: bool = False
    rahasia: bool = False
    place: str = ""
    urusan: str = ""
    asked_at: datetime | None = None
    urgent: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether the office still works on it."""
        return self.state not in CLOSED

    @property
    def asks_verdict(self) -> bool:
        """Tell whether the OPD says that it is done, and the citizen has not said anything."""
        return self.state is ReportState.SELESAI and not self.verdict

    def can_be_undone(self, at: datetime) -> bool:
        """Tell whether the citizen may say at `at` that it is not done after all."""
        return self.state is ReportState.SELESAI and may_be_undone(
            self.verdict, self.verdict_at, at
        )


def may_be_undone(verdict: str, since: datetime | None, at: datetime) -> bool:
    """Tell whether a `verdict` given at `since` gives way to "belum" at `at`.

    No verdict, and silence, always do; a "sudah" for as long as a slip may be noticed.
    """
    if verdict != "sudah":
        return verdict in ("", "diam")
    return since is not None and at - since <= REGRET


@dataclass(frozen=True, slots=True)
class OpenReport:
    """The citizen confirmed, or told it in public: the draft becomes a report with a ticket.

    `public_address` is where its ticket is told then, "" for a report told in private.
    """

    draft: Draft
    public_address: str = ""


@dataclass(frozen=True, slots=True)
class Supplement:
    """The citizen told the place of his report `draft` afterwards, in words or on the map."""

    draft: int
    place: str
    pin: Place | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """The platform shows that it has our message `key`, and calls it `platform_id`."""

    key: UUID
    platform_id: str


@dataclass(frozen=True, slots=True)
class TellStatus:
    """The citizen asks how report `ticket` stands."""

    ticket: str


@dataclass(frozen=True, slots=True)
class SetReachable:
    """The citizen can, or can no longer, be written to."""

    reachable: bool


@dataclass(frozen=True, slots=True)
class AmendMessage:
    """An earlier message reads `text` now, or was taken back."""

    message_id: str
    text: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class TellBlock:
    """The citizen wrote, though nobody listens to him until then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class AddTo:
    """The message is something more about the report `own`; what waited for it goes on.

    `alarm` is the emergency that it tells of, "" for none: the report is urgent from now on. One
    that but `asks` how the report stands answers nothing: what waits goes on waiting.
    """

    own: Own
    alarm: str = ""
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Attach:
    """What was told for the draft `draft` belongs to the report `own` after all."""

    draft: int
    own: Own
    alarm: str = ""


@dataclass(frozen=True, slots=True)
class SetSecrecy:
    """The reporter of `ticket` is hidden or not, the report public or not; None leaves it."""

    ticket: str
    anonim: bool | None = None
    rahasia: bool | None = None


@dataclass(frozen=True, slots=True)
class GiveVerdict:
    """The citizen says whether the matter of `ticket` is settled: "sudah" or "belum".

    `told` says that he has told why at once.
    """

    ticket: str
    verdict: str
    told: bool = False


@dataclass(frozen=True, slots=True)
class TellReports:
    """The citizen asks for his reports, on whatever channel he told them."""


@dataclass(frozen=True, slots=True)
class Resend:
    """The citizen asks for the latest news of report `ticket` again."""

    ticket: str


@dataclass(frozen=True, slots=True)
class CancelReport:
    """The citizen takes his report `ticket` back."""

    ticket: str


@dataclass(frozen=True, slots=True)
class Follow:
    """The citizen wants the news of report `ticket`, which may be another's."""

    ticket: str
    follows: bool = True


@dataclass(frozen=True, slots=True)
class SetNotices:
    """The citizen wants, or no longer wants, news that he did not ask for."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class TellData:
    """The citizen asks what is stored about him."""


@dataclass(frozen=True, slots=True)
class EraseData:
    """The citizen confirmed that what is stored about him shall go, as far as the law lets it."""


@dataclass(frozen=True, slots=True)
class MakeLinkCode:
    """The citizen wants to link another channel of his with this one."""


@dataclass(frozen=True, slots=True)
class UseLinkCode:
    """The citizen brings the code that he was told on another channel."""

    code: str


@dataclass(frozen=True, slots=True)
class CallHuman:
    """The citizen wants to talk to an officer."""


@dataclass(frozen=True, slots=True)
class HandBack:
    """The citizen, in a talk with an officer, wants the program back."""


OnReports = (
    AddTo
    | Attach
    | SetSecrecy
    | GiveVerdict
    | TellReports
    | Resend
    | CancelReport
    | Follow
    | SetNotices
    | TellData
    | EraseData
    | MakeLinkCode
    | UseLinkCode
    | CallHuman
    | HandBack
)


Effect = (
    OpenReport
    | Supplement
    | Arrived
    | TellStatus
    | SetReachable
    | AmendMessage
    | TellBlock
    | OnReports
)
