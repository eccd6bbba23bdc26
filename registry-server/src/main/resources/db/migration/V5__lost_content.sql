-- Since when the bytes of content are known to be missing or damaged: nobody is given it until they are pushed again.
alter table blobs add column lost_at bigint;
create index blobs_by_lost_at on blobs (lost_at) where lost_at is not null;
