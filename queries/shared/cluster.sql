-- name: cluster
-- doc: the group of pieces that are alike: the story, the copies of a text that is on none, or the piece itself
case when @.in_story or @.copy_group is null then @.story_key else 'copies ' || @.copy_group end
