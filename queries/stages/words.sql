-- name: words
-- grain: one row per word form
-- doc: the words that have a number, by number
select word from word order by word_key
