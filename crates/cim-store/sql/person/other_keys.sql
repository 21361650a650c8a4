-- How many fields were sealed under another key than $1.
select count(*) as fields from cim.case_person where key_id <> $1
