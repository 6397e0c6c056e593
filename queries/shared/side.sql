-- name: side
-- doc: the group that a piece belongs to; null where it belongs to none, and where sentences are divided
-- param side varchar: what divides pieces: 'outlet', 'topic', 'year', 'quarter', 'event', or 'frame', which divides sentences
-- param event date: for 'event': the first day of the group 'after'
case $side
    when 'outlet' then @.outlet
    when 'topic' then @.topic_key
    when 'year' then strftime(@.published, '%Y')
    when 'quarter' then strftime(@.month, '%Y') || '-Q' || quarter(@.month)
    when 'event' then case when @.date_precision = 'day' and @.published < $event::date then 'before' when @.date_precision = 'day' then 'after' end
end
