-- name: add_sample_piece
-- grain: one row per drawn piece
-- doc: a drawn piece, or the new probability of one drawn earlier
-- param sample text: the sample
-- param piece text: the piece's id
-- param draw integer: the draw that brought it
-- param stratum text: its stratum
-- param probability real: of being in the sample after the latest draw
-- param place real: order of coding, ascending
-- param overlap integer: 1 when every coder codes it
insert into sample_piece (sample, piece, draw, stratum, probability, place, overlap)
values ($sample, $piece, $draw, $stratum, $probability, $place, $overlap)
on conflict (sample, piece) do update set stratum = excluded.stratum, probability = excluded.probability
