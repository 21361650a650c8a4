-- Whether there is any account.
select exists (select from cim.account) as is_any
