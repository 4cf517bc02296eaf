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
