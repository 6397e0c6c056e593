-- name: sides_over_thresholds
-- grain: one row per side of a difference, way of counting, stretch of time and threshold
-- doc: pieces of the side (n) and those with at least the threshold of a frame's score (k; threshold
-- doc: null: those the classifier decided for); and those of which a sentence carries the frame (k_sentence);
-- doc: sums of scores and of their squares; over groups of
-- doc: copies and over stories, sums of squared sizes, of size times score sum, of squared score sums; the days where
-- doc: the first and the last tenth of dated pieces end and begin; the decided pieces' least score
-- param frame varchar: the frame
-- param one varchar: outlet of side 1, or with an event of both sides; null for all
-- param other varchar: outlet of side 2; null for all but that of side 1
-- param event date: a Monday; side 1 is from then on and side 2 before; null: the sides are outlets
-- param thresholds double[]: least scores
with placed as (
    select
        piece.piece_key, piece.copy_group, piece.is_original, piece.is_lead, piece.story_key, coalesce(piece.week, piece.month) as day,
        piece_frame.score::double as score, piece_frame.present,
        headline.piece_key is not null as by_sentence,
        case
            when $event::date is not null then case when coalesce(piece.week, piece.month) >= $event::date then 1 when coalesce(piece.week, piece.month) < $event::date then 2 end
            when piece.outlet = $one::varchar then 1
            when $other::varchar is null or piece.outlet = $other::varchar then 2
        end as side
    from piece
    join piece_frame using (piece_key)
    left join headline on headline.piece_key = piece.piece_key and headline.frame = piece_frame.frame
    where piece_frame.frame = $frame
        and ($event::date is null or $one::varchar is null or piece.outlet = $one::varchar)
        and @in_scope(piece)
),
cuts as (
    select
        quantile_disc(day, 0.1) as first_end, quantile_disc(day, 0.9) as last_begin,
        (select min(score) from placed where present) as least_present
    from placed
    where side is not null
),
stretches as (
    select unnest(['whole', 'without the first tenth', 'without the last tenth']) as stretch, null::integer as weeks
    union all
    -- Bins of equal width on both sides of an event.
    select unnest(['26 weeks on each side', '13 weeks on each side']), unnest([26, 13])
    where $event::date is not null
),
counts as (
    select unnest(['item', 'original', 'story']) as counted
),
members as (
    select placed.*, stretch, counted
    from placed, cuts, stretches, counts
    where side is not null
        and case counted when 'original' then is_original when 'story' then is_lead else true end
        and (
            stretch = 'whole'
            or (stretch = 'without the first tenth' and day > first_end)
            or (stretch = 'without the last tenth' and day < last_begin)
            or (day >= $event::date - 7 * weeks and day < $event::date + 7 * weeks)
        )
),
groups as (
    select
        side, counted, stretch, copy_group, case when copy_group is null then piece_key end as alone,
        count(*) as size, sum(score) as score_sum, sum(score * score) as square_sum,
        count(*) filter (where by_sentence) as k_sentence
    from members
    group by all
),
sums as (
    select
        side, counted, stretch,
        sum(k_sentence)::bigint as k_sentence,
        @group_sums
    from groups
    group by all
),
stories as (
    select side, counted, stretch, story_key, count(*) as size, sum(score) as score_sum
    from members
    group by all
),
story_sums as (
    select
        side, counted, stretch,
        sum(size * size)::double as story_sizes_squared,
        sum(size * score_sum)::double as story_size_score,
        sum(score_sum * score_sum)::double as story_sums_squared
    from stories
    group by all
),
steps as (
    select unnest(list_concat($thresholds::double[], [null::double])) as threshold
),
carried as (
    select
        side, counted, stretch, threshold,
        count(*) filter (where case when threshold is null then present else score >= threshold end)::bigint as k
    from members, steps
    group by all
)
select carried.threshold, carried.k, sums.*, story_sums.* exclude (side, counted, stretch), cuts.first_end, cuts.last_begin, cuts.least_present
from carried
join sums using (side, counted, stretch)
join story_sums using (side, counted, stretch)
cross join cuts
order by side, counted, stretch, threshold nulls first
