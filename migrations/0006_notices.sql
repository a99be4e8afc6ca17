-- Messages to the team, sealed contact points, and the content-free notices sent to them.

create table messages (
    agency_id uuid not null,
    message_id uuid not null,
    statement_id bytea not null,
    arrangement_id uuid not null,
    membership_id uuid not null,
    about text not null,
    -- The statement it is about, if any.
    subject_id bytea,
    sealed bytea not null,
    grant_sealed bytea not null,
    archive_grant_sealed bytea not null,
    received_at timestamptz not null,
    answered_at timestamptz,
    primary key (agency_id, message_id),
    constraint messages_statement_unique unique (agency_id, statement_id),
    constraint messages_statement foreign key (agency_id, statement_id) references statements,
    constraint messages_arrangement foreign key (agency_id, arrangement_id) references arrangements,
    constraint messages_membership foreign key (agency_id, membership_id) references memberships,
    constraint messages_about_known check (about in ('worry', 'look', 'plan', 'help'))
);
alter table messages alter column sealed set storage external;
create index messages_waiting on messages (agency_id, received_at, message_id) where answered_at is null;
create index messages_of_membership on messages (agency_id, membership_id, received_at desc);
create index messages_of_arrangement on messages (agency_id, arrangement_id, received_at desc);

-- Contact points, sealed to the notification service alone.
create table contacts (
    agency_id uuid not null,
    membership_id uuid not null,
    n integer not null,
    statement_id bytea not null,
    channel text not null,
    sealed bytea not null,
    state text not null default 'waiting',
    failed_at timestamptz,
    primary key (agency_id, membership_id, n),
    constraint contacts_statement_unique unique (agency_id, statement_id),
    constraint contacts_statement foreign key (agency_id, statement_id) references statements,
    constraint contacts_n check (n >= 1),
    constraint contacts_channel_known check (channel in ('email', 'text', 'post')),
    constraint contacts_state_known check (
        state in ('waiting', 'in_use', 'replaced', 'failing', 'quarantined')),
    constraint contacts_failing_has_time check (state <> 'failing' or failed_at is not null),
    constraint contacts_size check (octet_length(sealed) between 1024 and 4096)
);
create unique index contacts_one_in_use on contacts (agency_id, membership_id)
    where state in ('in_use', 'failing');

-- What a person is to be told: that there is something, never what. `event` is for the record,
-- not for the wording.
create table notices (
    agency_id uuid not null,
    notice_id uuid not null,
    membership_id uuid not null,
    body text not null,
    event text not null,
    -- One notice for one event, however often its job runs.
    event_key text not null,
    for_day date not null,
    state text not null default 'waiting',
    attempts integer not null default 0,
    last_error text,
    created_at timestamptz not null,
    sent_at timestamptz,
    primary key (agency_id, notice_id),
    constraint notices_event_unique unique (agency_id, membership_id, event_key),
    constraint notices_body_known check (body in ('news', 'security')),
    -- `to_post`: its member is reached by post, and the agency prints it.
    constraint notices_state_known check (
        state in ('waiting', 'sent', 'merged', 'to_post', 'failed')),
    constraint notices_sent_has_time check ((state = 'sent') = (sent_at is not null)),
    constraint notices_failed_has_error check (state <> 'failed' or last_error is not null),
    constraint notices_attempts check (attempts >= 0)
);
-- At most one piece of news a day; security notices are outside the limit.
create unique index notices_one_news_a_day on notices (agency_id, membership_id, for_day)
    where body = 'news' and state = 'sent';
create index notices_waiting on notices (agency_id, created_at, notice_id) where state = 'waiting';

call isolate(array['messages', 'contacts', 'notices']::regclass[]);

create policy own_or_staff on messages as restrictive for select to api
    using ((select is_staff()) or membership_id = any ((select current_memberships())::uuid[]));
create policy own_or_staff on contacts as restrictive for select to api
    using ((select is_staff()) or membership_id = any ((select current_memberships())::uuid[]));
create policy waits on contacts as restrictive for insert to api with check (state = 'waiting');
-- The notifier says whether a contact point works; which one is in use is the worker's to say.
create policy works_or_fails on contacts as restrictive for update to notifier
    using (state in ('in_use', 'failing')) with check (state in ('in_use', 'failing'));

grant select, insert (agency_id, message_id, statement_id, arrangement_id, membership_id, about,
    subject_id, sealed, grant_sealed, archive_grant_sealed, received_at), update (answered_at)
    on messages to api;
grant select (agency_id, message_id, statement_id, arrangement_id, membership_id, about, subject_id,
    received_at, answered_at) on messages to worker, auditor;

grant select (agency_id, membership_id, n, statement_id, channel, state, failed_at),
    insert (agency_id, membership_id, n, statement_id, channel, sealed) on contacts to api;
grant select (agency_id, membership_id, n, statement_id, channel, state, failed_at),
    update (state, failed_at) on contacts to worker;
grant select, update (state, failed_at) on contacts to notifier;

grant select, insert on notices to worker;
grant select, update (state, attempts, last_error, for_day, sent_at) on notices to notifier;
grant select on notices to auditor;
-- Staff see what is to be printed and posted.
create policy staff_only on notices as restrictive for select to api using ((select is_staff()));
grant select (agency_id, notice_id, membership_id, body, for_day, state, created_at) on notices to api;

-- Whether a member of staff has had their say on a revision: as a step of its open chain, or
-- before somebody asked for another look. Another person must then claim it and decide.
create function has_decided(submit bytea, staff uuid) returns boolean
    language sql stable
    return exists (
        select from decisions d
        where d.agency_id = current_agency() and d.submit_id = submit and d.staff_id = staff
            and d.verdict <> 'quarantined'
            and (
                d.decided_at >= (
                    select max(f.decided_at) from decisions f
                    where f.agency_id = d.agency_id and f.submit_id = d.submit_id and f.step = 1
                        and f.verdict <> 'quarantined')
                or exists (
                    select from messages m join letters l using (agency_id, arrangement_id)
                    where m.agency_id = d.agency_id and l.letter_id = d.letter_id
                        and m.about = 'look' and m.received_at >= d.decided_at
                        and m.subject_id in (
                            select f.statement_id from decisions f
                            where f.agency_id = d.agency_id and f.submit_id = d.submit_id))));
revoke execute on function has_decided(bytea, uuid) from public;
grant execute on function has_decided(bytea, uuid) to api;
