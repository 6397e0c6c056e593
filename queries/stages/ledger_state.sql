-- name: ledger_state
-- grain: one row
-- doc: how much the ingest ledger holds
select
    (select count(*) from problem)::bigint as findings,
    (select count(*) from duplicate_row)::bigint as repeats,
    (select count(*) from source_file)::bigint as files
