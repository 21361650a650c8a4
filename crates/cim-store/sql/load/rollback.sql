-- Ends a load that changed nothing.
rollback
