-- From now on maps and answers show revision $2 of city $1, and with it whatever was published before it.
update cim.revision set activated_at = clock_timestamp() where city_code = $1 and rev <= $2 and activated_at is null
