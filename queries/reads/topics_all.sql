-- name: topics_all
-- grain: one row per topic
-- doc: all topics of the build, unassigned included
select * from topic order by topic_key = 'unassigned', pieces desc, topic_key
