-- A publication waits so long for a load or another publication, and not for ever.
set local lock_timeout = '20s'
