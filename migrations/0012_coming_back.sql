-- Coming back after everything was lost, with the same sign-in: a second account beside the first,
-- with keys of its own. Nothing of the first is touched until a worker has logged the certificate of
-- the second, and whoever opens the first after all ends the second.

alter table accounts drop constraint accounts_subject_unique;
alter table accounts
    -- The account it is to take the place of.
    add column renews uuid,
    add column state text not null default 'in_use',
    add constraint accounts_renews foreign key (agency_id, renews) references accounts,
    add constraint accounts_state_known check (state in ('in_use', 'renewing', 'ended')),
    add constraint accounts_renewing_renews check (state <> 'renewing' or renews is not null);
-- Who signs in comes to the account in use.
create unique index accounts_subject_in_use on accounts (agency_id, audience, issuer, subject)
    where state = 'in_use';
create unique index accounts_one_renewing on accounts (agency_id, renews) where state = 'renewing';

-- Moves a session to the account that renews the one it belongs to: a new one for whoever has the
-- unused code of an invitation to a place that this account had, otherwise the one begun before. Null,
-- and nothing is changed, where there is neither.
-- The session is restricted, as every new one is.
create function renew_account(fresh uuid, invite uuid, session bytea, new_session bytea, now timestamptz)
    returns uuid
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    mine sessions;
    successor uuid;
begin
    select s.* into mine from sessions s
        where s.agency_id = current_agency() and s.session_hash = session
            and s.account_id = current_account() and s.expires_at > now;
    if exists (
        select from accounts a
        join certificates c on c.agency_id = a.agency_id and c.account_id = a.account_id
        join invites i on i.agency_id = c.agency_id and i.membership_id = c.membership_id
        where a.agency_id = current_agency() and a.account_id = mine.account_id
            and a.state = 'in_use' and a.proof_key is not null
            and i.invite_id = invite and i.used_at is null and i.expires_at > now)
    then
        -- A new code begins anew: the words of what was begun before may be lost as well.
        delete from sessions s using accounts a
            where s.agency_id = current_agency() and a.agency_id = s.agency_id
                and a.account_id = s.account_id and a.renews = mine.account_id
                and a.state = 'renewing';
        update accounts set state = 'ended'
            where agency_id = current_agency() and renews = mine.account_id and state = 'renewing';
        insert into accounts (agency_id, account_id, audience, issuer, subject, created_at, renews, state)
        select a.agency_id, fresh, a.audience, a.issuer, a.subject, now, a.account_id, 'renewing'
        from accounts a
        where a.agency_id = current_agency() and a.account_id = mine.account_id
        returning account_id into successor;
    else
        select a.account_id into successor from accounts a
            where a.agency_id = current_agency() and a.renews = mine.account_id
                and a.state = 'renewing';
    end if;
    if successor is null then
        return null;
    end if;
    insert into sessions (agency_id, session_hash, account_id, created_at, seen_at, expires_at,
        auth_time, issuer_sid)
    values (mine.agency_id, new_session, successor, now, now, mine.expires_at, mine.auth_time,
        mine.issuer_sid);
    delete from sessions where agency_id = mine.agency_id and session_hash = session;
    return successor;
end
$$;

-- The keys of the signed-in account were opened after all: what was to take its place ends.
create function abandon_renewal() returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    delete from sessions s using accounts a
        where s.agency_id = current_agency() and a.agency_id = s.agency_id
            and a.account_id = s.account_id and a.renews = current_account() and a.state = 'renewing';
    update accounts set state = 'ended'
        where agency_id = current_agency() and renews = current_account() and state = 'renewing';
end
$$;

-- A certificate of this account was logged: it takes the place of the one it renews, whose wraps are
-- kept for 90 days like every wrap that was replaced.
create function finish_renewal(account uuid, now timestamptz) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    old uuid;
begin
    select a.renews into old from accounts a
        where a.agency_id = current_agency() and a.account_id = account and a.state = 'renewing';
    if old is null then
        return;
    end if;
    update accounts set state = 'ended' where agency_id = current_agency() and account_id = old;
    update accounts set state = 'in_use' where agency_id = current_agency() and account_id = account;
    update wraps set replaced_at = greatest(now, created_at)
        where agency_id = current_agency() and account_id = old and replaced_at is null;
    delete from sessions where agency_id = current_agency() and account_id = old;
    delete from words_requests where agency_id = current_agency() and account_id = old;
end
$$;

revoke execute on function renew_account(uuid, uuid, bytea, bytea, timestamptz),
    abandon_renewal(), finish_renewal(uuid, timestamptz) from public;
grant execute on function renew_account(uuid, uuid, bytea, bytea, timestamptz), abandon_renewal()
    to api;
grant execute on function finish_renewal(uuid, timestamptz) to worker;

-- A place belongs to whoever was certified for it last.
grant update (account_id) on memberships to worker;
