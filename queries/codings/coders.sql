-- name: coders
-- grain: one row per coder
-- doc: everybody who ever sat down to code
select coder, since from coder order by coder
