-- Each upload sums up the pictures of its user: without reading those of all others.
CREATE INDEX ix_images_owner ON images (owner_id, size);
