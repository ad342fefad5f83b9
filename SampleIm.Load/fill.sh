#!/bin/sh
# Prints the SQL that fills a database as years of talk would, the same for SQLite and MariaDB. The server must not run meanwhile.
#   fill.sh MESSAGES CONVERSATIONS [USERS]
# MESSAGES more in the lobby; CONVERSATIONS direct ones of the first user who ever registered, and as many again among others, two
# messages each; USERS besides, and 1000 strangers to whom nobody has spoken. To be run once on a database:
#   sh SampleIm.Load/fill.sh 1000000 10000 | sqlite3 data/sampleim.db
#   sh SampleIm.Load/fill.sh 1000000 10000 | mariadb sampleim
set -eu
messages=$1
conversations=$2
users=$((${3:-0} > conversations ? ${3:-0} : conversations + 1))
most=$((messages > users ? messages : users))

cat <<SQL
CREATE TABLE filling (i BIGINT NOT NULL PRIMARY KEY);
INSERT INTO filling (i)
WITH d AS (SELECT 0 AS i UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
           UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)
SELECT 1 + a.i + 10 * b.i + 100 * c.i + 1000 * e.i + 10000 * f.i + 100000 * g.i
FROM d a, d b, d c, d e, d f, d g
WHERE a.i + 10 * b.i + 100 * c.i + 1000 * e.i + 10000 * f.i + 100000 * g.i < CASE WHEN $most < 1000 THEN 1000 ELSE $most END;

INSERT INTO users (id, username, username_key, display_name, display_name_key, password_hash, security_stamp, created_at, changed_at)
SELECT 1000000 + i, REPLACE('filled-#', '#', i), REPLACE('FILLED-#', '#', i), REPLACE('Filled #', '#', i), REPLACE('FILLED #', '#', i), '', '', 1700000000000, 0
FROM filling WHERE i <= $users;
INSERT INTO users (id, username, username_key, display_name, display_name_key, password_hash, security_stamp, created_at, changed_at)
SELECT 3000000 + i, REPLACE('stranger-#', '#', i), REPLACE('STRANGER-#', '#', i), REPLACE('Stranger #', '#', i), REPLACE('STRANGER #', '#', i), '', '', 1700000000000, 0
FROM filling WHERE i <= 1000;

INSERT INTO messages (conversation_id, seq, version, sender_id, kind, text, sent_at)
SELECT c.id, c.last_seq + f.i, c.version + f.i, 1000001 + f.i % $users, 'text',
       REPLACE('Message # of the lobby, as long as most are: shall we meet at eight?', '#', f.i), 1700000000000 + f.i
FROM filling f, conversations c
WHERE c.slug = 'lobby' AND f.i <= $messages;
UPDATE conversations SET last_seq = last_seq + $messages, version = version + $messages WHERE slug = 'lobby';
INSERT INTO members (conversation_id, user_id, joined_at, read_seq, changed_at)
SELECT c.id, u.id, 1700000000000, c.last_seq, 0 FROM conversations c, users u WHERE c.slug = 'lobby' AND u.id > 1000000;

INSERT INTO conversations (id, kind, direct_low, direct_high, last_seq, version, created_at, changed_at)
SELECT 1000000 + f.i, 'direct', (SELECT MIN(id) FROM users), 1000000 + f.i, 2, 2, 1700000000000, 0 FROM filling f WHERE f.i <= $conversations;
INSERT INTO conversations (id, kind, direct_low, direct_high, last_seq, version, created_at, changed_at)
SELECT 2000000 + f.i, 'direct', 1000000 + f.i, 1000001 + f.i, 2, 2, 1700000000000, 0 FROM filling f WHERE f.i <= $conversations;
INSERT INTO messages (conversation_id, seq, version, sender_id, kind, text, sent_at)
SELECT c.id, s.i, s.i, CASE s.i WHEN 1 THEN c.direct_low ELSE c.direct_high END, 'text', REPLACE('Message # between two', '#', s.i), 1700000000000 + c.id * 10 + s.i
FROM conversations c, filling s
WHERE c.id > 1000000 AND s.i <= 2;
INSERT INTO members (conversation_id, user_id, joined_at, read_seq, changed_at, last_sent_at)
SELECT c.id, CASE s.i WHEN 1 THEN c.direct_low ELSE c.direct_high END, 1700000000000, 2, 0, 1700000000002 + c.id * 10
FROM conversations c, filling s
WHERE c.id > 1000000 AND s.i <= 2;
DROP TABLE filling;
SQL
