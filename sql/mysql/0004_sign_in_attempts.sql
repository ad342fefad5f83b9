-- How often a password was tried, counted before the password is looked at: under a name from a network, from a device that has
-- signed in before, or by a session that changes its password. bucket is a digest of these. After ends_at a row means nothing and
-- is removed. The columns failed_sign_ins and locked_until of users are not used any more.
CREATE TABLE IF NOT EXISTS sign_in_attempts (
    bucket    VARCHAR(64) NOT NULL PRIMARY KEY,
    attempts  BIGINT      NOT NULL,
    ends_at   BIGINT      NOT NULL,
    KEY ix_sign_in_attempts_ends (ends_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
