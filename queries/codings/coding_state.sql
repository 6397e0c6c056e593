-- name: coding_state
-- grain: one row
-- doc: changes whenever a coding is added or withdrawn, or a piece is drawn
select
    (select coalesce(max(coding), 0) from coding) as last_coding,
    (select count(*) from coding where withdrawn_at is not null) as withdrawn,
    (select count(*) from sample_piece) as drawn,
    (select count(*) from draw) as draws
