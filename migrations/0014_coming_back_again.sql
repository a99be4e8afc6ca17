-- Coming back, continued.
--
-- Keys that a team manager has stopped, because somebody else may have the words, object to nothing:
-- opening them with the sign-in in hand as well ends no renewal of the place they were stopped for.
--
-- With several places, the account whose keys were lost stays the one that the sign-in leads to until
-- every certificate of it is replaced or has ended. Each was replaced by two people, with three days to
-- object; nothing else that the new account is certified for ends anything. Staff come back the same
-- way: the same member of staff is certified anew, and a manager ends what was certified before.

-- The place that a renewal was begun for; null for one begun before this migration, and for staff.
alter table accounts add column renews_membership uuid;

-- Whether the unused code of an invitation is for a place that an account has had. A code for staff
-- names nobody: whom it is for is said by whoever certifies.
create function is_code_for(invite uuid, account uuid, now timestamptz) returns boolean
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (
        select from invites i
        join certificates c on c.agency_id = i.agency_id
            and (c.membership_id = i.membership_id or c.kind = 'staff' and i.membership_id is null)
        where i.agency_id = current_agency() and i.invite_id = is_code_for.invite
            and i.used_at is null and i.expires_at > is_code_for.now
            and c.account_id = is_code_for.account)
$$;
revoke execute on function is_code_for(uuid, uuid, timestamptz) from public;

-- As in 0012, and it remembers the place. An account without keys has nothing to go back to: who only
-- has the sign-in must not be the one to give it keys. New keys that are certified for a place already
-- stay, and the code for another place leads to them; only a code for that very place begins anew,
-- beside them.
create or replace function renew_account(fresh uuid, invite uuid, session bytea, new_session bytea,
        now timestamptz)
    returns uuid
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    mine sessions;
    lost uuid;
    begun accounts;
    successor uuid;
begin
    select s.* into mine from sessions s
        where s.agency_id = current_agency() and s.session_hash = session
            and s.account_id = current_account() and s.expires_at > now;
    lost := mine.account_id;
    loop
        select a.* into begun from accounts a
            where a.agency_id = current_agency() and a.renews = lost and a.state = 'renewing';
        exit when begun.account_id is null or not is_code_for(invite, begun.account_id, now);
        lost := begun.account_id;
    end loop;
    if is_code_for(invite, lost, now)
        and not exists (
            select from certificates c
            where c.agency_id = current_agency() and c.account_id = begun.account_id)
    then
        -- A new code begins anew: the words of what was begun before may be lost as well.
        delete from sessions where agency_id = current_agency() and account_id = begun.account_id;
        update accounts set state = 'ended'
            where agency_id = current_agency() and account_id = begun.account_id;
        insert into accounts (agency_id, account_id, audience, issuer, subject, created_at, renews,
            renews_membership, state)
        select a.agency_id, fresh, a.audience, a.issuer, a.subject, now, a.account_id,
            i.membership_id, 'renewing'
        from accounts a
        join invites i on i.agency_id = a.agency_id and i.invite_id = invite
        where a.agency_id = current_agency() and a.account_id = lost
            and a.state <> 'ended' and a.proof_key is not null
        returning account_id into successor;
    elsif begun.proof_key is not null then
        successor := begun.account_id;
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

-- As in 0012, while a certificate of the signed-in account is in force for that place. Another place of
-- the same account may be another team's, which knows nothing of the first. What was certified for the
-- new account is never left without one.
create or replace function abandon_renewal() returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    successor uuid;
begin
    update accounts a set state = 'ended'
        where a.agency_id = current_agency() and a.renews = current_account()
            and a.state = 'renewing'
            and exists (
                select from certificates c
                where c.agency_id = a.agency_id and c.account_id = a.renews
                    and c.ended_at is null
                    and (a.renews_membership is null or c.membership_id = a.renews_membership))
            and not exists (
                select from certificates c
                where c.agency_id = a.agency_id and c.account_id = a.account_id)
        returning a.account_id into successor;
    delete from sessions where agency_id = current_agency() and account_id = successor;
end
$$;

-- A certificate of this account was logged or has ended: an account of which nothing is in force any
-- more is ended by the one that renews it and has taken over a place of it. Its wraps are kept for 90
-- days like every wrap that was replaced. An account that is itself renewing another hands that on.
create or replace function finish_renewal(account uuid, now timestamptz) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    successor uuid;
    old accounts;
begin
    loop
        select n.account_id into successor
            from accounts n
            join accounts o on o.agency_id = n.agency_id and o.account_id = n.renews
            where n.agency_id = current_agency() and n.state = 'renewing' and o.state <> 'ended'
                and account in (n.account_id, n.renews)
                and not exists (
                    select from certificates c
                    where c.agency_id = o.agency_id and c.account_id = o.account_id
                        and c.ended_at is null and (c.until_at is null or c.until_at > now))
                and exists (
                    select from certificates c
                    join certificates t on t.agency_id = c.agency_id
                        and (t.membership_id = c.membership_id
                            or t.kind = 'staff' and c.kind = 'staff')
                    where c.agency_id = o.agency_id and c.account_id = o.account_id
                        and t.account_id = n.account_id and t.ended_at is null)
            limit 1;
        exit when successor is null;
        select o.* into old from accounts n
            join accounts o on o.agency_id = n.agency_id and o.account_id = n.renews
            where n.agency_id = current_agency() and n.account_id = successor;
        update accounts set state = 'ended'
            where agency_id = current_agency() and account_id = old.account_id;
        update accounts set state = old.state,
            renews = case when old.state = 'renewing' then old.renews else renews end
            where agency_id = current_agency() and account_id = successor;
        update wraps set replaced_at = greatest(now, created_at)
            where agency_id = current_agency() and account_id = old.account_id
                and replaced_at is null;
        delete from sessions
            where agency_id = current_agency() and account_id = old.account_id;
        delete from words_requests
            where agency_id = current_agency() and account_id = old.account_id;
    end loop;
end
$$;
