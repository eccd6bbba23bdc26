-- What would be freed is read from the index alone, without a look at each row.
create index manifest_references_of_targets on manifest_references (repository, target, manifest, kind);
drop index manifest_references_by_target;
