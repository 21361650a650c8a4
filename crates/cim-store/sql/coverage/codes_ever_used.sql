-- Every code that units of city $1 have or had: none of them is given out again.
select distinct level, code from cim.unit where city_code = $1
