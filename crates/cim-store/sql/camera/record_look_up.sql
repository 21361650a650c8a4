-- Records that somebody was given the way into a camera's pictures. $1 camera, $2 purpose.
insert into cim.camera_look_up (gb_id, purpose) values ($1, $2)
