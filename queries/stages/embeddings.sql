-- name: embeddings
-- grain: one row per piece
-- doc: all embeddings in a fixed order
select piece_key, vec from embedding order by piece_key
