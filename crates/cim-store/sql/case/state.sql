-- The state of case $1.
select state from cim."case" where id = $1
