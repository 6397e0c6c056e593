-- Everything in corpus.duckdb. Derived tables are keyed by piece_key and can be made again.

create sequence file_key start 1;
create sequence piece_key start 1;

-- one row per file read; counts are final once `finished`
create table source_file (
    file_key integer primary key default nextval('file_key'),
    path varchar not null,
    kind varchar not null,
    sha256 varchar not null,
    bytes bigint not null,
    encoding varchar,
    settings varchar not null,
    started_at timestamp not null,
    finished boolean not null default false,
    rows_read bigint not null default 0,
    accepted bigint not null default 0,
    duplicates bigint not null default 0,
    refused bigint not null default 0
);

-- one row per piece of coverage
create table piece (
    piece_key integer not null default nextval('piece_key'),
    id varchar not null,
    outlet varchar,
    outlet_raw varchar,
    url varchar,
    published date,
    date_precision varchar not null,
    date_raw varchar,
    authors varchar,
    title varchar not null,
    text varchar not null,
    record_hash varchar not null,
    control_chars integer not null,
    replacement_chars integer not null,
    file_key integer not null,
    row_number bigint not null
);

-- one row per finding about an input row: refused (the row was not taken) or notice (it was)
create table problem (
    file_key integer not null,
    row_number bigint,
    field varchar,
    reason varchar not null,
    value varchar,
    severity varchar not null
);

-- one row per input row that repeats a stored record
create table duplicate_row (
    file_key integer not null,
    row_number bigint not null,
    id varchar not null
);

-- one row per piece and stage that has been done, with the version of what did it
create table stage_piece (
    stage varchar not null,
    piece_key integer not null,
    version varchar not null
);

-- one row per run of a stage
create table run (
    run_id varchar not null,
    stage varchar not null,
    version varchar not null,
    params varchar not null,
    started_at timestamp not null,
    ended_at timestamp,
    pieces integer not null
);

-- one row per piece and sentence; 0 is the headline (offsets in title), others are in text
create table sentence (
    piece_key integer not null,
    sentence integer not null,
    start_char integer not null,
    end_char integer not null
);

-- one row per piece
create table embedding (
    piece_key integer not null,
    vec float[256] not null
);

-- one row per piece: MinHash signature over word shingles
create table signature (
    piece_key integer not null,
    sig uinteger[] not null,
    shingles integer not null
);

-- one row per verified pair of copies, left < right
create table copy_pair (
    left_key integer not null,
    right_key integer not null,
    containment double not null
);

-- one row per piece that is in a group of copies
create table copy_member (
    piece_key integer not null,
    group_key integer not null,
    is_origin boolean not null
);

-- one row per piece, sentence and frame
create table sentence_frame (
    piece_key integer not null,
    sentence integer not null,
    frame varchar not null,
    score float not null,
    present boolean not null
);

-- one row per piece and frame
create table piece_frame (
    piece_key integer not null,
    frame varchar not null,
    score float not null,
    present boolean not null
);

-- one row per topic of the current fit; topic_key is stable from fit to fit
create table topic (
    topic_key varchar not null,
    label varchar not null,
    words varchar[] not null,
    centroid float[256] not null,
    x float not null,
    y float not null
);

-- one row per piece with a topic stage; topic_key null: unassigned
create table piece_topic (
    piece_key integer not null,
    topic_key varchar,
    how varchar not null,
    similarity float,
    x float not null,
    y float not null
);
