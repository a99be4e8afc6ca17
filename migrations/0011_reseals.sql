-- Reseals: a letter given back to somebody who was certified anew, by two members of staff. A row
-- a statement: the first says so, the second brings the letter key sealed to the new certificate.

create table reseals (
    agency_id uuid not null,
    statement_id bytea not null,
    -- The first of the two; null for the first.
    prior bytea,
    submit_id bytea not null,
    letter_id uuid not null,
    membership_id uuid not null,
    -- The new certificate.
    certificate_id bytea not null,
    staff_id uuid not null,
    -- The worker's.
    verdict text not null default 'waiting',
    received_at timestamptz not null,
    primary key (agency_id, statement_id),
    constraint reseals_statement foreign key (agency_id, statement_id) references statements,
    constraint reseals_first foreign key (agency_id, prior) references reseals,
    constraint reseals_submit foreign key (agency_id, submit_id) references submissions,
    constraint reseals_letter foreign key (agency_id, letter_id) references letters,
    constraint reseals_certificate foreign key (agency_id, certificate_id) references certificates,
    constraint reseals_verdict_known check (verdict in ('waiting', 'logged', 'quarantined'))
);
-- A letter is given back to the same keys once; one that was refused does not count.
create unique index reseals_one_each on reseals (agency_id, submit_id, certificate_id)
    where prior is not null and verdict <> 'quarantined';
create index reseals_of_letter on reseals (agency_id, letter_id);

call isolate(array['reseals']::regclass[]);

-- Whoever has new keys sees what was given back to them; staff see what is on its way.
create policy own_or_staff on reseals as restrictive for select to api
    using ((select is_staff()) or (prior is not null and verdict = 'logged'
        and membership_id = any ((select current_memberships())::uuid[])));
create policy staff_only on reseals as restrictive for insert to api
    with check ((select is_staff()) and verdict = 'waiting');

grant select, insert (agency_id, statement_id, prior, submit_id, letter_id, membership_id,
    certificate_id, staff_id, received_at) on reseals to api;
grant select, update (verdict) on reseals to worker;
grant select on reseals to auditor;

-- Whether a grant is sealed to the certificate that a membership has now: the statement that lists
-- it (a `submit`, `decision` or `reseal`) names that certificate.
create function is_for_present_keys(statement bytea, membership uuid) returns boolean
    language sql stable
    return exists (
        select from certificates c
        join statement_references r on r.agency_id = c.agency_id
            and r.statement_id = statement and r.refers_to = c.certificate_id
        where c.agency_id = current_agency() and c.membership_id = membership
            and c.kind = 'member' and c.ended_at is null);
revoke execute on function is_for_present_keys(bytea, uuid) from public;
grant execute on function is_for_present_keys(bytea, uuid) to api;
