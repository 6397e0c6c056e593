-- name: attach_build
-- grain: no rows
-- doc: attaches a new file as the build to be written
-- param path varchar: file to make
attach $path as build
