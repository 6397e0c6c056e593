-- Words of sentences as numbers, from which a build counts words and pairs.

-- one row per word form that any piece has or had; numbers are never given twice
create table word (
    word_key integer not null,
    word varchar not null,
    is_function boolean not null
);

-- one row per sentence with at least one word: its words in order
create table sentence_word (
    piece_key integer not null,
    sentence integer not null,
    words integer[] not null
);
