-- Ties: functions that work out where rows belong, and the triggers that call them in the transaction of every write.
-- A load defers its ties to its end (cim.tying = 'deferred') and ties what it wrote from the change log.

-- The units at a place; of several that cover it the one of the lowest code. One row, of nulls where no unit is. It names no
-- search path, so that the planner puts it into the statement that asks.
create or replace function cim.units_at(place geometry) returns table (
    micro_grid_code text, comprehensive_grid_code text, exclusive_grid_code text, village_code text, town_code text,
    unit_code text
)
language sql stable
as $$
    select micro.code, comprehensive.code, exclusive.code, village.code, town.code,
        coalesce(micro.code, comprehensive.code, village.code, town.code)
    from (select) as one
    left join lateral (
        select code, parent_code from cim.micro_grid where public.st_covers(geom, place)
        order by code collate "C" limit 1
    ) as micro on true
    left join lateral (
        select code, parent_code from cim.comprehensive_grid where code = micro.parent_code
        union all
        (select code, parent_code from cim.comprehensive_grid
         where micro.parent_code is null and public.st_covers(geom, place) order by code collate "C" limit 1)
        limit 1
    ) as comprehensive on true
    left join lateral (
        select code, parent_code from cim.village where code = coalesce(comprehensive.parent_code, micro.parent_code)
        union all
        (select code, parent_code from cim.village
         where coalesce(comprehensive.parent_code, micro.parent_code) is null and public.st_covers(geom, place)
         order by code collate "C" limit 1)
        limit 1
    ) as village on true
    left join lateral (
        select code from cim.town
        where code = coalesce(village.parent_code, comprehensive.parent_code, micro.parent_code)
        union all
        (select code from cim.town
         where coalesce(village.parent_code, comprehensive.parent_code, micro.parent_code) is null
           and public.st_covers(geom, place)
         order by code collate "C" limit 1)
        limit 1
    ) as town on true
    left join lateral (
        select code from cim.exclusive_grid where public.st_covers(geom, place) order by code collate "C" limit 1
    ) as exclusive on true
$$;
comment on function cim.units_at(geometry) is 'The units at a place, by level, and the finest of them.';

-- Works out the ties of rows of a collection and writes those that differ. Null ids mean all rows.
create or replace function cim.tie_rows(target text, ids bigint[]) returns bigint
language plpgsql set search_path = public, pg_temp
as $$
declare
    written bigint;
