-- A role for whoever verifies the log: it reads what the log is made of, and nothing else: no letter
-- nor who opened it, no account, no time.

do $$
begin
    if not exists (select from pg_roles where rolname = 'verifier') then
        raise exception 'the role "verifier" is not there yet'
            using hint = 'run `postern migrate` once with migrate.superuser_url, which makes it';
    end if;
end
$$;

grant select (agency_id, realm, root_key) on agencies to verifier;
grant select (agency_id, statement_id, kind, envelope) on statements to verifier;
grant select (agency_id, statement_id, verdict, log_index) on verdicts to verifier;
grant select on statement_references, log_leaves, log_salts, log_nodes to verifier;
grant select (agency_id, size, root, note) on checkpoints to verifier;
