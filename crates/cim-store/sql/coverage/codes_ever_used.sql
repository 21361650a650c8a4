-- Every code that units of city $1 had until revision $2: none of them is given out again.
select distinct level, code from cim.unit where city_code = $1 and lower(rev) <= $2::integer
