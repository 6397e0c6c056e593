-- name: copy_groups
-- grain: one row per piece that is a copy or is copied
-- doc: which pieces print one text
select piece_key, group_key from copy_member order by piece_key
