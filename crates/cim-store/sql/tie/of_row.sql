-- The tie of a row. $1 collection, $2 id.
select state, reason, method, accuracy_m, micro_grid_code, comprehensive_grid_code, exclusive_grid_code, village_code,
    town_code, building_code, building_distance_m, address_code, address_distance_m, revision, accepted
from cim.tie where collection = $1 and row_id = $2
