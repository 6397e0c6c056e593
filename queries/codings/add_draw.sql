-- name: add_draw
-- grain: one row per draw
-- doc: the audit entry of a draw
-- param sample text: the sample
-- param draw integer: 1 is the first, others are top-ups
-- param drawn_at text: UTC, ISO 8601
-- param design text: 'simple', 'proportional' or 'neyman'
-- param budget integer: pieces asked for
-- param drawn integer: pieces drawn
-- param seed integer: of the random numbers
-- param scope text: filters of the pieces that could be drawn, as JSON
-- param contrast text: what a Neyman allocation is for, as JSON; 'null' for other designs
-- param build text: build that it was drawn from
-- param model text: version of the model whose scores made the bands
-- param last_piece integer: highest piece_key that could be drawn
-- param frame_size integer: pieces that could be drawn
-- param frame_hash text: SHA-256 of the stored sampling frame
-- param strata text: stratum, pieces, drawn, probability of each stratum, as JSON
insert into draw (
    sample, draw, drawn_at, design, budget, drawn, seed, scope, contrast, build, model, last_piece,
    frame_size, frame_hash, strata
) values (
    $sample, $draw, $drawn_at, $design, $budget, $drawn, $seed, $scope, $contrast, $build, $model,
    $last_piece, $frame_size, $frame_hash, $strata
)
