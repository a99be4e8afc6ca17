-- The database roles of Postern. Run once per cluster by a superuser; running it again, or twice at
-- the same time, changes nothing. The migrator owns every object; each service logs in as `<role>_login`, which owns
-- nothing, inherits nothing and belongs to its own role only, so that a transaction that forgets
-- to set its role can do nothing at all.

set client_min_messages = warning;

do $$
declare
    name text;
begin
    -- Roles are the whole cluster's: whoever prepares another database meanwhile waits.
    perform pg_advisory_xact_lock(7060502);
    foreach name in array array['migrator', 'api', 'worker', 'notifier', 'auditor', 'records', 'verifier'] loop
        if not exists (select from pg_roles where rolname = name) then
            -- Inherits, so that the migrator may create in the schema of the database it owns.
            execute format('create role %I nologin inherit', name);
        end if;
        if not exists (select from pg_roles where rolname = name || '_login') then
            execute format('create role %I login noinherit', name || '_login');
        end if;
        execute format('grant %I to %I', name, name || '_login');
    end loop;
end
$$;
