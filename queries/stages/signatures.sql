-- name: signatures
-- grain: one row per piece
-- doc: all MinHash signatures in a fixed order
select piece_key, sig, shingles from signature order by piece_key
