-- name: term_names
-- grain: one row per counted term
-- doc: the terms by key
select term_key, term from term order by term_key
