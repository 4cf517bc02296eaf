"""What citizens add to their reports: words, files and places; what waited for them goes on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import ARRAY, Integer, String, bindparam, text
from sqlalchemy.orm import Session

from core.dockets import ADDED, Docket, Dockets, Wish
from core.draft import DRAFT_PLACE
from core.effects import AddTo, Attach
from core.guard import mask
from core.message import Media, Place
from core.place_words import find_place
from core.replies.dates import say_promise
from core.talk import Exchange
from core.turn import Reply
from core.understanding import Urgency
from core.workflow import ReportState

NO_LINE = "none"  # stands for a line that is left out


def add(dockets: Dockets, wish: Wish[AddTo]) -> Reply | None:
    """Note that the message belongs to the report, and put its place where there is none."""
    inbound = wish.turn.heard.inbound
    told = _Told(
        words=(inbound.place.label if inbound.place else "") or find_place(inbound.text),
        words_id=inbound.message_id,
        pin=inbound.place,
        pin_id=inbound.message_id,
        files=any(one.media is not Media.STICKER for one in inbound.attachments),
        says=bool(inbound.text),
        answers=not wish.effect.asks,
    )
    return _take(dockets, wish, told, wish.effect.alarm)


def attach(dockets: Dockets, wish: Wish[Attach]) -> Reply | None:
    """Note that what was told for a draft belongs to the report after all."""
    draft, told = wish.turn.talker.state.draft, _Told(says=True)
    if draft is not None and draft.number == wish.effect.draft:  # else begun in this very batch
        told = _Told(
            words=draft.place,
            words_id=draft.place_id,
            pin=draft.pin,
            pin_id=draft.pin_id,
            files=bool(draft.files),
            says=bool(draft.text),
        )
    return _take(dockets, wish, told, wish.effect.alarm)


@dataclass(frozen=True, slots=True)
class _Told:
    """What was told besides: words and a point of a place, whether there were files or text.

    The place in words came with the message `words_id`, the point with `pin_id`. It `answers`
    what the office asked for, unless it but asks in its turn.
    """

    words: str = ""
    words_id: str = ""
    pin: Place | None = None
    pin_id: str = ""
    files: bool = False
    says: bool = False
    answers: bool = True


def _take(
    dockets: Dockets, wish: Wish[AddTo] | Wish[Attach], told: _Told, alarm: str
) -> Reply | None:
    """Write what was told besides, and say what is promised to a report that goes on now.

    A place that is there already stays; the messages stand beside the report. Of them the history
    tells the kind alone, for nothing is ever taken out of it. As long as nobody has decided, the
    report is read anew.
    """
    docket = wish.docket
    resumed = _resumed(dockets, docket) if told.answers else docket
    after = _placed(dockets, resumed, told, wish.turn.talker.id)
    if alarm:
        after = replace(after, urgency=Urgency.DARURAT)
    undecided = after.state is ReportState.BELUM_TERVERIFIKASI
    if undecided and (told.says or told.words or told.pin):
        after = replace(after, suggestion_id=None)
    kinds = {"place": bool(told.words), "pin": told.pin is not None}
    there = {name: True for name, is_there in kinds.items() if is_there}
    dockets.note(docket, ADDED, {"file": told.files, **there})
    if after != docket:
        dockets.change(after)
    return _say_resumed(dockets, wish.turn, after) if resumed is not docket else None


def _placed(dockets: Dockets, docket: Docket, told: _Told, whose: UUID) -> Docket:
    words = mask(told.words)[:DRAFT_PLACE]
    if words and not docket.place:
        sources = {**docket.sources, "place": dockets.key(whose, told.words_id)}
        docket = replace(docket, place=words, sources=sources)
    if told.pin is not None and docket.latitude is None:
        sources = {**docket.sources, "pin": dockets.key(whose, told.pin_id)}
        docket = replace(
            docket, latitude=told.pin.latitude, longitude=told.pin.longitude, sources=sources
        )
    return docket


def _resumed(dockets: Dockets, docket: Docket) -> Docket:
    """Return a report that waited for its citizen as one that is worked on again."""
    if docket.state is not ReportState.TUNDA:
        return docket
    handed = docket.agency_id is not None
    wanted = ReportState.TERDISPOSISI if handed else ReportState.BELUM_TERVERIFIKASI
    dockets.note(docket, "resumed", {"from": docket.state, "to": wanted})
    return dockets.hours.moved(docket, wanted)


def _say_resumed(dockets: Dockets, turn: Exchange, docket: Docket) -> Reply:
    language, zone = turn.heard.step.state.language, dockets.hours.desk(docket).zone
    promised = say_promise(language, docket.clock, zone)
    return Reply("resumed", {"ticket": docket.ticket, "promise": promised or NO_LINE})


# What became a report of its own stays where it is.
_MOVE = text(
    """
    with moved as (
        select one.* from unnest(:ids, :drafts, :owners, :numbers)
            as one (id, draft, owner, number)
        where not exists (
            select from report where report.conversation_id = one.id::uuid
                and report.draft = one.draft
        )
    ), files as (
        update file set conversation_id = moved.owner::uuid, draft = moved.number,
            told_in = nullif(moved.id, moved.owner)::uuid
        from moved where file.conversation_id = moved.id::uuid and file.told_in is null
            and file.draft = moved.draft
    )
    update message set conversation_id = moved.owner::uuid, draft = moved.number,
        told_in = nullif(moved.id, moved.owner)::uuid
    from moved where message.conversation_id = moved.id::uuid and message.told_in is null
        and message.draft = moved.draft
    """
).bindparams(
    bindparam("ids", type_=ARRAY(String)),
    bindparam("drafts", type_=ARRAY(Integer)),
    bindparam("owners", type_=ARRAY(String)),
    bindparam("numbers", type_=ARRAY(Integer)),
)


def move(session: Session, told: Sequence[tuple[UUID, int, Docket]]) -> None:
    """Put messages and files of drafts (conversation, number) beside the reports they belong to."""
    if told:
        session.execute(
            _MOVE,
            {
                "ids": [str(id_) for id_, _, _ in told],
                "drafts": [number for _, number, _ in told],
                "owners": [str(docket.conversation_id) for _, _, docket in told],
                "numbers": [docket.draft for _, _, docket in told],
            },
        )
