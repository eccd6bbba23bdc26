-- What loses its last reference is noted, looked at again after a while, removed, and later forgotten.

-- The uid that tokens are bound to, which another life of the repository does not share.
alter table repositories add column incarnation varchar(36);
update repositories set incarnation = uid;
alter table repositories add column deleted_at bigint;

-- Since when no row names the content, and whether its file is being deleted.
alter table blobs add column erase_at bigint;
alter table blobs add column erasing smallint not null default 0;
create index blobs_by_erase_at on blobs (erase_at) where erase_at is not null;

alter table repository_blobs add column unreferenced_at bigint;
alter table repository_blobs add column removed_at bigint;
alter table repository_blobs add column removed_reason text;
create index repository_blobs_by_unreferenced_at on repository_blobs (unreferenced_at) where unreferenced_at is not null;
create index repository_blobs_by_removed_at on repository_blobs (removed_at) where removed_at is not null;

alter table manifests add column pulled_at bigint;
alter table manifests add column unreferenced_at bigint;
alter table manifests add column removed_at bigint;
alter table manifests add column removed_reason text;
create index manifests_by_unreferenced_at on manifests (unreferenced_at) where unreferenced_at is not null;
create index manifests_by_removed_at on manifests (removed_at) where removed_at is not null;

alter table tags add column pulled_at bigint;

create table removed_tags (
  repository     varchar(36)  not null references repositories (uid) on delete cascade,
  name           varchar(128) not null,
  digest         varchar(140) not null,
  pushed_at      bigint       not null,
  pulled_at      bigint,
  removed_at     bigint       not null,
  removed_reason text         not null,
  primary key (repository, name, digest)
);
create index removed_tags_by_removed_at on removed_tags (removed_at);

-- Bytes, by the first digit of the digest: sixteen rows each, so that no two pushes wait for one.
create table repository_usage (
  repository varchar(36) not null references repositories (uid) on delete cascade,
  shard      varchar(1)  not null,
  bytes      bigint      not null,
  primary key (repository, shard)
);
create table storage_usage (
  shard varchar(1) not null primary key,
  bytes bigint     not null
);

insert into storage_usage (shard, bytes)
  select substr(digest, 8, 1), sum(size) from blobs group by substr(digest, 8, 1);

insert into repository_usage (repository, shard, bytes)
  select held.repository, substr(held.digest, 8, 1), sum(b.size)
    from (select repository, digest from repository_blobs
          union all
          select repository, digest from manifests) held
    join blobs b on b.digest = held.digest
   group by held.repository, substr(held.digest, 8, 1);

-- What lost its references before anybody noted it.
update repository_blobs set unreferenced_at = linked_at
 where not exists (select 1 from manifest_references r
                    where r.repository = repository_blobs.repository and r.target = repository_blobs.digest);

update blobs set erase_at = created_at
 where not exists (select 1 from repository_blobs l where l.digest = blobs.digest)
   and not exists (select 1 from manifests m where m.digest = blobs.digest);

-- When and at whose word garbage was last collected.
create table collections (
  id          varchar(16) not null primary key,
  last_run_at bigint,
  freed_bytes bigint      not null default 0,
  request     text
);
