-- The sealed fields of the case $1.
select field, sealed, key_id from cim.case_person where case_id = $1
