table firebrand_migration_lock: id integer not null;
table firebrand_migration_lock: constraint firebrand_migration_lock_pkey PRIMARY KEY (id);
