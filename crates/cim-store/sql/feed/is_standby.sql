-- Whether this server follows another one. There, snapshots do not list the transactions that are in progress.
select pg_is_in_recovery()
