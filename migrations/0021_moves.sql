-- Moves between teams: a lead gives an arrangement away with the first half of its next version, a
-- lead of the other team takes it with the second. A row a first half that was logged; it stands open
-- for as long as the version it would follow governs.

create table moves (
    agency_id uuid not null,
    statement_id bytea not null,
    arrangement_id uuid not null,
    -- The version it would follow.
    prev bytea not null,
    from_team uuid not null,
    to_team uuid not null,
    offered_at timestamptz not null,
    primary key (agency_id, statement_id),
    constraint moves_statement foreign key (agency_id, statement_id) references statements,
    constraint moves_prev foreign key (agency_id, prev) references statements,
    constraint moves_arrangement foreign key (agency_id, arrangement_id) references arrangements,
    constraint moves_from foreign key (agency_id, from_team) references teams,
    constraint moves_to foreign key (agency_id, to_team) references teams,
    constraint moves_between_two check (from_team <> to_team)
);
create index moves_of_arrangement on moves (agency_id, arrangement_id);

call isolate(array['moves']::regclass[]);
call keep_forever(array['moves']::regclass[]);

create policy staff_only on moves as restrictive for select to api using ((select is_staff()));

grant select on moves to api, auditor;
grant select, insert on moves to worker;

-- A letter that comes back with a change after a move is checked by the new team.
grant update (team_id) on letters to api;
