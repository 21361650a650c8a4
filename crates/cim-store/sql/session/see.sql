-- The session of the digest $1 was used.
update cim.session set seen_at = now() where digest = $1 and seen_at < now() - interval '1 minute'
