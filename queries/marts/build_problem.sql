-- name: build_problem
-- grain: one row per finding about an input row
-- doc: refused rows and notices, with the file's name
create table build.problem as
select problem.*, source_file.path
from problem
join source_file using (file_key)
order by file_key, row_number
