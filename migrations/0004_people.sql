-- People: certificates, invitations, memberships, arrangements and team keys. What the worker
-- projects from logged statements is written by the worker alone; the API writes what waits.

-- Effective certificates, projected from logged `staff` and `member` statements.
create table certificates (
    agency_id uuid not null,
    certificate_id bytea not null,
    kind text not null,
    staff_id uuid,
    membership_id uuid,
    person_id uuid,
    -- The account that enrolled; null for one that has none.
    account_id uuid,
    sign_key bytea not null,
    seal_key text not null,
    roles text[] not null,
    teams uuid[] not null,
    arrangement_id uuid,
    until_at timestamptz,
    effective_at timestamptz not null,
    ended_at timestamptz,
    primary key (agency_id, certificate_id),
    constraint certificates_statement foreign key (agency_id, certificate_id) references statements,
    constraint certificates_kind check (
        (kind = 'staff' and staff_id is not null and person_id is not null
            and membership_id is null and arrangement_id is null)
        or (kind = 'member' and membership_id is not null and arrangement_id is not null
            and staff_id is null and cardinality(teams) = 0)),
    constraint certificates_roles check (cardinality(roles) >= 1),
    constraint certificates_sign_key_length check (octet_length(sign_key) = 32),
    constraint certificates_ended_after_effective check (ended_at >= effective_at)
);
create index certificates_of_account on certificates (agency_id, account_id) where ended_at is null;
create index certificates_of_staff on certificates (agency_id, staff_id) where kind = 'staff';
create unique index certificates_one_per_membership
    on certificates (agency_id, membership_id) where kind = 'member' and ended_at is null;

create table invites (
    agency_id uuid not null,
    -- The locator derived from the printed code; the code itself never reaches the server.
    invite_id uuid not null,
    statement_id bytea not null,
    membership_id uuid,
    arrangement_id uuid,
    role text not null,
    -- The person's card, sealed to the epoch and the archive.
    card bytea,
    expires_at timestamptz not null,
    enrol_id bytea,
    account_id uuid,
    used_at timestamptz,
    primary key (agency_id, invite_id),
    constraint invites_statement_unique unique (agency_id, statement_id),
    constraint invites_statement foreign key (agency_id, statement_id) references statements,
    constraint invites_enrol foreign key (agency_id, enrol_id) references statements,
    constraint invites_account foreign key (agency_id, account_id) references accounts,
    constraint invites_for_member_or_staff check ((membership_id is null) = (arrangement_id is null)),
    constraint invites_used_whole check (
        (used_at is null) = (enrol_id is null) and (used_at is null) = (account_id is null))
);
create index invites_by_enrol on invites (agency_id, enrol_id) where enrol_id is not null;
create index invites_of_arrangement on invites (agency_id, arrangement_id);
create index invites_of_membership on invites (agency_id, membership_id) where membership_id is not null;

-- One person in one arrangement, from the moment they enrol.
create table memberships (
    agency_id uuid not null,
    membership_id uuid not null,
    arrangement_id uuid not null,
    account_id uuid,
    -- The effective certificate; the worker's.
    certificate_id bytea,
    primary key (agency_id, membership_id),
    constraint memberships_account foreign key (agency_id, account_id) references accounts,
    constraint memberships_certificate foreign key (agency_id, certificate_id) references certificates
);
create index memberships_of_account on memberships (agency_id, account_id);
create index memberships_of_arrangement on memberships (agency_id, arrangement_id);

-- The governing version of each arrangement.
create table arrangements (
    agency_id uuid not null,
    arrangement_id uuid not null,
    statement_id bytea not null,
    n integer not null,
    team_id uuid not null,
    reviewers smallint not null,
    state text not null default 'active',
    next_review_on date,
    primary key (agency_id, arrangement_id),
    constraint arrangements_statement foreign key (agency_id, statement_id) references statements,
    constraint arrangements_team foreign key (agency_id, team_id) references teams,
    constraint arrangements_n check (n >= 1),
    constraint arrangements_reviewers check (reviewers between 1 and 9),
    constraint arrangements_state_known check (state in ('draft', 'active', 'paused', 'ended'))
);
create index arrangements_of_team on arrangements (agency_id, team_id, arrangement_id);

