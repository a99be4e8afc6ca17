-- One letter out of a restored database, for `postern archive open`: its files, and the whole log,
-- to be audited. Run as the database's superuser, past every policy:
--
--     psql --no-align --tuples-only --set=letter=ID --file=letter.sql postern > letter.json
--
-- ID is the letter's, 32 characters. It gives the newest revision.
select json_build_object(
    'submit', encode(l.head_id, 'hex'),
    'ciphertext', encode(c.sealed, 'hex'),
    'grant', encode(g.sealed, 'hex'),
    'root', encode(a.root_key, 'hex'),
    'log', (
        select json_agg(json_build_object(
            'statement', convert_from(s.envelope, 'utf8')::json,
            'salt', encode(k.salt, 'hex'),
            'leaf', encode(v.leaf_hash, 'hex'),
            'note', p.note) order by v.leaf_index)
        from log_leaves v
        join statements s on s.agency_id = v.agency_id and s.statement_id = v.statement_id
        join checkpoints p on p.agency_id = v.agency_id and p.size = v.leaf_index + 1
        -- One that was purged has none.
        left join log_salts k on k.agency_id = v.agency_id and k.leaf_index = v.leaf_index
        where v.agency_id = l.agency_id))
from letters l
join agencies a on a.agency_id = l.agency_id
join ciphertexts c on c.agency_id = l.agency_id and c.statement_id = l.head_id
join grants g on g.agency_id = l.agency_id and g.statement_id = l.head_id
    and g.grantee_kind = 'archive'
where l.letter_id = :'letter'::uuid;
