-- When wrong passwords were given for the name $1 since $2.
select at from cim.sign_in_failure where name = $1 and at > $2 order by at
