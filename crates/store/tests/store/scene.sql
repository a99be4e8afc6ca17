-- Two agencies (ids beginning a0, b0) with a row in every table. In each: a team (..01), a
-- coordinator (account ..11), a writer (account ..12, membership ..22) on side a and a reader
-- (account ..13, membership ..23) on side b of one arrangement (..31), one letter passed on from
-- writer to reader (..41) and one that waits (..42). Session hashes are the account's number, 32
-- times; statement ids likewise.

create function pg_temp.id(agency text, n int) returns uuid language sql
    return (agency || repeat('0', 28) || lpad(n::text, 2, '0'))::uuid;
create function pg_temp.st(agency text, n int) returns bytea language sql
    return decode(agency || repeat(lpad(n::text, 2, '0'), 31), 'hex');

do $$
declare
    x text;
    a uuid;
    t timestamptz := '2026-11-23 10:00:00+00';
    seal bytea := convert_to(repeat('s', 1883), 'UTF8');
    body bytea := convert_to(repeat('c', 16584), 'UTF8');
    root bytea;
begin
    foreach x in array array['a0', 'b0'] loop
        a := pg_temp.id(x, 0);
        root := pg_temp.st(x, 0);
        insert into agencies values (a, sha256(root), root, 'Agency ' || x, '{}', t);
        insert into teams values (a, pg_temp.id(x, 1), 'Team'), (a, pg_temp.id(x, 2), 'Other');

        insert into accounts
        select a, pg_temp.id(x, n), case n when 11 then 'staff' else 'family' end,
            'https://issuer.test', n::text, pg_temp.st(x, n), t
        from generate_series(11, 13) n;
        insert into bundles select a, pg_temp.id(x, n), 1, seal from generate_series(11, 13) n;
        insert into wraps
        select a, pg_temp.id(x, n), pg_temp.id(x, n), 'words', seal, 1, t from generate_series(11, 13) n;
        insert into gates select a, pg_temp.id(x, n), t, 0, 0 from generate_series(11, 13) n;
        insert into drafts
        select a, pg_temp.id(x, n), pg_temp.id(x, 91), 1, seal, t from generate_series(12, 13) n;
        insert into words_requests select a, pg_temp.id(x, n), t from generate_series(12, 13) n;
        insert into staff_names values (a, pg_temp.id(x, 21), 'Sam', t);
        insert into limits values (a, 'somebody', 'sign-in', t, 1);
        insert into logout_tokens values (a, root, t + interval '1 hour');
        insert into sign_ins values (a, root, 'family', root, 'nonce', 'verifier', '/', t + interval '10 min');
        insert into sessions
        select a, pg_temp.st(x, n), pg_temp.id(x, n), t, t, t + interval '8 h', t, null, t, null
        from generate_series(11, 13) n;

        insert into statements
        select a, pg_temp.st(x, n), (array['agency', 'staff', 'member', 'member', 'arrangement',
            'epoch', 'submit', 'submit', 'decision', 'contact', 'message', 'invite', 'enrol', 'revoke'])[n - 49],
            convert_to(repeat('e', 100), 'UTF8'), null, t + n * interval '1 second'
        from generate_series(50, 63) n;
        insert into statement_references
        select a, pg_temp.st(x, f), pg_temp.st(x, r), false
        from (values (56, 54), (56, 55), (56, 52), (58, 56), (58, 51), (54, 51), (54, 52), (54, 53), (53, 51))
            as refs (f, r);
        insert into verdicts
        select a, pg_temp.st(x, n), 'logged', null, n - 50, t from generate_series(50, 58) n;
        insert into verdicts values (a, pg_temp.st(x, 60), 'quarantined', 'bad-signature', null, t);
        insert into log_leaves select a, n, pg_temp.st(x, n + 50), root from generate_series(0, 8) n;
        insert into log_salts
        select a, n, decode(repeat('00', 16), 'hex') from generate_series(0, 8) n;
        insert into log_nodes values (a, 1, 0, root);
        insert into checkpoints values (a, 9, root, 'note', t);
        insert into jobs (agency_id, queue, subject, run_at, dedupe_key, created_at)
        select a, q, 'subject', t, 'scene', t from unnest(array['verify', 'release', 'notice']) q;

        insert into certificates (agency_id, certificate_id, kind, staff_id, person_id, account_id,
            sign_key, seal_key, roles, teams, effective_at)
        values (a, pg_temp.st(x, 51), 'staff', pg_temp.id(x, 21), pg_temp.id(x, 61),
            pg_temp.id(x, 11), root, 'age1pq1', array['coordinator'], array[pg_temp.id(x, 1)], t);
        insert into certificates (agency_id, certificate_id, kind, membership_id, account_id,
            arrangement_id, sign_key, seal_key, roles, teams, effective_at)
        select a, pg_temp.st(x, n + 40), 'member', pg_temp.id(x, n + 10), pg_temp.id(x, n),
            pg_temp.id(x, 31), root, 'age1pq1', array['birth-parent'], '{}', t
        from generate_series(12, 13) n;
        insert into invites (agency_id, invite_id, statement_id, role, expires_at)
        values (a, pg_temp.id(x, 71), pg_temp.st(x, 61), 'coordinator', t);
        insert into memberships
        select a, pg_temp.id(x, n + 10), pg_temp.id(x, 31), pg_temp.id(x, n), pg_temp.st(x, n + 40)
        from generate_series(12, 13) n;
        insert into arrangements (agency_id, arrangement_id, statement_id, n, team_id, reviewers)
        values (a, pg_temp.id(x, 31), pg_temp.st(x, 54), 1, pg_temp.id(x, 1), 1);
        insert into arrangement_members
        select a, pg_temp.id(x, 31), pg_temp.id(x, n), s, true, true, pg_temp.st(x, n + 30)
        from (values (22, 'a'), (23, 'b')) as members (n, s);
        insert into arrangement_documents
        values (a, pg_temp.st(x, 54), 'plan', null, seal), (a, pg_temp.st(x, 54), 'notes', null, seal);
        insert into epochs values (a, pg_temp.st(x, 55), pg_temp.id(x, 1), 1, 'age1pq1', t);
        insert into epoch_wraps values (a, pg_temp.st(x, 55), 'archive', seal);

        insert into letters (agency_id, letter_id, arrangement_id, author, team_id, state, head_id,
            rev, submitted_at, decided_at, release_at, released_at)
        values (a, pg_temp.id(x, 41), pg_temp.id(x, 31), pg_temp.id(x, 22), pg_temp.id(x, 1),
                'passed_on', pg_temp.st(x, 56), 1, t, t, t, t),
            (a, pg_temp.id(x, 42), pg_temp.id(x, 31), pg_temp.id(x, 22), pg_temp.id(x, 1),
                'with_agency', pg_temp.st(x, 57), 1, t, null, null, null);
        insert into submissions
        select a, pg_temp.st(x, n), pg_temp.id(x, n - 15), 1, null, pg_temp.st(x, 54), sha256(body),
            16584, pg_temp.st(x, n), array[pg_temp.id(x, 23)], '2026-11-23'
        from generate_series(56, 57) n;
        insert into ciphertexts select a, pg_temp.st(x, n), body from generate_series(56, 57) n;
        insert into grants
        select a, pg_temp.st(x, n), sha256(k::bytea || seal), pg_temp.id(x, l), k, m, e, k::bytea || seal
        from (values (58, 41, 'member', pg_temp.id(x, 23), null::bytea), (57, 42, 'self', pg_temp.id(x, 22), null),
            -- Sealed to the reader, and not released.
            (57, 42, 'member', pg_temp.id(x, 23), null), (56, 41, 'epoch', null, pg_temp.st(x, 55))) as g (n, l, k, m, e);
        insert into checks values (a, pg_temp.id(x, 81), pg_temp.id(x, 41), pg_temp.st(x, 56),
            pg_temp.id(x, 21), pg_temp.st(x, 51), t, t, t);
        insert into decisions values (a, pg_temp.st(x, 58), pg_temp.st(x, 56), pg_temp.id(x, 41),
            'deliver', 1, null, pg_temp.id(x, 21), 'coordinator', 'fits-plan', 'final', t);
        insert into attachments values (a, pg_temp.st(x, 58), sha256(seal), 'comment',
            pg_temp.id(x, 22), seal, seal, seal, seal);
        insert into openings values (a, pg_temp.id(x, 82), pg_temp.id(x, 41), pg_temp.st(x, 56),
            pg_temp.id(x, 21), 'coordinator', 'to check it', t);
        insert into deliveries values (a, pg_temp.st(x, 56), pg_temp.id(x, 23), pg_temp.id(x, 41),
            pg_temp.st(x, 58), t);
        insert into receipts values (a, pg_temp.st(x, 63), pg_temp.st(x, 56), pg_temp.id(x, 41),
            pg_temp.id(x, 23), 'thanks', 'waiting', t);
        insert into reseals values (a, pg_temp.st(x, 62), null, pg_temp.st(x, 56), pg_temp.id(x, 41),
            pg_temp.id(x, 23), pg_temp.st(x, 53), pg_temp.id(x, 21), 'waiting', t);
        insert into moves values (a, pg_temp.st(x, 63), pg_temp.id(x, 31), pg_temp.st(x, 54), pg_temp.id(x, 1),
            pg_temp.id(x, 2), t);

        insert into messages (agency_id, message_id, statement_id, arrangement_id, membership_id,
            about, sealed, grant_sealed, archive_grant_sealed, received_at)
        values (a, pg_temp.id(x, 83), pg_temp.st(x, 60), pg_temp.id(x, 31), pg_temp.id(x, 22),
            'help', seal, seal, seal, t);
        insert into contacts values (a, pg_temp.id(x, 22), 1, pg_temp.st(x, 59), 'email', seal, 'in_use');
        insert into notices (agency_id, notice_id, membership_id, body, event, event_key, for_day, created_at)
        values (a, pg_temp.id(x, 84), pg_temp.id(x, 23), 'news', 'letter', 'letter-41', '2026-11-23', t);
    end loop;
end
$$;
