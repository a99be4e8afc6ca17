-- Letters: what was sealed and handed in, who checked it, what was decided, to whom it was passed
-- on. The API records; only the worker releases.

create table letters (
    agency_id uuid not null,
    letter_id uuid not null,
    arrangement_id uuid not null,
    author uuid not null,
    team_id uuid not null,
    state text not null default 'with_agency',
    -- The submit statement of the newest revision: the only one that can be decided.
    head_id bytea not null,
    rev integer not null,
    submitted_at timestamptz not null,
    due_on date,
    allocated_to uuid,
    decided_at timestamptz,
    release_at timestamptz,
    released_at timestamptz,
    primary key (agency_id, letter_id),
    constraint letters_arrangement foreign key (agency_id, arrangement_id) references arrangements,
    constraint letters_author foreign key (agency_id, author) references memberships,
    constraint letters_head foreign key (agency_id, head_id) references statements,
    constraint letters_head_unique unique (agency_id, head_id),
    constraint letters_rev check (rev >= 1),
    constraint letters_state_known check (state in ('with_agency', 'being_checked', 'needs_change',
        'passing_on', 'passed_on', 'kept', 'withdrawn', 'quarantined')),
    constraint letters_decided_has_time check (
        state not in ('needs_change', 'passing_on', 'passed_on', 'kept') or decided_at is not null),
    constraint letters_passing_on_has_release check (
        state not in ('passing_on', 'passed_on') or release_at is not null),
    constraint letters_passed_on_is_released check ((state = 'passed_on') = (released_at is not null)),
    constraint letters_released_in_order check (released_at >= release_at)
);
create index letters_waiting on letters (agency_id, team_id, submitted_at, letter_id)
    where state in ('with_agency', 'being_checked');
create index letters_waiting_for on letters (agency_id, allocated_to, submitted_at, letter_id)
    where state in ('with_agency', 'being_checked');
create index letters_by_author on letters (agency_id, author, submitted_at desc, letter_id desc);
create index letters_by_arrangement on letters (agency_id, arrangement_id, submitted_at desc, letter_id desc);
create index letters_stopped on letters (agency_id) where state = 'quarantined';
create index letters_to_release on letters (agency_id, release_at, letter_id) where state = 'passing_on';

-- One row a revision, from its `submit` statement.
create table submissions (
    agency_id uuid not null,
    statement_id bytea not null,
    letter_id uuid not null,
    rev integer not null,
    prev bytea,
    -- The arrangement version its writer saw.
    arrangement_statement_id bytea not null,
    ct_hash bytea not null,
    ct_len integer not null,
    key_hash bytea not null,
    addressees uuid[] not null,
    day date not null,
    primary key (agency_id, statement_id),
    constraint submissions_statement foreign key (agency_id, statement_id) references statements,
    constraint submissions_letter foreign key (agency_id, letter_id) references letters,
    constraint submissions_rev_unique unique (agency_id, letter_id, rev),
    -- A letter key is fresh for every revision.
    constraint submissions_key_hash_unique unique (agency_id, key_hash),
    constraint submissions_prev check ((rev = 1) = (prev is null)),
    constraint submissions_prev_unique unique (agency_id, prev),
    constraint submissions_addressees check (cardinality(addressees) >= 1),
    constraint submissions_ct_len check (ct_len in (16584, 262392, 1049016, 4195512, 16781496)),
    constraint submissions_hash_lengths check (octet_length(ct_hash) = 32 and octet_length(key_hash) = 32)
);

create table ciphertexts (
    agency_id uuid not null,
    statement_id bytea not null,
    sealed bytea not null,
    primary key (agency_id, statement_id),
    constraint ciphertexts_submission foreign key (agency_id, statement_id) references submissions,
    constraint ciphertexts_length check (
        octet_length(sealed) in (16584, 262392, 1049016, 4195512, 16781496))
);
-- Ciphertext does not compress, and `external` lets a slice be read without the whole.
alter table ciphertexts alter column sealed set storage external;

