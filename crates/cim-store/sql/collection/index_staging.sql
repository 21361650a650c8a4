-- Refuses a business key that is given twice, and lets the difference be joined by it.
create unique index staging_{name}_key on staging_{name} ({key});
analyze staging_{name};
