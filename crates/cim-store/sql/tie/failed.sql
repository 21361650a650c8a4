-- What could not be tied, in order. $1 the collection of the last one known, $2 its id, $3 most rows.
select tie.collection, tie.row_id, tie.reason, tie.tied_at,
    coalesce(work.case_no, finding.finding_no, camera.gb_id) as business_key,
    coalesce(work.title, finding.title, camera.name) as name,
    work.raw_location,
    st_x(coalesce(work.geom, finding.geom, camera.geom)) as lon,
    st_y(coalesce(work.geom, finding.geom, camera.geom)) as lat
from cim.tie
left join cim."case" as work on tie.collection = 'case' and work.id = tie.row_id
left join cim.finding on tie.collection = 'finding' and finding.id = tie.row_id
left join cim.camera on tie.collection = 'camera' and camera.id = tie.row_id
where tie.state = 'failed' and coalesce(work.id, finding.id, camera.id) is not null and (tie.collection, tie.row_id) > ($1, $2)
order by tie.collection, tie.row_id
limit $3
