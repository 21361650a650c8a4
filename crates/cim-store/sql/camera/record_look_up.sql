-- Records that $3 was given the way into a camera's pictures, among the looks and in the audit log. $1 camera, $2 purpose.
with looked as (
    insert into cim.camera_look_up (gb_id, purpose) values ($1, $2) returning *
)
select cim.append_audit($3, 'open_video', gb_id, jsonb_build_object('purpose', purpose)::text) as seq from looked
