-- The daily gate, and what is news for whom. A table that gets columns is given its checksum anew,
-- as in 0003; what is a fold of the log is made from what the log gave before.

alter table orgs drop column crc;
alter table orgs add column daily_gate integer not null default 0;
alter table orgs add column crc integer not null default 0;
update orgs set crc = row_checksum(id, name, fiscal_start_month, manager_days_back, operator_user,
    created_at, version, blind_count, variance_tolerance_minor, daily_gate);

-- Entries that nobody has decided, by author and business date; no row where there are none.
create table undecided (
    org      blob    not null,
    property blob    not null,
    user     blob    not null,
    date     integer not null,
    count    integer not null,
    crc      integer not null,
    primary key (org, property, user, date),
    foreign key (org, property) references properties (org, id)
) strict, without rowid;
insert into undecided
    select org, property, user, date, count, row_checksum(org, property, user, date, count)
    from (
        select org, property, created_by as user, business_date as date, count(*) as count
        from entries where status = 'pending'
        group by org, property, created_by, business_date
    );

create table daily_approvals (
    org        blob    not null,
    property   blob    not null,
    date       integer not null,
    user       blob    not null,
    reason     text,
    granted_by blob    not null,
    granted_at integer not null,
    revoked    integer not null,
    crc        integer not null,
    primary key (org, property, date, user),
    foreign key (org, property) references properties (org, id)
) strict, without rowid;

-- Events that are news for a person.
create table notifications (
    org      blob    not null references orgs (id),
    user     blob    not null,
    position integer not null,
    property blob, -- of the event
    crc      integer not null,
    primary key (org, user, position)
) strict, without rowid;
insert into notifications
    select org, user, position, property, row_checksum(org, user, position, property)
    from (
        select event.org, entry.created_by as user, event.position, event.property
        from finance_event_store event
        join entries entry on entry.org = event.org and entry.id = event.entity
        where event.type in ('expense_approved', 'expense_rejected', 'expense_returned',
                'revenue_approved', 'revenue_rejected', 'revenue_returned',
                'transfer_approved', 'transfer_rejected', 'transfer_returned')
            and event.user <> entry.created_by
        union all
        select org, entity, position, property
        from finance_event_store
        where type = 'grant_changed' and user <> entity
    );

-- Side table: what somebody has read of them. Reading makes no event.
create table read_marks (
    org     blob    not null references orgs (id),
    user    blob    not null,
    through integer not null, -- all up to this position
    beyond  blob    not null, -- and these, 8 bytes each, ascending
    crc     integer not null,
    primary key (org, user)
) strict, without rowid;
