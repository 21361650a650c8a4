-- Removes fields of people that are given anew or are to be forgotten. $1 cases, $2 fields.
delete from cim.case_person as live
using unnest($1::bigint[], $2::text[]) as given (case_id, field)
where live.case_id = given.case_id and live.field = given.field