-- A letter key sealed to one reader. `statement_id` is the submit, decision or reseal listing it.
create table grants (
    agency_id uuid not null,
    statement_id bytea not null,
    grant_hash bytea not null,
    letter_id uuid not null,
    grantee_kind text not null,
    -- The reader of a `member` or `self` grant.
    membership_id uuid,
    -- The epoch statement of an `epoch` grant.
    epoch_id bytea,
    sealed bytea not null,
    primary key (agency_id, statement_id, grant_hash),
    constraint grants_statement foreign key (agency_id, statement_id) references statements,
    constraint grants_letter foreign key (agency_id, letter_id) references letters,
    constraint grants_grantee check (
        (grantee_kind in ('self', 'member') and membership_id is not null and epoch_id is null)
        or (grantee_kind = 'epoch' and membership_id is null and epoch_id is not null)
        or (grantee_kind = 'archive' and membership_id is null and epoch_id is null)),
    constraint grants_one_each unique nulls not distinct
        (agency_id, statement_id, grantee_kind, membership_id, epoch_id),
    constraint grants_hash check (grant_hash = sha256(sealed)),
    constraint grants_size check (octet_length(sealed) between 1500 and 4096)
);
alter table grants alter column sealed set storage external;
create index grants_of_letter on grants (agency_id, letter_id);

-- A claim on a letter for checking. One open at a time; it lapses when idle.
create table checks (
    agency_id uuid not null,
    check_id uuid not null,
    letter_id uuid not null,
    submit_id bytea not null,
    staff_id uuid not null,
    certificate_id bytea not null,
    claimed_at timestamptz not null,
    renewed_at timestamptz not null,
    ended_at timestamptz,
    primary key (agency_id, check_id),
    constraint checks_letter foreign key (agency_id, letter_id) references letters,
    constraint checks_submit foreign key (agency_id, submit_id) references submissions,
    constraint checks_certificate foreign key (agency_id, certificate_id) references certificates,
    constraint checks_in_order check (renewed_at >= claimed_at and ended_at >= claimed_at)
);
create unique index checks_one_open on checks (agency_id, letter_id) where ended_at is null;
create index checks_of_submit on checks (agency_id, submit_id);
create index checks_of_staff on checks (agency_id, staff_id) where ended_at is null;

create table decisions (
    agency_id uuid not null,
    statement_id bytea not null,
    submit_id bytea not null,
    letter_id uuid not null,
    outcome text not null,
    step smallint not null,
    prior bytea,
    staff_id uuid not null,
    role text not null,
    -- domain::decision::Reason.
    reason text not null,
    -- The worker's: `counted` in its chain, `final`, or `quarantined`.
    verdict text not null default 'waiting',
    decided_at timestamptz not null,
    primary key (agency_id, statement_id),
    constraint decisions_statement foreign key (agency_id, statement_id) references statements,
    constraint decisions_submit foreign key (agency_id, submit_id) references submissions,
    constraint decisions_letter foreign key (agency_id, letter_id) references letters,
    constraint decisions_outcome_known check (outcome in ('deliver', 'change', 'keep')),
    constraint decisions_step check (step >= 1 and (step = 1 or prior is not null)),
    constraint decisions_role_known check (role in ('coordinator', 'lead')),
    constraint decisions_verdict_known check (verdict in ('waiting', 'counted', 'final', 'quarantined'))
);
create index decisions_of_letter on decisions (agency_id, letter_id, decided_at);
create index decisions_of_submit on decisions (agency_id, submit_id);

-- Small sealed letters by staff that travel with a decision.
create table attachments (
    agency_id uuid not null,
    -- The decision.
    statement_id bytea not null,
    ct_hash bytea not null,
    kind text not null,
    -- The author (comment) or an addressee (note); null for the next checker (team).
    membership_id uuid,
    sealed bytea not null,
    grant_sealed bytea,
    review_grant_sealed bytea not null,
    archive_grant_sealed bytea not null,
    primary key (agency_id, statement_id, ct_hash),
    constraint attachments_decision foreign key (agency_id, statement_id) references decisions,
    constraint attachments_kind_known check (kind in ('comment', 'note', 'team')),
    constraint attachments_reader check (
        (kind = 'team') = (membership_id is null) and (kind = 'team') = (grant_sealed is null)),
    constraint attachments_hash check (ct_hash = sha256(sealed))
);
alter table attachments alter column sealed set storage external;

