-- What was taken is never lost because the world moved on.

-- Whether a newer version of an arrangement, or a newer key of a team, waits for the worker, which
-- would judge it first and then refuse every letter that rests on this one. For a day at most: what
-- nobody judges closes no letterbox.
create or replace function is_about_to_change(version bytea, now timestamptz) returns boolean
    language sql stable
    return exists (
        select from statement_references r
        join statements s on s.agency_id = r.agency_id and s.statement_id = r.statement_id
            and s.kind in ('arrangement', 'epoch') and s.received_at > now - interval '1 day'
        where r.agency_id = current_agency() and r.refers_to = version
            and not exists (
                select from verdicts v
                where v.agency_id = r.agency_id and v.statement_id = r.statement_id));

-- `send_again`: the letter came too late for a change of the plan or of the team's key. It never
-- reached the log, and its writer sends the same revision again under another statement.
alter table letters drop constraint letters_state_known;
alter table letters add constraint letters_state_known check (state in ('with_agency',
    'being_checked', 'needs_change', 'passing_on', 'passed_on', 'kept', 'withdrawn', 'send_again',
    'quarantined'));
alter table submissions
    drop constraint submissions_rev_unique,
    drop constraint submissions_prev_unique;
create index submissions_of_letter on submissions (agency_id, letter_id, rev);
alter policy no_release on letters
    using (state in ('with_agency', 'being_checked', 'needs_change', 'send_again'));
