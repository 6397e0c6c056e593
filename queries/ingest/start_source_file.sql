-- name: start_source_file
-- grain: no rows
-- doc: notes that the reading of a file begins
-- param path varchar: where the file is
-- param kind varchar: what it is
-- param sha256 varchar: hash of its bytes
-- param bytes bigint: its size
-- param encoding varchar: how its characters are written; null where that has no meaning
-- param settings varchar: settings as JSON
-- param started_at varchar: ISO time
insert into source_file (path, kind, sha256, bytes, encoding, settings, started_at)
values ($path, $kind, $sha256, $bytes, $encoding, $settings, $started_at::timestamp)
