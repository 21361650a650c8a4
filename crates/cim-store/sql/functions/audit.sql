-- The audit log: every row carries the hash of the row before it, in the encoding of `cim_access::audit_chain`.

-- A text with its length before it, so that no two rows have one encoding.
create or replace function cim.audit_text(given text) returns bytea
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select int8send(octet_length(convert_to(given, 'UTF8'))::bigint) || convert_to(given, 'UTF8')
$$;
comment on function cim.audit_text(text) is 'A text as it goes into the hash of an audit row.';

-- Adds a row in the transaction of what it tells of: both are written or none. One writer at a time until that ends.
create or replace function cim.append_audit(actor text, action text, subject text, detail text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    head cim.audit%rowtype;
    added cim.audit%rowtype;
begin
    perform pg_advisory_xact_lock(4490, 6);
    select * into head from cim.audit order by seq desc limit 1;
    added.seq := coalesce(head.seq, 0) + 1;
    added.at := clock_timestamp();
    added.prev_hash := coalesce(head.hash, decode(repeat('00', 32), 'hex'));
    added.hash := sha256(
        convert_to(E'cim audit row 1\n', 'UTF8') || added.prev_hash || int8send(added.seq)
        || int8send((extract(epoch from added.at) * 1000000)::bigint)
        || cim.audit_text(actor) || cim.audit_text(action) || cim.audit_text(subject) || cim.audit_text(detail)
    );
    insert into cim.audit values (added.seq, added.at, actor, action, subject, detail, added.prev_hash, added.hash);
    return added.seq;
end
$$;
comment on function cim.append_audit(text, text, text, text) is 'Adds a row to the audit log; action and detail as `cim_access` names them.';
