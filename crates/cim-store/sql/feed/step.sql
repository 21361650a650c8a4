-- In the reader's transaction: its snapshot, whether the log still reaches back to $1, the snapshot that a mirror has, and
-- the period in which both mean something.
select pg_current_snapshot()::text as snapshot,
       (select pruned_below from cim.feed_state) > pg_snapshot_xmin($1::text::pg_snapshot) as pruned,
       (select name::text from cim.epoch) as epoch
