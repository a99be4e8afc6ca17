-- Limits that hold whichever route a statement comes by, and logout tokens, each good once.

-- How many statements one account may hand in within an hour: the agency's policy, or the default
-- of domain::policy::Policy. An agency that moves its paper in raises it for that while.
create function statements_per_hour() returns integer
    language sql stable
    return coalesce(
        (select (policy ->> 'statements_per_hour')::integer from agencies
            where agency_id = current_agency()),
        60);
revoke execute on function statements_per_hour() from public;
grant execute on function statements_per_hour() to api;

-- How many letters of one writer may wait with the agency in an arrangement at one time.
create function open_letters() returns integer
    language sql stable
    return coalesce(
        (select (policy ->> 'open_letters')::integer from agencies
            where agency_id = current_agency()),
        3);
revoke execute on function open_letters() from public;
grant execute on function open_letters() to api;

-- As before, and counted: in the same transaction, so that what is refused never counted. The
-- counter's row is locked until the commit, so an account's statements pass one after the other.
create or replace function record_statement(
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
    if account is not null then
        insert into limits (agency_id, subject, kind, window_started_at, used)
        values (current_agency(), 'account:' || account, 'statement', now, 1)
        on conflict on constraint limits_pkey do update set
            window_started_at = case when limits.window_started_at <= now - interval '1 hour'
                then now else limits.window_started_at end,
            used = case when limits.window_started_at <= now - interval '1 hour'
                then 1 else limits.used + 1 end
            where limits.window_started_at <= now - interval '1 hour'
                or limits.used < (select statements_per_hour());
        if not found then
            raise exception 'too many statements in an hour'
                using errcode = 'check_violation', constraint = 'statements_per_hour';
        end if;
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

-- Letters that wait are counted by writer: otherwise one side could keep the other from writing. By a
-- trigger, and after the counter of statements: of two sent at once the second waits there, and is
-- then counted right.
create function check_open_letters() returns trigger
    language plpgsql as $$
begin
    if (select count(*) from letters l
        where l.agency_id = new.agency_id and l.author = new.author
            and l.arrangement_id = new.arrangement_id
            and l.state in ('with_agency', 'being_checked')) > (select open_letters()) then
        raise exception 'too many open letters'
            using errcode = 'check_violation', constraint = 'letters_open';
    end if;
    return null;
end
$$;
create trigger open_letters after insert on letters
    for each row execute function check_open_letters();

-- Logout tokens that were taken, by the hash of issuer and `jti`: none is taken twice.
create table logout_tokens (
    agency_id uuid not null,
    token_hash bytea not null,
    expires_at timestamptz not null,
    primary key (agency_id, token_hash),
    constraint logout_tokens_hash_length check (octet_length(token_hash) = 32)
);
create index logout_tokens_by_age on logout_tokens (agency_id, expires_at);

call isolate(array['logout_tokens']::regclass[]);

grant select, insert on logout_tokens to api;

-- A provider ends sessions by its own name for them.
create index sessions_of_issuer on sessions (agency_id, issuer_sid) where issuer_sid is not null;

create or replace function forget_expired(now timestamptz) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    delete from wraps where agency_id = current_agency() and replaced_at < now - interval '90 days';
    delete from sign_ins where agency_id = current_agency() and expires_at < now;
    delete from sessions where agency_id = current_agency() and expires_at < now;
    delete from logout_tokens where agency_id = current_agency() and expires_at < now;
    delete from limits where agency_id = current_agency() and window_started_at < now - interval '2 days';
end
$$;
