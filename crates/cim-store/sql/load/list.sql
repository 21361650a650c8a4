-- Every load that changed something, the latest last.
select source, city_code, city_name, synthetic, loaded_at, exclusive from cim.load order by id
