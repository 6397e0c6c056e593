-- name: outlets
-- grain: one row per outlet
-- doc: all outlets of the build
select * from outlet order by pieces desc, outlet
