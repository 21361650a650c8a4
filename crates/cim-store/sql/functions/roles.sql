-- Database roles: what is short is done as cim_server, which cannot read personal data. Those are written as cim_intake,
-- which cannot read back what it wrote, and read as cim_reveal, which sees one case at a time.

-- Makes the roles, which belong to the cluster and so are in no dump, and grants them what there is now. Called at every
-- start. False where whoever migrates may make no roles: then everything is done as the owner, and sealing alone guards.
create or replace function cim.assert_roles() returns boolean
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    wanted text;
begin
    foreach wanted in array array['cim_server', 'cim_intake', 'cim_reveal'] loop
        begin
            if not exists (select from pg_roles where rolname = wanted) then
                execute format('create role %I nologin', wanted);
            end if;
            if not pg_has_role(session_user, wanted, 'member') then
                execute format('grant %I to session_user', wanted);
            end if;
        exception
            -- Another database of the cluster made it at the same moment.
            when duplicate_object or unique_violation then null;
            when insufficient_privilege then return false;
        end;
    end loop;
    grant usage on schema cim to cim_server, cim_intake, cim_reveal;
    grant select, insert, update, delete on all tables in schema cim to cim_server;
    grant usage on all sequences in schema cim to cim_server;
    -- Rows of the log come from cim.append_audit alone.
    revoke insert, update, delete, truncate on cim.audit from cim_server;
    revoke all on cim.case_person from cim_server;
    grant insert, delete, select (case_id, field, masked, digest, key_id) on cim.case_person to cim_intake;
    grant select (id, closed_at) on cim."case" to cim_intake;
    grant select on cim.case_person to cim_reveal;
    return true;
end
$$;
comment on function cim.assert_roles() is 'Makes the roles of the server and grants them what they need; false where it may not.';
