-- What another micro grid covers after than before.
select collection, coalesce(before.code, 'outside'), coalesce(after.code, 'outside'), count(*)
from bench.covering_before as before join bench.covering_after as after using (collection, id)
where before.code is distinct from after.code
group by 1, 2, 3
