-- SQLite. Nothing here can be computed again: rows are added or withdrawn, never changed or deleted,
-- but for drafts and claims, which are no codings yet.

-- one row per coder
create table coder (
    coder text primary key collate nocase,
    since text not null
) strict;

-- one row per sample: pieces drawn together or topped up, coded under one codebook at a time
create table sample (
    sample text primary key,
    created_at text not null,
    title text not null,
    overlap real not null check (overlap between 0 and 1)
) strict;

-- one row per draw: the first, and each top-up. The audit log of a sample.
create table draw (
    sample text not null references sample (sample),
    draw integer not null,
    drawn_at text not null,
    design text not null,
    budget integer not null,
    drawn integer not null,
    seed integer not null,
    scope text not null,
    contrast text not null,
    build text not null,
    model text not null,
    last_piece integer not null,
    frame_size integer not null,
    frame_hash text not null,
    strata text not null,
    primary key (sample, draw)
) strict;

-- one row per drawn piece: probability of being in the sample after the latest draw
create table sample_piece (
    sample text not null references sample (sample),
    piece text not null,
    draw integer not null,
    stratum text not null,
    probability real not null check (probability > 0 and probability <= 1),
    place real not null,
    overlap integer not null check (overlap in (0, 1)),
    primary key (sample, piece)
) strict;

create index sample_piece_order on sample_piece (sample, place, piece);

-- one row per commit of a coder on a piece; at most one of them is not withdrawn
create table coding (
    coding integer primary key autoincrement,
    sample text not null,
    piece text not null,
    coder text not null collate nocase references coder (coder),
    committed_at text not null,
    withdrawn_at text,
    codebook text not null,
    source text not null,
    seconds real,
    note text not null,
    foreign key (sample, piece) references sample_piece (sample, piece)
) strict;

create unique index coding_valid on coding (sample, piece, coder) where withdrawn_at is null;
create index coding_by_coder on coding (sample, coder) where withdrawn_at is null;

-- one row per coding and frame; present null: the coder can't decide. definition: hash of what the
-- codebook said of the frame
create table coding_frame (
    coding integer not null references coding (coding),
    frame text not null,
    present integer check (present in (0, 1)),
    definition text not null,
    primary key (coding, frame)
) strict;

-- one row per coding, frame and marked sentence; 0 is the headline, offsets are characters
create table coding_sentence (
    coding integer not null references coding (coding),
    frame text not null,
    sentence integer not null,
    start_char integer not null,
    end_char integer not null,
    primary key (coding, frame, sentence)
) strict;

-- one row per piece and coder: what the model or a colleague said of a piece that the coder had
-- committed was shown to the coder; from then on the coding is blind no more, and stays
create table reveal (
    sample text not null,
    piece text not null,
    coder text not null collate nocase references coder (coder),
    at text not null,
    primary key (sample, piece, coder),
    foreign key (sample, piece) references sample_piece (sample, piece)
) strict;

-- one row per piece that a coder has begun and not committed
create table draft (
    sample text not null,
    piece text not null,
    coder text not null collate nocase,
    saved_at text not null,
    marks text not null,
    primary key (sample, piece, coder)
) strict;

-- one row per piece on a coder's screen, so that no two code what one should
create table claim (
    sample text not null,
    piece text not null,
    coder text not null collate nocase,
    until text not null,
    primary key (sample, piece, coder)
) strict;
