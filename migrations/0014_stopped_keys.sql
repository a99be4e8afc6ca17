-- Keys that a team manager has stopped, because somebody else may have the words, object to nothing:
-- opening them with the sign-in in hand as well ends no renewal of the place they were stopped for.

-- The place that a renewal was begun for; null for one begun before this migration.
alter table accounts add column renews_membership uuid;

-- As in 0012, and it remembers the place. An account without keys has nothing to go back to: who
-- only has the sign-in must not be the one to give it keys.
create or replace function renew_account(fresh uuid, invite uuid, session bytea, new_session bytea,
        now timestamptz)
    returns uuid
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    mine sessions;
    place uuid;
    successor uuid;
begin
    select s.* into mine from sessions s
        where s.agency_id = current_agency() and s.session_hash = session
            and s.account_id = current_account() and s.expires_at > now;
    select i.membership_id into place from accounts a
        join certificates c on c.agency_id = a.agency_id and c.account_id = a.account_id
        join invites i on i.agency_id = c.agency_id and i.membership_id = c.membership_id
        where a.agency_id = current_agency() and a.account_id = mine.account_id
            and a.state = 'in_use' and a.proof_key is not null
            and i.invite_id = invite and i.used_at is null and i.expires_at > now
        limit 1;
    if place is not null then
        -- A new code begins anew: the words of what was begun before may be lost as well.
        delete from sessions s using accounts a
            where s.agency_id = current_agency() and a.agency_id = s.agency_id
                and a.account_id = s.account_id and a.renews = mine.account_id
                and a.state = 'renewing';
        update accounts set state = 'ended'
            where agency_id = current_agency() and renews = mine.account_id and state = 'renewing';
        insert into accounts (agency_id, account_id, audience, issuer, subject, created_at, renews,
            renews_membership, state)
        select a.agency_id, fresh, a.audience, a.issuer, a.subject, now, a.account_id, place,
            'renewing'
        from accounts a
        where a.agency_id = current_agency() and a.account_id = mine.account_id
        returning account_id into successor;
    else
        select a.account_id into successor from accounts a
            where a.agency_id = current_agency() and a.renews = mine.account_id
                and a.state = 'renewing' and a.proof_key is not null;
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

-- As in 0012, while a certificate of the signed-in account is in force for that place. Another place
-- of the same account may be another team's, which knows nothing of the first.
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
                where c.agency_id = a.agency_id and c.account_id = a.renews and c.kind = 'member'
                    and c.ended_at is null
                    and (a.renews_membership is null or c.membership_id = a.renews_membership))
        returning a.account_id into successor;
    delete from sessions where agency_id = current_agency() and account_id = successor;
end
$$;
