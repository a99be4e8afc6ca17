-- The first names by which families know the staff who check their letters, and people who ask for
-- new words because they have lost theirs.

-- Kept apart from certificates: a name may change, what was signed may not. Read by everybody of the
-- agency, written by the member of staff alone.
create table staff_names (
    agency_id uuid not null,
    staff_id uuid not null,
    name text not null,
    changed_at timestamptz not null,
    primary key (agency_id, staff_id),
    constraint staff_names_length check (char_length(name) between 1 and 40)
);

-- One an account: asking again keeps the first. It goes when the keys are opened after all.
create table words_requests (
    agency_id uuid not null,
    account_id uuid not null,
    asked_at timestamptz not null,
    primary key (agency_id, account_id),
    constraint words_requests_account foreign key (agency_id, account_id) references accounts
);
create index words_requests_by_age on words_requests (agency_id, asked_at, account_id);

call isolate(array['staff_names', 'words_requests']::regclass[]);

create policy own_insert on staff_names as restrictive for insert to api with check (exists (
    select from certificates c
    where c.agency_id = staff_names.agency_id and c.kind = 'staff'
        and c.staff_id = staff_names.staff_id and c.account_id = current_account()
        and c.ended_at is null));
create policy own_update on staff_names as restrictive for update to api using (exists (
    select from certificates c
    where c.agency_id = staff_names.agency_id and c.kind = 'staff'
        and c.staff_id = staff_names.staff_id and c.account_id = current_account()
        and c.ended_at is null));

create policy own_or_staff on words_requests as restrictive for select to api
    using ((select is_staff()) or account_id = current_account());
create policy own_insert on words_requests as restrictive for insert to api
    with check (account_id = current_account());
create policy own_delete on words_requests as restrictive for delete to api
    using (account_id = current_account());

grant select, insert, update (name, changed_at) on staff_names to api;
grant select on staff_names to auditor;
grant select, insert, delete on words_requests to api;
grant select on words_requests to auditor;

-- Somebody who waits to be certified looks for their own enrolments.
create index invites_of_account on invites (agency_id, account_id) where account_id is not null;
