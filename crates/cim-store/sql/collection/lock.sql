-- Keeps other writers out until the load ends; readers go on.
lock table cim.{table} in share row exclusive mode
