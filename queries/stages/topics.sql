-- name: topics
-- grain: one row per topic
-- doc: the topics of the last fit
select topic_key, label, words, centroid, x, y from topic order by topic_key
