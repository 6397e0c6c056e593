-- name: build_credit
-- grain: one row per piece that credits a news agency, or wires without a name
-- doc: who is credited, and how: 'byline', 'dateline', 'notice' (of copyright or provision) stand for
-- doc: the agency's own text, 'contributed' for help with the outlet's; the strongest one counts;
-- doc: 'own' where the outlet is that agency, by any of its names
-- param names varchar: alternation of the agencies' names, as a regular expression
create table build.credit as
with ends as (
    -- Cut first: what is searched should not grow with a piece's length.
    select
        piece_key,
        coalesce(authors, '') as authors,
        left(text, 240) as head,
        -- Whose picture it is says nothing of the text.
        regexp_replace(right(text, 700), '(?i)(?:image|photo|picture|video|media|getty)\s*(?:copyright|credit|source|by)?[^.\n]{0,60}', '', 'g') as tail
    from piece
),
found as (
    select piece_key, 1 as strength, 'byline' as how, regexp_extract(authors, '(?:^|[^\pL])(' || $names || ')(?:$|[^\pL])', 1) as said from ends
    union all
    select piece_key, 2, 'dateline', regexp_extract(head, '\((' || $names || ')\)\s*[.]?\s*[-–—]', 1) from ends
    union all
    select piece_key, 3, 'notice', regexp_extract(tail, '(?:(?i:copyright)|©|(?i:provided|distributed|supplied)\s[^.]{0,60}(?i:by))[^.]{0,40}?[^\pL](' || $names || ')(?:$|[^\pL])', 1) from ends
    union all
    select piece_key, 4, 'contributed', regexp_extract(tail, '(?:^|[^\pL])(' || $names || ')(?:$|[^\pL])[^.]{0,160}(?i:contributed)', 1) from ends
    union all
    select piece_key, 5, 'contributed', regexp_extract(tail, '(?i:contributed|with (?:files|reporting|reports|material|information))[^.]{0,40}(?i:from|by)[^.]{0,40}?[^\pL](' || $names || ')(?:$|[^\pL])', 1) from ends
    union all
    select piece_key, 6, 'contributed', case when regexp_matches(tail, '(?i)(?:staff and wire|\bwire) (?:reports|services)\b|\bnews services\b[^.]{0,40}contributed') then '(wires)' else '' end from ends
),
named as (
    select found.piece_key, found.how, coalesce(agency.agency, found.said) as agency, found.strength
    from found
    left join incoming_agency as agency on agency.name = found.said
    where found.said <> ''
)
select
    piece_key,
    named.agency,
    case
        when exists (
            select 1
            from incoming_agency as own
            where own.agency = named.agency and lower(own.name) = lower(piece.outlet)
        ) then 'own'
        else how
    end as how
from named
join build.piece as piece using (piece_key)
qualify row_number() over (partition by piece_key order by strength, named.agency) = 1
order by piece_key
