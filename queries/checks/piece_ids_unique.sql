-- name: piece_ids_unique
-- grain: one row per id that stands twice
-- doc: must be empty
select id, count(*) as n from piece group by id having count(*) > 1
