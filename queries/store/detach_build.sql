-- name: detach_build
-- grain: no rows
-- doc: closes the build, which checkpoints it
detach build
