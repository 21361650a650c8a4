-- Keeps the password of account $1 as $2: the same password, hashed as it is done today.
update cim.account set password_hash = $2 where id = $1
