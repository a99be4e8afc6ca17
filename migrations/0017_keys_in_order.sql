-- What was taken under a team's key is judged before the key that follows it.

-- What is locked about an epoch: shared by whatever is being taken under it, alone by the worker
-- while it judges the one that follows.
create function epoch_lock(epoch bytea) returns bigint
    language sql stable
    return hashtextextended('epoch ' || current_agency()::text || encode(epoch, 'hex'), 0);

-- Whether something sealed to this epoch may be taken: it is its team's newest, and none that
-- follows it waits to be judged. Until the transaction that asks has ended, the worker judges none
-- (`store::epochs::close`). First the lock and then the look, each with its own snapshot, which is
-- why this is volatile: a look from before the lock would not see an epoch judged meanwhile.
create function is_open_epoch(epoch bytea, now timestamptz) returns boolean
    language plpgsql volatile as $$
begin
    perform pg_advisory_xact_lock_shared(epoch_lock(epoch));
    return not is_about_to_change(epoch, now) and not exists (
        select from epochs e
        join epochs newer on newer.agency_id = e.agency_id and newer.team_id = e.team_id
            and newer.n > e.n
        where e.agency_id = current_agency() and e.statement_id = epoch);
end
$$;
revoke execute on function epoch_lock(bytea), is_open_epoch(bytea, timestamptz) from public;
grant execute on function epoch_lock(bytea) to api, worker;
grant execute on function is_open_epoch(bytea, timestamptz) to api;
