-- name: add_coding_frame
-- grain: one row per coding and frame
-- doc: what a coder said of a frame
-- param coding integer: the coding
-- param frame text: the frame's id
-- param present integer: 1, 0, or null: can't decide
-- param definition text: hash of the frame's definition
insert into coding_frame (coding, frame, present, definition)
values ($coding, $frame, $present, $definition)
