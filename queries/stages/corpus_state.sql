-- name: corpus_state
-- grain: one row
-- doc: how many pieces there are and a hash of all of them
select count(*)::bigint as pieces, coalesce(bit_xor(hash(id, record_hash)), 0)::varchar as content
from piece
