-- An hour of statements that seems to begin more than an hour from now was begun by a clock that ran
-- ahead, and is over. Everything else as before.
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
            window_started_at = case when limits.window_started_at > now - interval '1 hour'
                    and limits.window_started_at <= now + interval '1 hour'
                then limits.window_started_at else now end,
            used = case when limits.window_started_at > now - interval '1 hour'
                    and limits.window_started_at <= now + interval '1 hour'
                then limits.used + 1 else 1 end
            where limits.used < (select statements_per_hour())
                or not (limits.window_started_at > now - interval '1 hour'
                    and limits.window_started_at <= now + interval '1 hour');
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
