-- Cases of the same class within 30 days that lie within 50 m, or share the building or the address. $1 case number.
with asked as (
    select item.id, item.geom, item.category_code, item.received_at, tie.building_code, tie.address_code
    from cim."case" as item join cim.tie on tie.collection = 'case' and tie.row_id = item.id
    where item.case_no = $1
), near as (
    select item.id
    from asked join cim."case" as item
        on item.geom && st_expand(asked.geom, 52 / (111320 * cosd(st_y(asked.geom))), 52 / 110500.0)
    where st_distance(item.geom::geography, asked.geom::geography) <= 50
    union
    select tie.row_id from asked join cim.tie on tie.collection = 'case' and tie.building_code = asked.building_code
    union
    select tie.row_id from asked join cim.tie on tie.collection = 'case' and tie.address_code = asked.address_code
)
select item.case_no
from asked join near on near.id <> asked.id join cim."case" as item on item.id = near.id
where item.category_code = asked.category_code and item.is_drill is not true
    and item.received_at between asked.received_at - interval '30 days' and asked.received_at + interval '30 days'
order by item.case_no
