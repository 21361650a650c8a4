-- Tells the audit log that $1 did $2 to $3, with $4 as JSON.
select cim.append_audit($1, $2, $3, $4) as seq
