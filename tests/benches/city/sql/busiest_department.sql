-- The department that leads most cases.
select lead_department_code
from cim."case"
where lead_department_code is not null
group by lead_department_code
order by count(*) desc, lead_department_code
limit 1
