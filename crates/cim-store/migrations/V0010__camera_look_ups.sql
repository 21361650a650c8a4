-- Who looked through which camera, and what for.

create table cim.camera_look_up (
    id bigint generated always as identity,
    gb_id text not null,
    actor text,
    purpose text not null,
    at timestamptz not null default now(),
    constraint camera_look_up_pkey primary key (id),
    constraint camera_look_up_purpose_given check (btrim(purpose) <> '')
);
create index camera_look_up_gb_id on cim.camera_look_up (gb_id, at);
comment on table cim.camera_look_up is 'Every time somebody was given the way into a camera''s pictures; never changed.';
comment on column cim.camera_look_up.id is 'Its number.';
comment on column cim.camera_look_up.gb_id is 'The camera.';
comment on column cim.camera_look_up.actor is 'Who looked; null until there are accounts.';
comment on column cim.camera_look_up.purpose is 'What for, in the words of who looked.';
comment on column cim.camera_look_up.at is 'When.';
