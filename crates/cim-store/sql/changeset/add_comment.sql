-- Says something about a draft. $1 draft, $2 actor, $3 text, $4 longitude, $5 latitude, $6 arc, $7 unit.
insert into cim.changeset_comment (changeset_id, actor, text, geom, arc_id, unit_id)
select id, $2, $3, st_setsrid(st_makepoint($4, $5), 4490), $6, $7 from cim.changeset where id = $1
returning id, at, pg_current_xact_id()::text as xid
