-- name: add_coder
-- grain: one row per coder
-- doc: a coder seen for the first time
-- param coder text: name
-- param since text: UTC, ISO 8601
insert into coder (coder, since) values ($coder, $since) on conflict (coder) do nothing