create table arrangement_members (
    agency_id uuid not null,
    arrangement_id uuid not null,
    membership_id uuid not null,
    side text not null,
    can_read boolean not null,
    can_write boolean not null,
    -- Null while on paper.
    certificate_id bytea,
    primary key (agency_id, arrangement_id, membership_id),
    constraint arrangement_members_arrangement
        foreign key (agency_id, arrangement_id) references arrangements,
    constraint arrangement_members_certificate
        foreign key (agency_id, certificate_id) references statements,
    constraint arrangement_members_side check (side ~ '^[a-f]$')
);
create index arrangement_members_of_membership on arrangement_members (agency_id, membership_id);

-- Plans, notes and cards: opaque files named by hash in the arrangement's or member's statement.
create table arrangement_documents (
    agency_id uuid not null,
    statement_id bytea not null,
    kind text not null,
    -- The membership a card is about; null for a plan or notes.
    membership_id uuid,
    sealed bytea not null,
    constraint arrangement_documents_unique
        unique nulls not distinct (agency_id, statement_id, kind, membership_id),
    constraint arrangement_documents_statement
        foreign key (agency_id, statement_id) references statements,
    constraint arrangement_documents_kind_known check (kind in ('plan', 'notes', 'card')),
    constraint arrangement_documents_card_of_member check ((kind = 'card') = (membership_id is not null))
);

-- Team keys. The highest `n` is the one letters are sealed to.
create table epochs (
    agency_id uuid not null,
    statement_id bytea not null,
    team_id uuid not null,
    n integer not null,
    review_key text not null,
    effective_at timestamptz not null,
    primary key (agency_id, statement_id),
    constraint epochs_n_unique unique (agency_id, team_id, n),
    constraint epochs_statement foreign key (agency_id, statement_id) references statements,
    constraint epochs_team foreign key (agency_id, team_id) references teams,
    constraint epochs_n check (n >= 1)
);

create table epoch_wraps (
    agency_id uuid not null,
    statement_id bytea not null,
    -- `staff:<hex>`, `archive`, or `next`: the secret of n-1 sealed to n.
    grantee text not null,
    sealed bytea not null,
    primary key (agency_id, statement_id, grantee),
    constraint epoch_wraps_statement foreign key (agency_id, statement_id) references statements,
    constraint epoch_wraps_grantee check (grantee ~ '^(staff:[0-9a-f]{32}|archive|next)$')
);
alter table epoch_wraps alter column sealed set storage external;

call isolate(array['certificates', 'invites', 'memberships', 'arrangements', 'arrangement_members',
    'arrangement_documents', 'epochs', 'epoch_wraps']::regclass[]);

-- Team keys are for staff; the notes hold protected terms and never reach a writer's browser.
create policy staff_only on epoch_wraps as restrictive to api using ((select is_staff()));
create policy notes_for_staff on arrangement_documents as restrictive for select to api
    using ((select is_staff()) or (kind = 'plan' and exists (
        select from arrangements a where a.agency_id = arrangement_documents.agency_id
            and a.statement_id = arrangement_documents.statement_id)));
create policy own_or_staff on memberships as restrictive to api
    using ((select is_staff()) or account_id = current_account());
create policy own_or_staff on arrangements as restrictive for select to api
    using ((select is_staff()) or arrangement_id = any ((select current_arrangements())::uuid[]));

grant select on certificates, arrangements, arrangement_members, epochs to api;
grant select, insert, update (enrol_id, account_id, used_at) on invites to api;
grant select, insert (agency_id, membership_id, arrangement_id, account_id), update (account_id)
    on memberships to api;
