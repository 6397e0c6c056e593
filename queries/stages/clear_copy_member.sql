-- name: clear_copy_member
-- grain: no rows
-- doc: empties copy_member before it is written afresh
delete from copy_member
