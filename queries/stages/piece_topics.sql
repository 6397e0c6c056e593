-- name: piece_topics
-- grain: one row per piece
-- doc: where each piece stands
select piece_key, topic_key, how, similarity, x, y from piece_topic order by piece_key
