-- Which messages were recalled: a message that was recalled before it was read is not unread, and these are found by their key,
-- without a look at the messages. digest is client_hash, encrypted with the data-protection keys, which are not in the
-- database: by it the retry of a recalled message is told from another text under its client_id. Null without a client_id, and
-- for what was recalled before.
CREATE TABLE recalls (
    conversation_id  INTEGER NOT NULL,
    seq              INTEGER NOT NULL,
    recalled_at      INTEGER NOT NULL,
    digest           TEXT    NULL,
    PRIMARY KEY (conversation_id, seq),
    FOREIGN KEY (conversation_id, seq) REFERENCES messages (conversation_id, seq)
) WITHOUT ROWID;

INSERT INTO recalls (conversation_id, seq, recalled_at)
SELECT conversation_id, seq, recalled_at FROM messages WHERE recalled_at IS NOT NULL;

-- unread_at is last_sent_at while the member has something to read there, else null: however many direct conversations somebody
-- has, the unread ones are found by index. Always null in a room.
ALTER TABLE members ADD COLUMN unread_at INTEGER NULL;

UPDATE members
SET unread_at = last_sent_at
WHERE last_sent_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM messages l
              WHERE l.conversation_id = members.conversation_id AND l.seq > members.read_seq AND l.recalled_at IS NULL);

CREATE INDEX ix_members_unread ON members (user_id, unread_at);
