-- name: withdraw_coding
-- grain: one row
-- doc: takes a coding back; it stays in the ledger
-- param coding integer: the coding
-- param now text: UTC, ISO 8601
update coding set withdrawn_at = $now where coding = $coding and withdrawn_at is null
