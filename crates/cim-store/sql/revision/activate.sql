-- From now on maps and answers show revision $1.
update cim.revision set activated_at = now() where rev = $1
