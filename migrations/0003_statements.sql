-- Signed statements as they came, what the worker found about each, the log, and the jobs that
-- carry ids from one process to the next.

-- Insert-only. `envelope` is the exact JSON of the DSSE envelope. No foreign key to agencies: it
-- would lock the one agency row for every statement written.
create table statements (
    agency_id uuid not null,
    statement_id bytea not null,
    kind text not null,
    envelope bytea not null,
    -- Whose session brought it; null for what was brought without one.
    account_id uuid,
    received_at timestamptz not null,
    primary key (agency_id, statement_id),
    constraint statements_id_length check (octet_length(statement_id) = 32),
    constraint statements_kind_known check (kind in (
        'agency', 'staff', 'epoch', 'invite', 'enrol', 'member', 'arrangement', 'submit',
        'withdraw', 'decision', 'message', 'reseal', 'revoke', 'contact')),
    constraint statements_size check (octet_length(envelope) between 100 and 1048576)
);
-- Envelopes are small base64: compressing them costs more than it saves on every read.
alter table statements alter column envelope set storage external;
create index statements_by_kind on statements (agency_id, kind, received_at);

-- Every statement id a body names. `ends` marks the certificate that a `revoke`, or a `member`
-- with `replaces`, brings to an end: proofs must carry those too, and nothing refers to them.
create table statement_references (
    agency_id uuid not null,
    statement_id bytea not null,
    refers_to bytea not null,
    ends boolean not null default false,
    primary key (agency_id, statement_id, refers_to),
    constraint statement_references_statement
        foreign key (agency_id, statement_id) references statements,
    constraint statement_references_length check (octet_length(refers_to) = 32),
    constraint statement_references_not_self check (refers_to <> statement_id)
);
-- Who names a statement: what ends it, what waits for it, what else happened to its letter.
create index statement_references_to on statement_references (agency_id, refers_to);

-- One row for each statement the worker has finished with.
create table verdicts (
    agency_id uuid not null,
    statement_id bytea not null,
    verdict text not null,
    -- Stable kebab-case code of the failed check.
    reason text,
    log_index bigint,
    judged_at timestamptz not null,
    primary key (agency_id, statement_id),
    constraint verdicts_statement foreign key (agency_id, statement_id) references statements,
    constraint verdicts_verdict_known check (verdict in ('logged', 'quarantined')),
    constraint verdicts_logged_has_index check ((verdict = 'logged') = (log_index is not null)),
    constraint verdicts_quarantined_has_reason check ((verdict = 'quarantined') = (reason is not null)),
    constraint verdicts_log_index_unique unique (agency_id, log_index)
);
create index verdicts_quarantined on verdicts (agency_id, judged_at desc) where verdict = 'quarantined';

-- The log: an RFC 6962 tree per agency.
create table log_leaves (
    agency_id uuid not null,
    leaf_index bigint not null,
    statement_id bytea not null,
    leaf_hash bytea not null,
    primary key (agency_id, leaf_index),
    constraint log_leaves_statement_unique unique (agency_id, statement_id),
    constraint log_leaves_statement foreign key (agency_id, statement_id) references statements,
    constraint log_leaves_index check (leaf_index >= 0),
    constraint log_leaves_hash_length check (octet_length(leaf_hash) = 32)
);

-- Apart, because `records` may delete a salt: that unlinks a purged statement from its leaf and
-- leaves the tree whole.
create table log_salts (
    agency_id uuid not null,
    leaf_index bigint not null,
    salt bytea not null,
    primary key (agency_id, leaf_index),
    constraint log_salts_leaf foreign key (agency_id, leaf_index) references log_leaves,
    constraint log_salts_length check (octet_length(salt) = 16)
);

-- Hashes of complete subtrees: level 1 covers two leaves, level 2 four, and so on.
create table log_nodes (
    agency_id uuid not null,
    level smallint not null,
    node_index bigint not null,
    hash bytea not null,
    primary key (agency_id, level, node_index),
    constraint log_nodes_place check (level >= 0 and node_index >= 0),
    constraint log_nodes_hash_length check (octet_length(hash) = 32)
);

create table checkpoints (
    agency_id uuid not null,
    size bigint not null,
    root bytea not null,
    -- The C2SP signed note.
    note text not null,
    signed_at timestamptz not null,
    primary key (agency_id, size),
    constraint checkpoints_size check (size >= 0),
    constraint checkpoints_root_length check (octet_length(root) = 32)
);

