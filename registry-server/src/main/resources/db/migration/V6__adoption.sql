-- What CNCF distribution left on the volume: the state of taking it over, and how far that is.
create table adoption (
  id       varchar(16) not null primary key,
  state    varchar(16) not null,
  begun_at bigint      not null
);

-- Whatever is in use already has nothing to take over, unless somebody asks for it.
insert into adoption (id, state, begun_at)
  select 'distribution', 'NONE', 0 where exists (select 1 from repositories);

-- Repositories that were found; those that this adoption has not seen to their end are its queue.
create table adopted_repositories (
  name      varchar(255) not null primary key,
  -- Begin of the last adoption that came to the end of it; null: none has.
  seen_at   bigint,
  manifests bigint       not null default 0,
  tags      bigint       not null default 0,
  blobs     bigint       not null default 0
);

-- What was skipped.
create table adoption_problems (
  path       text         not null primary key,
  -- Empty where it belongs to none.
  repository varchar(255) not null,
  reason     text         not null
);
create index adoption_problems_by_repository on adoption_problems (repository);
