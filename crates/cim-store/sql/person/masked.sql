-- What everybody who sees the case $1 may see of the person behind it.
select field, masked from cim.case_person where case_id = $1 and masked is not null