-- Every opening of a letter by staff, listed for its writer and reader.
create table openings (
    agency_id uuid not null,
    opening_id uuid not null,
    letter_id uuid not null,
    submit_id bytea not null,
    staff_id uuid not null,
    role text not null,
    why text not null,
    opened_at timestamptz not null,
    primary key (agency_id, opening_id),
    constraint openings_letter foreign key (agency_id, letter_id) references letters,
    constraint openings_submit foreign key (agency_id, submit_id) references submissions
);
create index openings_of_letter on openings (agency_id, letter_id, opened_at);

-- A letter passed on to one reader. The worker's alone, from a verified final decision.
create table deliveries (
    agency_id uuid not null,
    submit_id bytea not null,
    membership_id uuid not null,
    letter_id uuid not null,
    decision_id bytea not null,
    released_at timestamptz not null,
    primary key (agency_id, submit_id, membership_id),
    constraint deliveries_submit foreign key (agency_id, submit_id) references submissions,
    constraint deliveries_letter foreign key (agency_id, letter_id) references letters,
    constraint deliveries_decision foreign key (agency_id, decision_id) references decisions
);
create index deliveries_inbox on deliveries (agency_id, membership_id, released_at desc, letter_id desc);
create index deliveries_of_letter on deliveries (agency_id, letter_id, membership_id);

call isolate(array['letters', 'submissions', 'ciphertexts', 'grants', 'checks', 'decisions',
    'attachments', 'openings', 'deliveries']::regclass[]);
call keep_forever(array['submissions', 'attachments', 'openings', 'deliveries']::regclass[]);

-- The API moves a letter between hands, and never on: a letter that was decided is out of reach.
create policy no_release on letters as restrictive for update to api
    using (state in ('with_agency', 'being_checked', 'needs_change'))
    with check (state in ('with_agency', 'being_checked', 'withdrawn'));
create policy starts_with_agency on letters as restrictive for insert to api
    with check (state = 'with_agency' and rev = 1);

-- A family account sees what it wrote and what was passed on. These rows are read by the page, so
-- for `letters` the policy looks at nothing else: in an arrangement of three sides it shows the two
-- others' exchange as a fact, and the handler's query hides that too. Insert is not restricted here:
-- a letter and its parts are one SQL statement, whose rows do not see each other. `offset 0` keeps
-- the planner from collecting every delivery of an account to look one up.
create policy own_or_passed_on on letters as restrictive for select to api
    using ((select is_staff()) or author = any ((select current_memberships())::uuid[])
        or (state = 'passed_on' and arrangement_id = any ((select current_arrangements())::uuid[])));
create policy own_or_staff on deliveries as restrictive for select to api
    using ((select is_staff()) or membership_id = any ((select current_memberships())::uuid[]));
create policy own_or_delivered on submissions as restrictive for select to api
    using ((select is_staff())
        or exists (
            select from deliveries d where d.agency_id = submissions.agency_id
                and d.submit_id = submissions.statement_id
                and d.membership_id = any ((select current_memberships())::uuid[])
            offset 0)
        or exists (
            select from letters l where l.agency_id = submissions.agency_id
                and l.letter_id = submissions.letter_id and l.author = any ((select current_memberships())::uuid[])
            offset 0));
create policy own_or_delivered on ciphertexts as restrictive for select to api
    using ((select is_staff()) or exists (
        select from submissions s where s.agency_id = ciphertexts.agency_id
            and s.statement_id = ciphertexts.statement_id
        offset 0));
