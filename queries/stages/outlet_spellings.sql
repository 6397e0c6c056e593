-- name: outlet_spellings
-- grain: one row per outlet as it is written in the corpus
-- doc: which names an alias may stand for
select distinct outlet from piece where outlet is not null order by outlet
