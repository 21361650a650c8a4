-- Forgets up to $2 changes that are older than $1 seconds and seen by everybody, and says how far back the log reaches now.
-- Looks at the $2 first ones only: numbers and times grow together.
with first as (
    select ctid, xid, logged_at
    from cim.change
    where xid < pg_snapshot_xmin(pg_current_snapshot())
    order by xid
    limit $2
), gone as (
    delete from cim.change using first
    where change.ctid = first.ctid and first.logged_at < now() - make_interval(secs => $1)
    returning first.xid
), newest as (
    select xid from gone order by xid desc limit 1
), raised as (
    update cim.feed_state
    set pruned_below = (newest.xid::text::bigint + 1)::text::xid8
    from newest
    where pruned_below <= newest.xid
)
select count(*) from gone
