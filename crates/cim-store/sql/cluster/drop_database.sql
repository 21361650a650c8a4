-- Removes a database and ends its sessions.
drop database if exists {database} with (force)
