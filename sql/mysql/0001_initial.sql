-- Times are Unix milliseconds (UTC). A column that ends in _key holds the normalised form (NFKC, without case) of a text
-- that must be unique or be found whatever its case. Each statement is committed by itself and can be run again.
-- The collation compares code points: what is the same is decided by the program, the same on each database.
-- changed_at is what other servers on this database go by to bring their memory forward.

CREATE TABLE IF NOT EXISTS users (
    id                BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
    username          VARCHAR(64)   NOT NULL,
    username_key      VARCHAR(128)  NOT NULL,
    display_name      VARCHAR(64)   NOT NULL,
    display_name_key  VARCHAR(1200) NOT NULL,
    email             VARCHAR(254)  NULL,
    bio               VARCHAR(500)  NOT NULL DEFAULT '',
    password_hash     VARCHAR(255)  NOT NULL,
    security_stamp    VARCHAR(64)   NOT NULL,
    failed_sign_ins   BIGINT        NOT NULL DEFAULT 0,
    locked_until      BIGINT        NULL,
    created_at        BIGINT        NOT NULL,
    changed_at        BIGINT        NOT NULL,
    UNIQUE KEY ux_users_username_key (username_key),
    KEY ix_users_changed (changed_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS sessions (
    id              VARCHAR(32) NOT NULL PRIMARY KEY,
    user_id         BIGINT      NOT NULL,
    security_stamp  VARCHAR(64) NOT NULL,
    created_at      BIGINT      NOT NULL,
    expires_at      BIGINT      NOT NULL,
    KEY ix_sessions_user (user_id),
    KEY ix_sessions_expires (expires_at),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS conversations (
    id           BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind         VARCHAR(10)  NOT NULL,
    slug         VARCHAR(64)  NULL,
    title        VARCHAR(100) NULL,
    owner_id     BIGINT       NULL,
    last_seq     BIGINT       NOT NULL DEFAULT 0,
    version      BIGINT       NOT NULL DEFAULT 0,
    direct_low   BIGINT       NULL,
    direct_high  BIGINT       NULL,
    created_at   BIGINT       NOT NULL,
    changed_at   BIGINT       NOT NULL,
    UNIQUE KEY ux_conversations_slug (slug),
    KEY ix_conversations_changed (changed_at),
    UNIQUE KEY ux_conversations_direct (direct_low, direct_high),
    FOREIGN KEY (owner_id) REFERENCES users (id),
    FOREIGN KEY (direct_low) REFERENCES users (id),
    FOREIGN KEY (direct_high) REFERENCES users (id),
    CHECK (kind IN ('room', 'direct')),
    CHECK ((kind = 'room' AND slug IS NOT NULL AND title IS NOT NULL AND direct_low IS NULL AND direct_high IS NULL)
        OR (kind = 'direct' AND slug IS NULL AND direct_low IS NOT NULL AND direct_high IS NOT NULL AND direct_low <= direct_high))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS members (
    conversation_id  BIGINT      NOT NULL,
    user_id          BIGINT      NOT NULL,
    role             VARCHAR(10) NOT NULL DEFAULT 'member',
    joined_at        BIGINT      NOT NULL,
    read_seq         BIGINT      NOT NULL DEFAULT 0,
    changed_at       BIGINT      NOT NULL,
    PRIMARY KEY (conversation_id, user_id),
    KEY ix_members_user (user_id, conversation_id),
    KEY ix_members_changed (changed_at),
    FOREIGN KEY (conversation_id) REFERENCES conversations (id) ON DELETE CASCADE,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CHECK (role IN ('owner', 'member'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS images (
    id            VARCHAR(32) NOT NULL PRIMARY KEY,
    owner_id      BIGINT      NOT NULL,
    content_type  VARCHAR(20) NOT NULL,
    size          BIGINT      NOT NULL,
    width         BIGINT      NOT NULL,
    height        BIGINT      NOT NULL,
    created_at    BIGINT      NOT NULL,
    KEY ix_images_created (created_at),
    FOREIGN KEY (owner_id) REFERENCES users (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS messages (
    conversation_id  BIGINT      NOT NULL,
    seq              BIGINT      NOT NULL,
    version          BIGINT      NOT NULL,
    sender_id        BIGINT      NOT NULL,
    kind             VARCHAR(10) NOT NULL,
    text             MEDIUMTEXT  NULL,
    image_id         VARCHAR(32) NULL,
    sent_at          BIGINT      NOT NULL,
    edited_at        BIGINT      NULL,
    recalled_at      BIGINT      NULL,
    client_id        VARBINARY(256) NULL COMMENT 'UTF-8; as bytes, because the collation would ignore blanks at the end',
    client_hash      VARCHAR(64) NULL,
    PRIMARY KEY (conversation_id, seq),
    UNIQUE KEY ux_messages_version (conversation_id, version),
    UNIQUE KEY ux_messages_client_id (sender_id, client_id),
    UNIQUE KEY ux_messages_image_id (image_id),
    FOREIGN KEY (conversation_id) REFERENCES conversations (id),
    FOREIGN KEY (sender_id) REFERENCES users (id),
    FOREIGN KEY (image_id) REFERENCES images (id),
    CHECK (kind IN ('text', 'image'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT IGNORE INTO conversations (kind, slug, title, created_at, changed_at)
VALUES ('room', 'lobby', 'Lobby', UNIX_TIMESTAMP() * 1000, 0);
