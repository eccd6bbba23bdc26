-- Times are milliseconds since 1970 in UTC, digests are algorithm:hex.

create table repositories (
  uid        varchar(36)  not null primary key,
  name       varchar(255) not null unique,
  created_at bigint       not null
);

-- All content that is stored, of blobs and of manifests, each once.
create table blobs (
  digest     varchar(140) not null primary key,
  size       bigint       not null,
  created_at bigint       not null
);

create table repository_blobs (
  repository varchar(36)  not null references repositories (uid) on delete cascade,
  digest     varchar(140) not null references blobs (digest),
  linked_at  bigint       not null,
  primary key (repository, digest)
);
create index repository_blobs_by_digest on repository_blobs (digest);

create table manifests (
  repository    varchar(36)  not null references repositories (uid) on delete cascade,
  digest        varchar(140) not null references blobs (digest),
  media_type    varchar(255) not null,
  artifact_type text,
  subject       varchar(140),
  annotations   text,
  pushed_at     bigint       not null,
  primary key (repository, digest)
);
create index manifests_by_digest on manifests (digest);
create index manifests_by_subject on manifests (repository, subject, digest) where subject is not null;

create table manifest_references (
  repository varchar(36)  not null,
  manifest   varchar(140) not null,
  target     varchar(140) not null,
  kind       varchar(16)  not null,
  primary key (repository, manifest, target, kind),
  foreign key (repository, manifest) references manifests (repository, digest) on delete cascade
);
create index manifest_references_by_target on manifest_references (repository, target);

create table tags (
  repository varchar(36)  not null,
  name       varchar(128) not null,
  digest     varchar(140) not null,
  updated_at bigint       not null,
  primary key (repository, name),
  foreign key (repository, digest) references manifests (repository, digest) on delete cascade
);
create index tags_by_digest on tags (repository, digest);

create table uploads (
  id         varchar(36) not null primary key,
  repository varchar(36) not null references repositories (uid) on delete cascade,
  received   bigint      not null,
  started_at bigint      not null,
  updated_at bigint      not null
);
create index uploads_by_repository on uploads (repository);
create index uploads_by_update on uploads (updated_at);
