-- People are found by names without accents, case and double blanks: username_search_key and, from now on, display_name_key hold
-- this form. Only the program can make it: rows without one get both, and the username_key of today, when the server starts.
ALTER TABLE users ADD COLUMN username_search_key VARCHAR(256) NULL;
