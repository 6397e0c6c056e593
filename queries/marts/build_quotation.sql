-- name: build_quotation
-- grain: one row per quotation
-- doc: quotation rows, sorted so that readers skip what they do not need
create table build.quotation as select * from quotation order by piece_key, quotation
