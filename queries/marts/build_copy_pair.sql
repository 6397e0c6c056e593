-- name: build_copy_pair
-- grain: one row per verified pair of copies
-- doc: pairs of copies
create table build.copy_pair as select * from copy_pair order by left_key, right_key
