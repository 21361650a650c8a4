-- Adds sealed fields of people. $1 cases, $2 fields, $3 sealed, $4 masked, $5 digests, $6 names of the keys.
insert into cim.case_person (case_id, field, sealed, masked, digest, key_id)
select * from unnest($1::bigint[], $2::text[], $3::bytea[], $4::text[], $5::bytea[], $6::bytea[])
