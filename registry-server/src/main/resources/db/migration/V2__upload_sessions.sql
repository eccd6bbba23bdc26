-- A session has a row once it has received something, or was ended: before, its id says all there is to know.
drop table uploads;

create table uploads (
  id         varchar(64) not null primary key,
  repository varchar(36) not null references repositories (uid) on delete cascade,
  -- The name of its bytes in the blob store; null where the session has ended.
  bytes      varchar(36),
  received   bigint      not null,
  -- Whoever sent the first bytes; null where there were none.
  principal  varchar(300),
  updated_at bigint      not null
);
create index uploads_by_repository on uploads (repository);
create index uploads_by_principal on uploads (principal) where bytes is not null;
create index uploads_by_update on uploads (updated_at);

-- What every process of a registry needs to know, and nobody else may.
create table secrets (
  name  varchar(64) not null primary key,
  value varchar(64) not null
);
