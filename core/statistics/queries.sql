-- Every query that counts. Each begins with a line "-- name:"; parameters are named :like_this.

-- name: channels
-- What each channel brought on each day, counted from 1, and over all days (day 0).
-- "starts" holds the first moment of each wanted day and, last, the end of the last one; so the
-- days may be those of any time zone, also where the clocks change. "channels" are listed even
-- when they brought nothing. All figures go by the day on which the report or the message was
-- made. Reads the rows of those days once through ix_report_listed and ix_outbox_failed, however
-- many days they are.
with counted as (
    select
        channel,
        coalesce(width_bucket(created_at, :starts), 0) as day,
        count(*) as reports,
        count(answered_at) as answered,
        percentile_cont(0.5) within group (order by extract(epoch from answered_at - created_at))
            as median_seconds,
        count(*) filter (where answered_at is null and state not in ('selesai', 'arsip'))
            as waiting
    from report
    where created_at >= :begin and created_at < :end
    group by grouping sets ((channel, width_bucket(created_at, :starts)), (channel))
),
lost as (
    select channel, coalesce(width_bucket(created_at, :starts), 0) as day, count(*) as failed
    from outbox
    where state = 'failed' and created_at >= :begin and created_at < :end
    group by grouping sets ((channel, width_bucket(created_at, :starts)), (channel))
),
listed as (
    select unnest(:channels) as channel
    union
    select channel from counted
    union
    select channel from lost
),
days as (
    select generate_series(0, cardinality(:starts) - 1) as day
)
select
    channel,
    day,
    coalesce(counted.reports, 0) as reports,
    coalesce(counted.answered, 0) as answered,
    counted.median_seconds,
    coalesce(counted.waiting, 0) as waiting,
    coalesce(lost.failed, 0) as failed
from listed
cross join days
left join counted using (channel, day)
left join lost using (channel, day)
order by channel, day = 0, day;

-- name: agreement
-- How often humans chose the OPD that was surely suggested: choices from "begin" to before
-- "middle" (former) and from there on (recent), of each report its newest in that time; choices
-- beside which no OPD was suggested are not counted. Reads the choices of that time once, through
-- ix_choice_at.
with newest as (
    select distinct on (report_id, at >= :middle) at, agreed
    from choice
    where at >= :begin and agreed is not null
    order by report_id, at >= :middle, id desc
)
select
    count(*) filter (where at < :middle) as former_choices,
    count(*) filter (where at < :middle and agreed) as former_agreed,
    count(*) filter (where at >= :middle) as recent_choices,
    count(*) filter (where at >= :middle and agreed) as recent_agreed
from newest;

-- name: comparison
-- How often the first OPD of each of two models was the one that a human chose since "begin", for
-- the reports that both have read; sure or not. Reads the choices of that time through
-- ix_choice_at, and the suggestions of their reports through ix_suggestion_report.
with chosen as (
    select distinct on (report_id) report_id, agency_id, suggestion_id
    from choice
    where at >= :begin
    order by report_id, id desc
),
shadowed as (
    select distinct on (suggestion.report_id) suggestion.report_id, suggestion.agency_id
    from suggestion
    join chosen using (report_id)
    where suggestion.role = 'shadow' and suggestion.model = :shadow
    order by suggestion.report_id, suggestion.id desc
)
select
    count(*) as choices,
    count(*) filter (where live.agency_id = chosen.agency_id) as live_agreed,
    count(*) filter (where shadowed.agency_id = chosen.agency_id) as shadow_agreed
from chosen
join shadowed using (report_id)
join suggestion live on live.id = chosen.suggestion_id and live.model = :live;
