-- What retention did and will do, an entry of the policy document each; the state is JSON that nobody queries.
create table retention (
  entry varchar(512) not null primary key,
  state text         not null
);

-- Indexes and what they list: few of all references.
create index manifest_references_of_indexes on manifest_references (repository, manifest, target)
  where kind = 'MANIFEST';
