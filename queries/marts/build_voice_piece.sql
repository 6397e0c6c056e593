-- name: build_voice_piece
-- grain: one row per piece and role that speaks in it
-- doc: quotations (a part of another does not count again) and speakers, told apart by name; nameless ones are one each
create table build.voice_piece as
select
    piece_key,
    role,
    count(*)::integer as quotations,
    count(distinct case when speaker = '' then 'quotation ' || quotation else lower(speaker) end)::integer as speakers
from quotation
where not nested
group by all
order by piece_key, role
