-- How often a password was tried, counted before the password is looked at: under a name from a network, from a device that has
-- signed in before, or by a session that changes its password. bucket is a digest of these. After ends_at a row means nothing and
-- is removed. The columns failed_sign_ins and locked_until of users are not used any more.
CREATE TABLE sign_in_attempts (
    bucket    TEXT    NOT NULL PRIMARY KEY,
    attempts  INTEGER NOT NULL,
    ends_at   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX ix_sign_in_attempts_ends ON sign_in_attempts (ends_at);
