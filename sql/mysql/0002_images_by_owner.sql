-- Here the foreign key of images.owner_id has brought an index with it: the pictures of one user are found without another.
DO 0;
