-- name: known_records
-- grain: one row per row of incoming that is stored already
-- doc: the piece that a row repeats; own: the piece was made from this very row.
-- doc: A row with an id repeats a piece with the same content and the same id, or an id that was
-- doc: derived. A row without one repeats a piece with the same content or the same derived id.
-- param file_key integer: the file that is being read
with same_content as (
    select incoming.row_number, piece.id, piece.file_key = $file_key and piece.row_number = incoming.row_number as own
    from incoming
    join piece using (record_hash)
    where
        incoming.given_id is null
        or piece.id in (
            incoming.given_id,
            incoming.derived_id,
            incoming.given_id || '~' || left(incoming.record_hash, 6),
            incoming.given_id || '~' || left(incoming.record_hash, 16)
        )
),
same_derived_id as (
    select incoming.row_number, piece.id, false as own
    from incoming
    join piece on piece.id = incoming.derived_id
    where incoming.given_id is null
),
final as (
    select row_number, bool_or(own) as own, arg_max(id, own) as id
    from (from same_content union all from same_derived_id)
    group by row_number
)
select row_number, own, id from final order by row_number
