-- name: build_source_file
-- grain: one row per file read
-- doc: where the corpus came from
create table build.source_file as select * from source_file order by file_key
