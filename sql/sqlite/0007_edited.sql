-- An edit takes away the text that was sent, so its client_hash goes too: anyone who has the database could try short texts. digest
-- is what the first edit makes of it, encrypted as in recalls: by it the retry of an edited message is told from another text
-- under its client_id. The digests of what was edited before cannot be encrypted here, and are cleared.
ALTER TABLE messages ADD COLUMN digest TEXT NULL;

UPDATE messages SET client_hash = NULL WHERE edited_at IS NOT NULL AND client_hash IS NOT NULL;
