-- Forgets the people behind cases that were closed before $1, and says behind how many.
with forgotten as (
    delete from cim.case_person
    where case_id in (select id from cim."case" where closed_at < $1)
    returning case_id
)
select count(distinct case_id) as cases from forgotten
