-- A load may sort more in memory than a query may, and does not wait for ever for a reader that has forgotten to end.
set local maintenance_work_mem = '192MB';
set local lock_timeout = '2min';
-- What is written is tied to its places once, at the end, whatever the order of the collections.
set local cim.tying = 'deferred';
