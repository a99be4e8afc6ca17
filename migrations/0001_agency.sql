-- The agency (the tenant) and its teams, and the helpers every later file uses.
--
-- Conventions: every row carries `agency_id`, first in every key; 16-byte ids are `uuid`, 32-byte
-- ids and hashes `bytea`; instants are `timestamptz` and end in `_at`; days end in `_on`; every
-- constraint that code maps to an error has a name. Row-level security is enabled and forced on
-- every table and fails closed: without `app.agency` no role sees or writes anything.

-- The agency of this transaction. After a first use the setting reads '' and not null on a reused
-- connection, hence `nullif`.
create function current_agency() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('app.agency', true), '')::uuid;

-- The signed-in account of this transaction; null at the door, before a session is known.
create function current_account() returns uuid
    language sql stable parallel safe
    return nullif(replace(current_setting('app.actor', true), 'account:', ''), '')::uuid;

-- Whether the signed-in account is one of the staff site. Set by authenticate().
create function is_staff() returns boolean
    language sql stable parallel safe
    return coalesce(current_setting('app.audience', true), '') = 'staff';

-- The memberships for which the signed-in account holds an effective certificate, and their
-- arrangements. Set by authenticate(); null, and so equal to nothing, before. Policies ask for them
-- in a sub-select, which is read once for a statement and not once for a row.
create function current_memberships() returns uuid[]
    language sql stable parallel safe
    return nullif(current_setting('app.memberships', true), '')::uuid[];

create function current_arrangements() returns uuid[]
    language sql stable parallel safe
    return nullif(current_setting('app.arrangements', true), '')::uuid[];

-- Puts a table under row-level security by agency, for its owner too. Grants come on top: no role
-- has any until a migration gives it.
create procedure isolate(tables regclass[])
    language plpgsql as $$
declare
    t regclass;
begin
    foreach t in array tables loop
        execute format('alter table %s enable row level security', t);
        execute format('alter table %s force row level security', t);
        execute format('create policy agency on %s using (agency_id = current_agency())', t);
    end loop;
end
$$;

create function forbid_change() returns trigger
    language plpgsql as $$
begin
    raise exception '% is insert-only', tg_table_name
        using errcode = 'restrict_violation', constraint = 'insert_only';
end
$$;

-- Makes a table insert-only even for a role that was granted more by mistake, and for its owner.
create procedure keep_forever(tables regclass[])
    language plpgsql as $$
declare
    t regclass;
begin
    foreach t in array tables loop
        execute format(
            'create trigger insert_only before update or delete or truncate on %s
                 for each statement execute function forbid_change()', t);
    end loop;
end
$$;

revoke execute on procedure isolate(regclass[]), keep_forever(regclass[]) from public;

-- Written once by the first administrator's set-up; the worker and the notifier pin the realm in
-- their configuration and never believe this row.
create table agencies (
    agency_id uuid primary key,
    realm bytea not null,
    root_key bytea not null,
    name text not null,
    -- domain::policy::Policy as JSON; absent keys mean the national default.
    policy jsonb not null default '{}',
    created_at timestamptz not null,
    constraint agencies_realm_unique unique (realm),
    constraint agencies_realm_is_hash_of_root check (realm = sha256(root_key)),
    constraint agencies_root_key_length check (octet_length(root_key) = 32),
    constraint agencies_policy_is_object check (jsonb_typeof(policy) = 'object')
);

create table teams (
    agency_id uuid not null references agencies,
    team_id uuid not null,
    name text not null,
    primary key (agency_id, team_id),
    constraint teams_name_unique unique (agency_id, name)
);

call isolate(array['agencies', 'teams']::regclass[]);

grant select, insert, update (policy, name) on agencies to api;
grant select on agencies to worker, notifier, auditor;
grant select, insert, update (name) on teams to api;
grant select on teams to worker, auditor;
