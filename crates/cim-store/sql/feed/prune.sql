-- Forgets up to $2 changes that are older than $1 seconds and seen by everybody, and says how far back the log reaches now.
with old as (
    select ctid, xid
    from cim.change
    where xid < pg_snapshot_xmin(pg_current_snapshot()) and logged_at < now() - make_interval(secs => $1)
    order by xid
    limit $2
), gone as (
    delete from cim.change using old where change.ctid = old.ctid returning old.xid
), newest as (
    select xid from gone order by xid desc limit 1
), raised as (
    update cim.feed_state
    set pruned_below = (newest.xid::text::bigint + 1)::text::xid8
    from newest
    where pruned_below <= newest.xid
)
select count(*) from gone
