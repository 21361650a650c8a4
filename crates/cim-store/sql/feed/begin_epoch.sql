-- Names the period within which transaction numbers mean the same, if none is named.
insert into cim.epoch (one) select true where not exists (select from cim.epoch) on conflict do nothing
