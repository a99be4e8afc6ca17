-- What opens to somebody, written once: the grants to the keys that a membership has today. One that
-- came with a logged reseal gives back the revision that the reseal names. Each table's own policies
-- hold underneath.
create view present_grants with (security_invoker = true) as
    select g.agency_id, g.letter_id, g.statement_id, g.grantee_kind, g.membership_id, g.sealed,
        r.submit_id as gives_back
    from grants g
    left join reseals r on r.agency_id = g.agency_id and r.statement_id = g.statement_id
        and r.verdict = 'logged'
    where is_for_present_keys(g.statement_id, g.membership_id);
grant select on present_grants to api;
