-- Times are Unix milliseconds (UTC). A column that ends in _key holds the normalised form (NFKC, without case) of a text
-- that must be unique or be found whatever its case. changed_at is what other servers on the same database go by; an embedded
-- database has one server, so here the columns have no indexes.

CREATE TABLE users (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    username          TEXT    NOT NULL,
    username_key      TEXT    NOT NULL,
    display_name      TEXT    NOT NULL,
    display_name_key  TEXT    NOT NULL,
    email             TEXT    NULL,
    bio               TEXT    NOT NULL DEFAULT '',
    password_hash     TEXT    NOT NULL,
    security_stamp    TEXT    NOT NULL,
    failed_sign_ins   INTEGER NOT NULL DEFAULT 0,
    locked_until      INTEGER NULL,
    created_at        INTEGER NOT NULL,
    changed_at        INTEGER NOT NULL
);
CREATE UNIQUE INDEX ux_users_username_key ON users (username_key);

-- A session is valid while its stamp is the user's: a password change gives the user a new stamp and so ends every
-- session but the one that is given the new stamp too.
CREATE TABLE sessions (
    id              TEXT    NOT NULL PRIMARY KEY,
    user_id         INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    security_stamp  TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL
);
CREATE INDEX ix_sessions_user ON sessions (user_id);
CREATE INDEX ix_sessions_expires ON sessions (expires_at);

-- last_seq and version are raised under this row's lock, in the transaction that writes the message.
CREATE TABLE conversations (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind         TEXT    NOT NULL CHECK (kind IN ('room', 'direct')),
    slug         TEXT    NULL,
    title        TEXT    NULL,
    owner_id     INTEGER NULL REFERENCES users (id),
    last_seq     INTEGER NOT NULL DEFAULT 0,
    version      INTEGER NOT NULL DEFAULT 0,
    direct_low   INTEGER NULL REFERENCES users (id),
    direct_high  INTEGER NULL REFERENCES users (id),
    created_at   INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL,
    CHECK ((kind = 'room' AND slug IS NOT NULL AND title IS NOT NULL AND direct_low IS NULL AND direct_high IS NULL)
        OR (kind = 'direct' AND slug IS NULL AND direct_low IS NOT NULL AND direct_high IS NOT NULL AND direct_low <= direct_high))
);
CREATE UNIQUE INDEX ux_conversations_slug ON conversations (slug);
CREATE UNIQUE INDEX ux_conversations_direct ON conversations (direct_low, direct_high);

CREATE TABLE members (
    conversation_id  INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    user_id          INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role             TEXT    NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'member')),
    joined_at        INTEGER NOT NULL,
    read_seq         INTEGER NOT NULL DEFAULT 0,
    changed_at       INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, user_id)
) WITHOUT ROWID;
CREATE INDEX ix_members_user ON members (user_id, conversation_id);

CREATE TABLE images (
    id            TEXT    NOT NULL PRIMARY KEY,
    owner_id      INTEGER NOT NULL REFERENCES users (id),
    content_type  TEXT    NOT NULL,
    size          INTEGER NOT NULL,
    width         INTEGER NOT NULL,
    height        INTEGER NOT NULL,
    created_at    INTEGER NOT NULL
);
CREATE INDEX ix_images_created ON images (created_at);

-- client_hash is the digest of what the sender sent under client_id: it tells a retry from a reuse, also after an edit.
-- A recall clears it together with the text.
CREATE TABLE messages (
    conversation_id  INTEGER NOT NULL REFERENCES conversations (id),
    seq              INTEGER NOT NULL,
    version          INTEGER NOT NULL,
    sender_id        INTEGER NOT NULL REFERENCES users (id),
    kind             TEXT    NOT NULL CHECK (kind IN ('text', 'image')),
    text             TEXT    NULL,
    image_id         TEXT    NULL REFERENCES images (id),
    sent_at          INTEGER NOT NULL,
    edited_at        INTEGER NULL,
    recalled_at      INTEGER NULL,
    client_id        TEXT    NULL,
    client_hash      TEXT    NULL,
    PRIMARY KEY (conversation_id, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX ux_messages_version ON messages (conversation_id, version);
CREATE UNIQUE INDEX ux_messages_client_id ON messages (sender_id, client_id);
CREATE UNIQUE INDEX ux_messages_image_id ON messages (image_id);

INSERT INTO conversations (kind, slug, title, created_at, changed_at)
VALUES ('room', 'lobby', 'Lobby', CAST(strftime('%s', 'now') AS INTEGER) * 1000, 0);