create table jobs (
    agency_id uuid not null,
    job_id bigint generated always as identity,
    queue text not null,
    -- The id the job is about, in lowercase hex; never content.
    subject text not null,
    state text not null default 'ready',
    run_at timestamptz not null,
    attempts integer not null default 0,
    max_attempts integer not null default 20,
    lease_token uuid,
    leased_until timestamptz,
    last_error text,
    dedupe_key text not null,
    created_at timestamptz not null,
    primary key (agency_id, job_id),
    constraint jobs_dedupe_unique unique (agency_id, queue, dedupe_key),
    constraint jobs_queue_known check (queue in ('verify', 'release', 'notice')),
    constraint jobs_state_known check (state in ('ready', 'leased', 'done', 'dead')),
    constraint jobs_leased_has_token check (
        (state = 'leased') = (lease_token is not null) and (state = 'leased') = (leased_until is not null)),
    constraint jobs_dead_has_error check (state <> 'dead' or last_error is not null),
    constraint jobs_attempts check (attempts >= 0 and max_attempts >= 1)
);
create index jobs_ready on jobs (queue, run_at, job_id) where state = 'ready';
create index jobs_leased on jobs (queue, leased_until) where state = 'leased';
create index jobs_dead on jobs (agency_id, queue, job_id) where state = 'dead';
create index jobs_done on jobs (agency_id, created_at) where state = 'done';

call isolate(array['statements', 'statement_references', 'verdicts', 'log_leaves', 'log_salts',
    'log_nodes', 'checkpoints']::regclass[]);
call keep_forever(array['statements', 'statement_references', 'verdicts', 'log_leaves',
    'checkpoints']::regclass[]);

grant select, insert on statements, statement_references to api;
grant select on verdicts, log_leaves, log_salts, log_nodes, checkpoints to api;
grant select on statements, statement_references to worker;
grant select, insert on verdicts, log_leaves, log_salts, log_nodes, checkpoints to worker;
grant select on statements, statement_references, verdicts to notifier;
grant select on statements, statement_references, verdicts, log_leaves, log_salts, log_nodes,
    checkpoints to auditor;
grant select, delete on log_salts to records;
grant select on log_leaves, verdicts to records;

-- The notifier verifies contact points itself: the agency's statement and the certificates behind
-- a contact, nothing about letters.
create policy contacts_only on statements as restrictive for select to notifier
    using (kind in ('agency', 'staff', 'invite', 'enrol', 'member', 'arrangement', 'revoke', 'contact'));

-- Jobs cross agencies: one worker serves all of its own. Each process sees its queues and no other.
alter table jobs enable row level security;
alter table jobs force row level security;
create policy enqueue on jobs for insert to api
    with check (agency_id = current_agency() and queue = 'verify' and state = 'ready');
create policy own_queues on jobs to worker
    using (queue in ('verify', 'release'));
create policy enqueue_notice on jobs for insert to worker
    with check (agency_id = current_agency() and state = 'ready');
create policy own_queue on jobs to notifier
    using (queue = 'notice');

grant insert (agency_id, queue, subject, run_at, max_attempts, dedupe_key, created_at) on jobs to api;
grant select, delete, insert (agency_id, queue, subject, run_at, max_attempts, dedupe_key, created_at),
    update (state, run_at, attempts, lease_token, leased_until, last_error) on jobs to worker, notifier;

-- Stores a statement, what it refers to and the job to verify it: the whole of what the API may do
-- with a statement. Callable inside a larger statement, so that a letter is one round trip. Gives
-- false, and does nothing, if the statement is already there: sending twice is harmless.
create function record_statement(
    statement bytea, kind text, envelope bytea, account uuid, refers_to bytea[], ending bytea,
    now timestamptz) returns boolean
    language plpgsql as $$
begin
    insert into statements (agency_id, statement_id, kind, envelope, account_id, received_at)
    values (current_agency(), statement, kind, envelope, account, now)
    on conflict do nothing;
    if not found then
        return false;
    end if;
    insert into statement_references (agency_id, statement_id, refers_to, ends)
    select current_agency(), statement, r, coalesce(r = ending, false) from unnest(refers_to) as r
    on conflict do nothing;
    insert into jobs (agency_id, queue, subject, run_at, dedupe_key, created_at)
    values (current_agency(), 'verify', encode(statement, 'hex'), now, encode(statement, 'hex'), now)
    on conflict do nothing;
    return true;
end
$$;
revoke execute on function record_statement(bytea, text, bytea, uuid, bytea[], bytea, timestamptz) from public;
grant execute on function record_statement(bytea, text, bytea, uuid, bytea[], bytea, timestamptz) to api;
