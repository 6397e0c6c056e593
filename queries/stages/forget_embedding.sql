-- name: forget_embedding
-- grain: no rows
-- doc: deletes rows of embedding that another version of the stage made
-- param version varchar: version to keep
delete from embedding
where piece_key in (select piece_key from stage_piece where stage = 'embeddings' and version <> $version)
