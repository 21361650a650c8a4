-- Removes the derived rows of units that no revision has any more.
delete from cim.{table} as live
where not exists (select from cim.unit where unit.id = live.id and upper_inf(unit.rev))
