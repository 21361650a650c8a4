-- Micro grids that are there since the first revision, in an order that looks random and is the same every time.
select code from cim.unit
where level = 'micro_grid'
group by code having min(lower(rev)) = (select min(rev) from cim.revision) and bool_or(upper_inf(rev))
order by md5(code) limit 200