begin
    if target not in ('case', 'finding', 'camera') or cardinality(ids) = 0 then
        return 0;
    end if;
    execute format($sql$
        with given as (
            select item.id, item.geom as at,
                111412.84 * cosd(st_y(item.geom)) - 93.5 * cosd(3 * st_y(item.geom)) as east_m,
                111132.95 - 559.82 * cosd(2 * st_y(item.geom)) as north_m,
                %2$s
            from cim.%1$I as item
            where %3$s
        ), worked_out as (
            select given.*, unit.*,
                building.code as building_code, building.away_m as building_distance_m,
                address.code as address_code, address.away_m as address_distance_m,
                (select max(rev) from cim.revision where activated_at is not null) as revision
            from given
            cross join lateral cim.units_at(given.at) as unit
            left join lateral (
                select near.code, round(near.away_m::numeric, 3)::double precision as away_m
                from (
                    select code, st_distance(
                        st_affine(geom, east_m, 0, 0, north_m, 0, 0),
                        st_affine(given.at, east_m, 0, 0, north_m, 0, 0)
                    ) as away_m
                    from cim.building where geom && st_expand(given.at, 10.5 / east_m, 10.5 / north_m)
                ) as near
                where near.away_m <= 10
                order by round(near.away_m::numeric, 3), near.code collate "C" limit 1
            ) as building on true
            left join lateral (
                select near.code, round(near.away_m::numeric, 3)::double precision as away_m
                from (
                    select code, sqrt(
                        ((st_x(geom) - st_x(given.at)) * east_m) ^ 2 + ((st_y(geom) - st_y(given.at)) * north_m) ^ 2
                    ) as away_m
                    from cim.address where geom && st_expand(given.at, 30.5 / east_m, 30.5 / north_m)
                ) as near
                where near.away_m <= 30
                order by round(near.away_m::numeric, 3), near.code collate "C" limit 1
            ) as address on true
        ), settled as (
            select *,
                case when not_needed then 'not_needed' when at is null or unit_code is null then 'failed' else 'tied'
                end as state,
                case when not_needed then null when at is null and has_text then 'text_not_found'
                    when at is null then 'no_position' when unit_code is null then 'outside_the_city'
                end as reason,
                jsonb_build_object(
                    'micro_grid_code', micro_grid_code, 'comprehensive_grid_code', comprehensive_grid_code,
                    'exclusive_grid_code', exclusive_grid_code, 'village_code', village_code,
                    'town_code', town_code, 'revision', revision
                ) as units
            from worked_out
        )
        insert into cim.tie as live (
            collection, row_id, state, reason, method, accuracy_m, micro_grid_code, comprehensive_grid_code,
            exclusive_grid_code, village_code, town_code, building_code, building_distance_m, address_code,
            address_distance_m, revision, accepted
        )
        select %4$L, id, state, reason, method, accuracy_m, micro_grid_code, comprehensive_grid_code,
            exclusive_grid_code, village_code, town_code, building_code, building_distance_m, address_code,
            address_distance_m, revision, case when is_accepted and state = 'tied' then units end
        from settled
        order by id
        on conflict (collection, row_id) do update set
            state = excluded.state, reason = excluded.reason, method = excluded.method,
            accuracy_m = excluded.accuracy_m, micro_grid_code = excluded.micro_grid_code,
            comprehensive_grid_code = excluded.comprehensive_grid_code,
            exclusive_grid_code = excluded.exclusive_grid_code, village_code = excluded.village_code,
            town_code = excluded.town_code, building_code = excluded.building_code,
            building_distance_m = excluded.building_distance_m, address_code = excluded.address_code,
            address_distance_m = excluded.address_distance_m, revision = excluded.revision,
            accepted = coalesce(live.accepted, excluded.accepted), tied_at = now()
        where (live.state, live.reason, live.method, live.accuracy_m, live.micro_grid_code,
                live.comprehensive_grid_code, live.exclusive_grid_code, live.village_code, live.town_code,
                live.building_code, live.building_distance_m, live.address_code, live.address_distance_m,
                live.accepted)
            is distinct from
              (excluded.state, excluded.reason, excluded.method, excluded.accuracy_m, excluded.micro_grid_code,
                excluded.comprehensive_grid_code, excluded.exclusive_grid_code, excluded.village_code,
                excluded.town_code, excluded.building_code, excluded.building_distance_m, excluded.address_code,
                excluded.address_distance_m, coalesce(live.accepted, excluded.accepted))
    $sql$,
        target,
        case target
            when 'case' then 'item.location_state = ''not_needed'' as not_needed, item.locate_method as method,
                item.accuracy_m, coalesce(item.raw_location, '''') <> '''' as has_text,
                item.accepted_at is not null as is_accepted'
            when 'finding' then 'false as not_needed, ''gps''::text as method, item.accuracy_m, false as has_text,
                true as is_accepted'
            else 'false as not_needed, ''source''::text as method, null::double precision as accuracy_m,
                false as has_text, true as is_accepted'
        end,
        case when ids is null then 'true' else 'item.id = any($1)' end,
        target
    ) using ids;
    get diagnostics written = row_count;
    return written;
end
$$;
comment on function cim.tie_rows(text, bigint[]) is 'Works out where rows of a collection belong and writes the ties that differ; null ids mean all.';

-- The rows of a collection whose ties may change because places of another changed: those near or in the places as they
-- are now, and those tied to them by code, also by a code that a place had before ($4). Null codes mean that places may be
-- gone of which nobody knows the code: then all ties to places that are not there are looked for.
create or replace function cim.rows_tied_to(target text, place text, ids bigint[], codes text[]) returns bigint[]
language plpgsql stable set search_path = public, pg_temp
as $$
declare
    found bigint[];
    reach double precision := case place when 'building' then 0.0002 when 'address' then 0.0005 else 0 end;
begin
    execute format($sql$
        select coalesce(array_agg(distinct id), '{}') from (
            select item.id from cim.%1$I as place join cim.%2$I as item on item.geom && st_expand(place.geom, %3$s)
            where place.id = any($1)
            union all
            select tie.row_id from cim.%1$I as place join cim.tie on tie.%4$I = place.code
            where tie.collection = %5$L and place.id = any($1)
            union all
            select tie.row_id from cim.tie where tie.collection = %5$L and tie.%4$I = any($2)
            union all
            select tie.row_id from cim.tie
            where $2 is null and tie.collection = %5$L and tie.%4$I is not null
              and not exists (select from cim.%1$I as place where place.code = tie.%4$I)
        ) as touched
    $sql$, place, target, reach, place || '_code', target) into found using ids, codes;
    return found;
end
$$;
comment on function cim.rows_tied_to(text, text, bigint[], text[]) is 'The rows of a collection whose ties may change with places of another.';
drop function if exists cim.rows_tied_to(text, text, bigint[]);

-- Ties what this transaction wrote, from the change log: for loads and boundary publications, at their end.
create or replace function cim.tie_written() returns bigint
language plpgsql set search_path = public, pg_temp
as $$
declare
    target text;
    place text;
    touched bigint[];
    ids bigint[];
    all_rows boolean;
    written bigint := 0;
begin
    if not exists (select from cim.change where xid = pg_current_xact_id()) then
        return 0;
    end if;
    perform pg_advisory_xact_lock(4490, 4);
    foreach target in array array['case', 'finding', 'camera'] loop
        select coalesce(array_agg(id), '{}'), coalesce(bool_or(id is null), false) into ids, all_rows
        from cim.change where xid = pg_current_xact_id() and collection = target;
        execute format('delete from cim.tie where collection = %L and row_id = any($1)
            and not exists (select from cim.%I as item where item.id = tie.row_id)', target, target) using ids;
        foreach place in array array['micro_grid', 'comprehensive_grid', 'village', 'town', 'exclusive_grid', 'building', 'address'] loop
            exit when all_rows;
            select array_agg(id), coalesce(bool_or(id is null), false) into touched, all_rows
            from cim.change where xid = pg_current_xact_id() and collection = place;
            if touched is not null and not all_rows then
                ids := ids || cim.rows_tied_to(target, place, touched, null);
            end if;
        end loop;
        if all_rows then
            execute format('delete from cim.tie where collection = %L
                and not exists (select from cim.%I as item where item.id = tie.row_id)', target, target);
            ids := null;
        end if;
        written := written + cim.tie_rows(target, ids);
    end loop;
    return written;
end
$$;
comment on function cim.tie_written() is 'Ties everything that this transaction wrote or moved; holds other writers of ties back until it ends.';

-- Gives rows of a collection to the units in which they lie now; buildings and addresses near them are where they were. Null
-- ids mean all rows.
create or replace function cim.tie_units(target text, ids bigint[]) returns bigint
language plpgsql set search_path = public, pg_temp
as $$
declare
    written bigint;
begin
    if target not in ('case', 'finding', 'camera') or cardinality(ids) = 0 then
        return 0;
    end if;
    execute format($sql$
        update cim.tie as live set
            state = case when live.state = 'not_needed' then live.state when here.unit_code is null then 'failed' else 'tied' end,
            reason = case when live.state <> 'not_needed' and here.unit_code is null then 'outside_the_city' end,
            micro_grid_code = here.micro_grid_code, comprehensive_grid_code = here.comprehensive_grid_code,
            exclusive_grid_code = here.exclusive_grid_code, village_code = here.village_code, town_code = here.town_code,
            revision = here.revision, tied_at = now(),
            accepted = coalesce(live.accepted, case
                when here.is_accepted and live.state <> 'not_needed' and here.unit_code is not null then jsonb_build_object(
                    'micro_grid_code', here.micro_grid_code, 'comprehensive_grid_code', here.comprehensive_grid_code,
                    'exclusive_grid_code', here.exclusive_grid_code, 'village_code', here.village_code,
                    'town_code', here.town_code, 'revision', here.revision
                ) end)
        from (
            select item.id, %2$s as is_accepted, unit.*,
                (select max(rev) from cim.revision where activated_at is not null) as revision
            from cim.%1$I as item cross join lateral cim.units_at(item.geom) as unit
            where item.geom is not null and %3$s
        ) as here
        where live.collection = %1$L and live.row_id = here.id
          and (live.micro_grid_code, live.comprehensive_grid_code, live.exclusive_grid_code, live.village_code, live.town_code)
            is distinct from
              (here.micro_grid_code, here.comprehensive_grid_code, here.exclusive_grid_code, here.village_code, here.town_code)
    $sql$,
        target,
        case target when 'case' then 'item.accepted_at is not null' else 'true' end,
        case when ids is null then 'true' else 'item.id = any($1)' end
    ) using ids;
    get diagnostics written = row_count;
    return written;
end
$$;
comment on function cim.tie_units(text, bigint[]) is 'Gives rows of a collection to the units in which they lie and writes the ties that differ; null ids mean all.';

-- Ties again what a boundary publication may have given to other units: the rows tied to units of the finest level that
-- belong to others or are called otherwise now, and those in boxes around the ground that changed hands.
create or replace function cim.tie_ground(level text, codes text[], boxes double precision[]) returns bigint
language plpgsql set search_path = public, pg_temp
as $$
declare
    target text;
    ids bigint[];
    written bigint := 0;
begin
    perform pg_advisory_xact_lock(4490, 4);
    foreach target in array array['case', 'finding', 'camera'] loop
        if cardinality(codes) > 0 and level not in ('micro_grid', 'comprehensive_grid', 'village', 'town') then
            -- Ties know no unit above the town: a city of districts alone is tied anew as a whole.
            ids := null;
        else
            execute format('select coalesce(array_agg(distinct id), ''{}'') from (
                select row_id as id from cim.tie where collection = %L and %I = any($1)
                union all
                select item.id from generate_series(1, cardinality($2), 4) as n
                join cim.%I as item on item.geom && st_makeenvelope($2[n], $2[n + 1], $2[n + 2], $2[n + 3], 4490)
            ) as touched',
            target, case when level = 'district' then 'town' else level end || '_code', target)
            into ids using codes, boxes;
        end if;
        written := written + cim.tie_units(target, ids);
    end loop;
    return written;
end
$$;
comment on function cim.tie_ground(text, text[], double precision[]) is 'Ties again what a boundary publication may have given to other units; holds other writers of ties back until it ends.';
drop function if exists cim.tie_ground(text, text[], boolean);

-- After rows of a tied collection were written. The shared lock waits for a publication that is about to move borders.
create or replace function cim.tie_after_write() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
    if coalesce(current_setting('cim.tying', true), '') = 'deferred' then
        return null;
    end if;
    perform pg_advisory_xact_lock_shared(4490, 4);
    perform cim.tie_rows(tg_argv[0], array(select id from new_rows));
    return null;
end
$$;
comment on function cim.tie_after_write() is 'Ties rows as they are written; its argument is the collection.';

create or replace function cim.untie_after_delete() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
    perform pg_advisory_xact_lock_shared(4490, 4);
    delete from cim.tie where collection = tg_argv[0] and row_id in (select id from old_rows);
    return null;
end
$$;
comment on function cim.untie_after_delete() is 'Removes the ties of deleted rows; its argument is the collection.';

-- After buildings or addresses were written outside of a load: what lies near is tied again.
create or replace function cim.tie_after_place_change() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
    ids bigint[] := '{}';
    codes text[] := '{}';
    target text;
begin
    if coalesce(current_setting('cim.tying', true), '') = 'deferred' then
        return null;
    end if;
    -- Alone, as a publication is: a case that somebody writes meanwhile would not see this place, nor this the case.
    perform pg_advisory_xact_lock(4490, 4);
    if tg_op <> 'DELETE' then
        ids := array(select id from new_rows);
    end if;
    if tg_op <> 'INSERT' then
        codes := array(select code from old_rows);
    end if;
    foreach target in array array['case', 'finding', 'camera'] loop
        perform cim.tie_rows(target, cim.rows_tied_to(target, tg_argv[0], ids, codes));
    end loop;
    return null;
end
$$;
comment on function cim.tie_after_place_change() is 'Ties again what lies near changed buildings or addresses; its argument is the collection.';

create or replace function cim.assert_ties() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    this text;
    wanted record;
begin
    for wanted in
        select target, name, definition from (values
            ('case', 'tie_insert', 'after insert on cim.%I referencing new table as new_rows for each statement execute function cim.tie_after_write(%L)'),
            ('case', 'tie_update', 'after update on cim.%I referencing new table as new_rows for each statement execute function cim.tie_after_write(%L)'),
            ('case', 'tie_delete', 'after delete on cim.%I referencing old table as old_rows for each statement execute function cim.untie_after_delete(%L)'),
            ('building', 'tie_insert', 'after insert on cim.%I referencing new table as new_rows for each statement execute function cim.tie_after_place_change(%L)'),
            ('building', 'tie_update', 'after update on cim.%I referencing old table as old_rows new table as new_rows for each statement execute function cim.tie_after_place_change(%L)'),
            ('building', 'tie_delete', 'after delete on cim.%I referencing old table as old_rows for each statement execute function cim.tie_after_place_change(%L)')
        ) as list (like_collection, name, definition)
        cross join lateral unnest(case like_collection
            when 'case' then array['case', 'finding', 'camera'] else array['building', 'address'] end) as target
    loop
        this := format('create trigger %I ' || wanted.definition, wanted.name, wanted.target, wanted.target);
        continue when exists (
            select from pg_trigger
            where tgrelid = format('cim.%I', wanted.target)::regclass and tgname = wanted.name and tgenabled = 'A'
              and lower(pg_get_triggerdef(oid)) = lower(this)
        );
        execute regexp_replace(this, '^create trigger', 'create or replace trigger');
        execute format('alter table cim.%I enable always trigger %I', wanted.target, wanted.name);
    end loop;
end
$$;
comment on function cim.assert_ties() is 'Gives every tied collection, and those it is tied to, their triggers and enables them always.';
