-- Pieces about the same event. A piece that is alone with its event has no row.

-- one row per story; story_key is stable from run to run
create table story (
    story_key varchar not null,
    title varchar not null
);

-- one row per piece in a story
create table story_member (
    piece_key integer not null,
    story_key varchar not null
);
