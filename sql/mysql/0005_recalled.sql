-- Which messages were recalled: a message that was recalled before it was read is not unread, and these are found by their key,
-- without a look at the messages. digest is client_hash, encrypted with the data-protection keys, which are not in the
-- database: by it the retry of a recalled message is told from another text under its client_id. Null without a client_id, and
-- for what was recalled before.
CREATE TABLE IF NOT EXISTS recalls (
    conversation_id  BIGINT       NOT NULL,
    seq              BIGINT       NOT NULL,
    recalled_at      BIGINT       NOT NULL,
    digest           VARCHAR(500) NULL,
    PRIMARY KEY (conversation_id, seq),
    KEY ix_recalls_recalled (recalled_at),
    FOREIGN KEY (conversation_id, seq) REFERENCES messages (conversation_id, seq)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT IGNORE INTO recalls (conversation_id, seq, recalled_at)
SELECT conversation_id, seq, recalled_at FROM messages WHERE recalled_at IS NOT NULL;

-- unread_at is last_sent_at while the member has something to read there, else null: however many direct conversations somebody
-- has, the unread ones are found by index. Always null in a room. One statement for column and index: both are there, or
-- neither.
ALTER TABLE members ADD COLUMN unread_at BIGINT NULL, ADD KEY ix_members_unread (user_id, unread_at);

UPDATE members
SET unread_at = last_sent_at
WHERE last_sent_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM messages l
              WHERE l.conversation_id = members.conversation_id AND l.seq > members.read_seq AND l.recalled_at IS NULL);
