-- Begins a revision that holds at once. $1 city, $2 parent, $3 clean, $4 finest level, $5 actor, $6 reason, $7 hash of the state.
insert into cim.revision (rev, parent, city_code, kind, clean, base_level, activated_at, actor, reason, state_hash)
select coalesce(max(rev), 0) + 1, $2, $1, 'load', $3, $4, now(), $5, $6, $7 from cim.revision
returning rev
