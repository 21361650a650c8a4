-- Records a load that changed something. $1 source, $2 city code, $3 city name, $4 synthetic, $5 actor, $6 counts,
-- $7 exclusive policy.
insert into cim.load (source, city_code, city_name, synthetic, actor, counts, exclusive)
values ($1, $2, $3, $4, $5, $6, $7)
