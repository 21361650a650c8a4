-- What happened to draft $1, oldest first.
select action, actor, at, detail from cim.changeset_event where changeset_id = $1 order by id
