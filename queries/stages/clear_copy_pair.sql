-- name: clear_copy_pair
-- grain: no rows
-- doc: empties copy_pair before it is written afresh
delete from copy_pair
