-- Takes the step $2 of the second factor of account $1, unless it or a later one was taken before.
update cim.account set totp_step = $2 where id = $1 and (totp_step is null or totp_step < $2)
