-- All operations of draft $1, those that were undone too.
select seq, operation, actor, at from cim.changeset_op where changeset_id = $1 order by seq
