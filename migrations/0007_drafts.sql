-- Drafts: unsent writing, sealed under the account's own K, so that it can be gone on with on
-- another device. The server sees how many there are, how long they are and when they were saved.

create table drafts (
    agency_id uuid not null,
    account_id uuid not null,
    letter_id uuid not null,
    -- Replaced only by version + 1: two devices cannot overwrite each other unnoticed.
    version bigint not null,
    sealed bytea not null,
    saved_at timestamptz not null,
    primary key (agency_id, account_id, letter_id),
    constraint drafts_account foreign key (agency_id, account_id) references accounts,
    constraint drafts_version_positive check (version >= 1),
    constraint drafts_size check (octet_length(sealed) between 28 and 1048576)
);
alter table drafts alter column sealed set storage external;

call isolate(array['drafts']::regclass[]);

create policy own on drafts as restrictive to api using (account_id = current_account());

grant select, insert, update (version, sealed, saved_at), delete on drafts to api;