-- A reader's grant waits, with the letter, for its release.
create policy own_or_delivered on grants as restrictive for select to api
    using ((select is_staff()) or (membership_id = any ((select current_memberships())::uuid[]) and (
        grantee_kind = 'self' or exists (
            select from deliveries d where d.agency_id = grants.agency_id
                and d.letter_id = grants.letter_id and d.membership_id = grants.membership_id
            offset 0))));
create policy staff_only on checks as restrictive to api using ((select is_staff()));
create policy of_own_letters on decisions as restrictive for select to api
    using ((select is_staff()) or exists (
        select from letters l where l.agency_id = decisions.agency_id
            and l.letter_id = decisions.letter_id
        offset 0));
create policy own_or_staff on attachments as restrictive for select to api
    using ((select is_staff()) or membership_id = any ((select current_memberships())::uuid[]));
create policy of_own_letters on openings as restrictive for select to api
    using ((select is_staff()) or exists (
        select from letters l where l.agency_id = openings.agency_id
            and l.letter_id = openings.letter_id
        offset 0));

grant select, insert (agency_id, letter_id, arrangement_id, author, team_id, state, head_id, rev,
        submitted_at, due_on, allocated_to),
    update (state, head_id, rev, submitted_at, due_on, allocated_to) on letters to api;
grant select, insert on submissions, ciphertexts, grants, attachments, openings to api;
grant select, insert, update (renewed_at, ended_at) on checks to api;
grant select, insert (agency_id, statement_id, submit_id, letter_id, outcome, step, prior, staff_id,
    role, reason, decided_at) on decisions to api;
grant select on deliveries to api;

grant select, update (state, due_on, allocated_to, decided_at, release_at, released_at)
    on letters to worker;
grant select on submissions, openings to worker;
-- The worker rehashes what the statements name; it holds no key that opens any of it.
grant select on ciphertexts, grants, attachments to worker;
grant select, update (ended_at) on checks to worker;
grant select, update (verdict) on decisions to worker;
grant select, insert on deliveries to worker;

grant select on letters, submissions, checks, decisions, openings, deliveries to auditor;
grant select (agency_id, statement_id, grant_hash, letter_id, grantee_kind, membership_id, epoch_id)
    on grants to auditor;
grant select (agency_id, statement_id, ct_hash, kind, membership_id) on attachments to auditor;

-- Purging, after the years an agency must keep: the ciphertext goes, every statement stays.
grant select on letters, submissions to records;
grant select (agency_id, statement_id), delete on ciphertexts to records;

-- Whether a newer version of an arrangement waits for the worker, which would judge it first and
-- then refuse every letter written under this one. For a day at most: a version that nobody judges
-- closes no letterbox.
create function is_about_to_change(version bytea, now timestamptz) returns boolean
    language sql stable
    return exists (
        select from statement_references r
        join statements s on s.agency_id = r.agency_id and s.statement_id = r.statement_id
            and s.kind = 'arrangement' and s.received_at > now - interval '1 day'
        where r.agency_id = current_agency() and r.refers_to = version
            and not exists (
                select from verdicts v
                where v.agency_id = r.agency_id and v.statement_id = r.statement_id));
revoke execute on function is_about_to_change(bytea, timestamptz) from public;
grant execute on function is_about_to_change(bytea, timestamptz) to api;

-- Whether anybody ever claimed a revision: its writer can take it back until then. Families do not
-- see claims, hence `security definer`; the answer tells them no more than the refusal does.
create function was_claimed(submit bytea) returns boolean
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
    return exists (select from checks where agency_id = current_agency() and submit_id = submit);
revoke execute on function was_claimed(bytea) from public;
grant execute on function was_claimed(bytea) to api;

-- How long a claim holds after its last renewal: the agency's policy, or the default of
-- domain::policy::Policy. Queries ask for it in a sub-select, once for a statement.
create function claim_idle() returns interval
    language sql stable
    return make_interval(mins => coalesce(
        (select (policy ->> 'claim_minutes')::integer from agencies
            where agency_id = current_agency()),
        15));
revoke execute on function claim_idle() from public;
grant execute on function claim_idle() to api;
