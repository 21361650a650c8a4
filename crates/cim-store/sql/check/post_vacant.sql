-- Posts that nobody holds today. $1 = most rows.
select post.post_no as key, post.role || ' ' || post.unit_code as value,
    null::double precision as lon, null::double precision as lat, count(*) over () as total
from cim.post as post
where not exists (
    select from cim.post_holder as holder
    where holder.post_no = post.post_no and holder.valid_from <= current_date
        and (holder.valid_to is null or holder.valid_to > current_date)
)
order by post.post_no
limit $1
