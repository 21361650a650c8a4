-- The name of the current period.
select name::text from cim.epoch
