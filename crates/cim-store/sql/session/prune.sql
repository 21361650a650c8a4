-- Forgets sessions that were begun before $1 or not used since $2.
delete from cim.session where created_at < $1 or seen_at < $2
