-- A wrong password was given for the name $1; failures older than a day are forgotten.
with forgotten as (
    delete from cim.sign_in_failure where at < now() - interval '1 day'
)
insert into cim.sign_in_failure (name) values ($1)
