-- Who speaks: quotations, and the sentences that are somebody else's voice.

-- one row per quotation; sentence 0 is the headline (offsets in title), others are in text;
-- cue and speaker are null where the piece gives none; nested: a part of a reported quotation
create table quotation (
    piece_key integer not null,
    quotation integer not null,
    sentence integer not null,
    kind varchar not null,
    start_char integer not null,
    end_char integer not null,
    cue_start integer,
    cue_end integer,
    speaker_start integer,
    speaker_end integer,
    speaker varchar not null,
    role varchar not null,
    nested boolean not null
);

-- one row per piece and sentence that is not the outlet's own voice
create table sentence_voice (
    piece_key integer not null,
    sentence integer not null,
    role varchar not null
);