grant select, insert on arrangement_documents, epoch_wraps to api;

grant select, insert, update on certificates, arrangements to worker;
grant select, insert, update, delete on arrangement_members to worker;
grant select, insert on epochs to worker;
grant select, insert, update (certificate_id) on memberships to worker;
grant select (agency_id, invite_id, statement_id, membership_id, arrangement_id, role, expires_at,
    enrol_id, account_id, used_at) on invites to worker;
-- When somebody leaves, the worker deletes their wraps; it never reads one.
grant select (agency_id, statement_id, grantee), delete on epoch_wraps to worker;

grant select on certificates to notifier;
grant select on certificates, arrangements, arrangement_members, epochs, memberships to auditor;
grant select (agency_id, invite_id, statement_id, membership_id, arrangement_id, role, expires_at,
    enrol_id, used_at) on invites to auditor;

-- Turns a session into an actor: finds it, marks it as seen (at most once a minute, so that
-- reading pages does not write), and sets the settings that the policies read. No row if there is
-- no such live session in the current agency. `certificates` is an array of objects
-- {certificate, kind, staff, person, membership, arrangement, roles, teams, sign_key, seal_key},
-- ids in hex, absent ones null.
create function authenticate(session bytea, now timestamptz)
    returns table (account_id uuid, audience text, proof_key bytea, created_at timestamptz,
        expires_at timestamptz, proved_at timestamptz, auth_time timestamptz, certificates jsonb)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
    seen timestamptz;
    memberships uuid[];
    arrangements uuid[];
begin
    select s.account_id, a.audience, a.proof_key, s.created_at, s.expires_at, s.proved_at,
            s.auth_time, s.seen_at
        into authenticate.account_id, authenticate.audience, authenticate.proof_key,
            authenticate.created_at, authenticate.expires_at, authenticate.proved_at,
            authenticate.auth_time, seen
        from sessions s
        join accounts a on a.agency_id = s.agency_id and a.account_id = s.account_id
        where s.agency_id = current_agency() and s.session_hash = session
            and s.expires_at > authenticate.now;
    if not found then
        return;
    end if;
    if seen <= authenticate.now - interval '1 minute' then
        update sessions s set seen_at = authenticate.now
            where s.agency_id = current_agency() and s.session_hash = session
                and s.seen_at = seen;
    end if;
    select coalesce(jsonb_agg(jsonb_build_object(
                'certificate', encode(c.certificate_id, 'hex'),
                'kind', c.kind,
                'staff', replace(c.staff_id::text, '-', ''),
                'person', replace(c.person_id::text, '-', ''),
                'membership', replace(c.membership_id::text, '-', ''),
                'arrangement', replace(c.arrangement_id::text, '-', ''),
                'roles', c.roles,
                'teams', (select coalesce(jsonb_agg(replace(t::text, '-', '')), '[]') from unnest(c.teams) t),
                'sign_key', encode(c.sign_key, 'hex'),
                'seal_key', c.seal_key)
                order by c.effective_at, c.certificate_id), '[]'),
            coalesce(array_agg(c.membership_id) filter (where c.kind = 'member'), '{}'),
            coalesce(array_agg(c.arrangement_id) filter (where c.kind = 'member'), '{}')
        into authenticate.certificates, memberships, arrangements
        from certificates c
        where c.agency_id = current_agency() and c.account_id = authenticate.account_id
            and c.ended_at is null and (c.until_at is null or c.until_at > authenticate.now);
    perform set_config('app.actor', 'account:' || authenticate.account_id, true),
        set_config('app.audience', authenticate.audience, true),
        set_config('app.memberships', memberships::text, true),
        set_config('app.arrangements', arrangements::text, true);
    return next;
end
$$;
revoke execute on function authenticate(bytea, timestamptz) from public;
grant execute on function authenticate(bytea, timestamptz) to api;

create index arrangement_documents_cards on arrangement_documents (agency_id, membership_id)
    where kind = 'card';
