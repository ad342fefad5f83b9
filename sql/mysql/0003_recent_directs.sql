-- The list of conversations shows the latest directs: found by index, without a look at the others. last_sent_at is when the last
-- message of a direct conversation was sent, in the rows of both sides; null in a room, for rooms are listed whatever was said when.
-- One statement for column and index: both are there, or neither.
ALTER TABLE members ADD COLUMN last_sent_at BIGINT NULL, ADD KEY ix_members_recent (user_id, last_sent_at);

UPDATE members
SET last_sent_at = (SELECT l.sent_at
                    FROM conversations c
                    JOIN messages l ON l.conversation_id = c.id AND l.seq = c.last_seq
                    WHERE c.id = members.conversation_id)
WHERE conversation_id IN (SELECT id FROM conversations WHERE kind = 'direct');
