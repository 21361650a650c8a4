-- The policy that rules now: that of the last load which named one.
select exclusive from cim.load where exclusive is not null order by id desc limit 1
