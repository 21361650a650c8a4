-- The triggers of the change feed. One function for each event, because a trigger with transition tables may have one
-- event only; SECURITY DEFINER with a fixed search path, so that any role that may write a table also feeds the mirrors.

create or replace function cim.log_insert() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if (select count(*) from (select from new_rows limit 50001) as few) > 50000 then
        insert into cim.change (collection, id) values (tg_argv[0], null);
    else
        insert into cim.change (collection, id) select tg_argv[0], id from new_rows;
    end if;
    return null;
end
$$;
comment on function cim.log_insert() is 'Logs new rows of a mirrored table; its argument is the collection.';

create or replace function cim.log_delete() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if (select count(*) from (select from old_rows limit 50001) as few) > 50000 then
        insert into cim.change (collection, id) values (tg_argv[0], null);
    else
        insert into cim.change (collection, id) select tg_argv[0], id from old_rows;
    end if;
    return null;
end
$$;
comment on function cim.log_delete() is 'Logs deleted rows of a mirrored table; its argument is the collection.';

create or replace function cim.log_update() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if (select count(*) from (select from new_rows limit 50001) as few) > 50000 then
        insert into cim.change (collection, id) values (tg_argv[0], null);
    else
        insert into cim.change (collection, id)
        select tg_argv[0], id from (select id from new_rows union select id from old_rows) as touched;
    end if;
    return null;
end
$$;
comment on function cim.log_update() is 'Logs changed rows of a mirrored table under their old and new ids; its argument is the collection.';

create or replace function cim.refuse_truncate() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'cim.% cannot be truncated: readers of an older snapshot would find it empty', tg_table_name
        using errcode = 'restrict_violation', hint = 'Use DELETE instead.';
end
$$;
comment on function cim.refuse_truncate() is 'Refuses TRUNCATE of a mirrored table and names the remedy.';

create or replace function cim.refuse_derived_write() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(current_setting('cim.deriving', true), '') <> 'on' then
        raise exception 'cim.% is derived from the boundary coverage and cannot be written directly', tg_table_name
            using errcode = 'restrict_violation',
                  hint = 'Load the units again with `cim load`, or change boundaries with a boundary changeset.';
    end if;
    return null;
end
$$;
comment on function cim.refuse_derived_write() is 'Refuses every writer of derived polygons but the one that derives them, and names the remedy.';

create or replace function cim.assert_feed(collections text[], derived text[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    this text;
    wanted record;
begin
    foreach this in array collections loop
        for wanted in
            select * from (values
                ('feed_insert', format('after insert on cim.%I referencing new table as new_rows for each statement execute function cim.log_insert(%L)', this, this)),
                ('feed_update', format('after update on cim.%I referencing old table as old_rows new table as new_rows for each statement execute function cim.log_update(%L)', this, this)),
                ('feed_delete', format('after delete on cim.%I referencing old table as old_rows for each statement execute function cim.log_delete(%L)', this, this)),
                ('no_truncate', format('before truncate on cim.%I for each statement execute function cim.refuse_truncate()', this)),
                ('derived_only', format('before insert or delete or update on cim.%I for each statement execute function cim.refuse_derived_write()', this))
            ) as list (name, definition)
            where list.name <> 'derived_only' or this = any (derived)
        loop
            -- Already as it should be: nothing to lock.
            continue when exists (
                select from pg_trigger
                where tgrelid = format('cim.%I', this)::regclass and tgname = wanted.name and tgenabled = 'A'
                  and lower(pg_get_triggerdef(oid)) = format('create trigger %I %s', wanted.name, wanted.definition)
            );
            execute format('create or replace trigger %I %s', wanted.name, wanted.definition);
            execute format('alter table cim.%I enable always trigger %I', this, wanted.name);
        end loop;
    end loop;
end
$$;
comment on function cim.assert_feed(text[], text[]) is 'Gives every mirrored table its triggers and enables them always; a restore demotes them.';
