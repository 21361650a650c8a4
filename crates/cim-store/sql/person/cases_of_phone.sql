-- The cases whose caller has the telephone number with the digest $1, at most $2.
select case_id from cim.case_person where digest = $1 order by case_id desc limit $2
