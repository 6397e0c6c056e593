-- name: counted
-- doc: pieces that count as a unit
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
case $estimand when 'original' then @.is_original when 'story' then @.is_lead else true end
