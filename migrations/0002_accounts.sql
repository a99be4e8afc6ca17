-- Ways in: accounts, their sealed keys, sessions and limits. Only the mediation API (and the
-- functions below) touch these tables; the worker and the notifier cannot read one of them.
--
-- Accounts exist before their agency's row does: the first administrator signs in to create it.

create table accounts (
    agency_id uuid not null,
    account_id uuid not null,
    audience text not null,
    issuer text not null,
    subject text not null,
    -- Ed25519 public key that proves the account's keys were opened; null until the first bundle.
    proof_key bytea,
    created_at timestamptz not null,
    primary key (agency_id, account_id),
    constraint accounts_subject_unique unique (agency_id, audience, issuer, subject),
    constraint accounts_audience_known check (audience in ('family', 'staff')),
    constraint accounts_proof_key_length check (octet_length(proof_key) = 32)
);

-- The key bundle, AES-GCM under the account's K. Replaced only by version + 1.
create table bundles (
    agency_id uuid not null,
    account_id uuid not null,
    version bigint not null,
    sealed bytea not null,
    primary key (agency_id, account_id),
    constraint bundles_account foreign key (agency_id, account_id) references accounts,
    constraint bundles_version_positive check (version >= 1),
    constraint bundles_size check (octet_length(sealed) between 28 and 1048576)
);

-- K, sealed under the words, a passkey or a device. Replaced wraps are kept for 90 days.
create table wraps (
    agency_id uuid not null,
    wrap_id uuid not null,
    account_id uuid not null,
    kind text not null,
    sealed bytea not null,
    gate_version integer,
    created_at timestamptz not null,
    replaced_at timestamptz,
    primary key (agency_id, wrap_id),
    constraint wraps_account foreign key (agency_id, account_id) references accounts,
    constraint wraps_kind_known check (kind in ('words', 'passkey', 'device')),
    constraint wraps_gate_version check ((kind = 'words') = (gate_version is not null)),
    constraint wraps_size check (octet_length(sealed) between 28 and 65536),
    constraint wraps_replaced_after_created check (replaced_at >= created_at)
);
create index wraps_of_account on wraps (agency_id, account_id) where replaced_at is null;

-- Guesses at the words: 5 an hour, 50 since the last proof of success.
create table gates (
    agency_id uuid not null,
    account_id uuid not null,
    hour_started_at timestamptz not null,
    tries_in_hour integer not null,
    tries_since_proof integer not null,
    primary key (agency_id, account_id),
    constraint gates_account foreign key (agency_id, account_id) references accounts,
    constraint gates_counts check (tries_in_hour >= 0 and tries_since_proof >= 0)
);

-- Counters of everything else that is limited. `subject` is an account, an invite or a keyed hash
-- of a network; never an address.
create table limits (
    agency_id uuid not null,
    subject text not null,
    kind text not null,
    window_started_at timestamptz not null,
    used integer not null,
    primary key (agency_id, subject, kind),
    constraint limits_used check (used >= 0)
);
create index limits_by_age on limits (agency_id, window_started_at);

-- A sign-in on its way to the issuer and back, bound to the browser that began it.
create table sign_ins (
    agency_id uuid not null,
    browser_hash bytea not null,
    audience text not null,
    state_hash bytea not null,
    nonce text not null,
    pkce_verifier text not null,
    return_to text not null,
    expires_at timestamptz not null,
    primary key (agency_id, browser_hash),
    constraint sign_ins_audience_known check (audience in ('family', 'staff')),
    constraint sign_ins_return_to_is_local check (return_to like '/%' and return_to not like '//%')
);
create index sign_ins_by_age on sign_ins (agency_id, expires_at);

create table sessions (
    agency_id uuid not null,
    session_hash bytea not null,
    account_id uuid not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null,
    -- Null while restricted: a session that has not signed a challenge reaches only what is
    -- needed to sign one.
    proved_at timestamptz,
    challenge bytea,
    auth_time timestamptz not null,
    issuer_sid text,
    primary key (agency_id, session_hash),
    constraint sessions_account foreign key (agency_id, account_id) references accounts,
    constraint sessions_hash_length check (octet_length(session_hash) = 32),
    constraint sessions_challenge_length check (octet_length(challenge) = 32),
    constraint sessions_expire check (expires_at > created_at)
);
create index sessions_of_account on sessions (agency_id, account_id);
create index sessions_by_age on sessions (agency_id, expires_at);

call isolate(array['accounts', 'bundles', 'wraps', 'gates', 'limits', 'sign_ins', 'sessions']::regclass[]);

-- A signed-in account reaches its own rows only; at the door (no actor) the API may look up an
-- account by its subject and make a session, and reaches no sealed key.
create policy own on accounts as restrictive to api
    using (current_account() is null or account_id = current_account());
create policy own on sessions as restrictive to api
    using (current_account() is null or account_id = current_account());
create policy own on bundles as restrictive to api using (account_id = current_account());
create policy own on wraps as restrictive to api using (account_id = current_account());
create policy own on gates as restrictive to api using (account_id = current_account());

grant select, insert, update (proof_key) on accounts to api;
grant select, insert, update on bundles to api;
grant select, insert, update (replaced_at) on wraps to api;
grant select, insert, update on gates to api;
grant select, insert, update, delete on limits to api;
grant select, insert, delete on sign_ins to api;
grant select, insert, delete, update (seen_at, expires_at, proved_at, challenge) on sessions to api;

-- Forgets what has run out, in the current agency. Deleting needs no reading, so the worker may
-- call this without ever seeing a row.
create function forget_expired(now timestamptz) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    delete from wraps where agency_id = current_agency() and replaced_at < now - interval '90 days';
    delete from sign_ins where agency_id = current_agency() and expires_at < now;
    delete from sessions where agency_id = current_agency() and expires_at < now;
    delete from limits where agency_id = current_agency() and window_started_at < now - interval '2 days';
end
$$;
revoke execute on function forget_expired(timestamptz) from public;
grant execute on function forget_expired(timestamptz) to worker;
