-- Receipts: a reader's short answer to a letter that was passed on to them, for its writer.

alter table statements drop constraint statements_kind_known;
alter table statements add constraint statements_kind_known check (kind in (
    'agency', 'staff', 'epoch', 'invite', 'enrol', 'member', 'arrangement', 'submit',
    'withdraw', 'decision', 'message', 'reseal', 'revoke', 'contact', 'receipt'));

create table receipts (
    agency_id uuid not null,
    statement_id bytea not null,
    submit_id bytea not null,
    letter_id uuid not null,
    membership_id uuid not null,
    phrase text not null,
    -- The worker's.
    verdict text not null default 'waiting',
    received_at timestamptz not null,
    primary key (agency_id, statement_id),
    constraint receipts_statement foreign key (agency_id, statement_id) references statements,
    constraint receipts_delivery foreign key (agency_id, submit_id, membership_id)
        references deliveries,
    constraint receipts_phrase_known check (phrase in ('thanks', 'will-write')),
    constraint receipts_verdict_known check (verdict in ('waiting', 'logged', 'quarantined'))
);
-- One answer of a reader to a revision; one that was refused does not count.
create unique index receipts_one_each on receipts (agency_id, submit_id, membership_id)
    where verdict <> 'quarantined';

call isolate(array['receipts']::regclass[]);

-- A reader sees their own; a writer what was logged about their letters; nobody else any.
create policy own_or_to_own on receipts as restrictive for select to api
    using (membership_id = any ((select current_memberships())::uuid[])
        or (verdict = 'logged' and exists (
            select from letters l where l.agency_id = receipts.agency_id
                and l.letter_id = receipts.letter_id
                and l.author = any ((select current_memberships())::uuid[])
            offset 0)));
create policy own on receipts as restrictive for insert to api
    with check (membership_id = any ((select current_memberships())::uuid[])
        and verdict = 'waiting');

grant select, insert (agency_id, statement_id, submit_id, letter_id, membership_id, phrase, received_at)
    on receipts to api;
grant select, update (verdict) on receipts to worker;
grant select on receipts to auditor;
