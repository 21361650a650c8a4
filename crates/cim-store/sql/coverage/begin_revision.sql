-- Begins a revision that holds at once. $1 city, $2 parent, $3 clean, $4 finest level, $5 actor, $6 reason, $7 hash of the state.
-- It holds from today in China, and not before the state that it follows.
insert into cim.revision
    (rev, parent, city_code, kind, clean, base_level, published_at, effective_from, activated_at, actor, reason, state_hash)
select coalesce(max(rev), 0) + 1, $2, $1, 'load', $3, $4, clock_timestamp(),
       greatest((clock_timestamp() at time zone 'Asia/Shanghai')::date, max(effective_from) filter (where rev = $2)),
       clock_timestamp(), $5, $6, $7
from cim.revision
returning rev
