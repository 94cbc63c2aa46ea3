-- Closed days, their frozen reports, locks, and the settings that days are closed by.
--
-- A table that gets columns is given its checksum anew: it is always the last column, and covers
-- all others. row_checksum() is the migrations' own.

alter table orgs drop column crc;
alter table orgs add column blind_count integer not null default 0;
alter table orgs add column variance_tolerance_minor integer;
alter table orgs add column crc integer not null default 0;
update orgs set crc = row_checksum(id, name, fiscal_start_month, manager_days_back, operator_user,
    created_at, version, blind_count, variance_tolerance_minor);

alter table counters drop column crc;
alter table counters add column closed_through integer;
alter table counters add column closings integer not null default 0;
alter table counters add column crc integer not null default 0;
update counters set crc = row_checksum(org, property, next_number, turnover_minor, first_on,
    closed_through, closings);

alter table cash_counts drop column crc;
alter table cash_counts add column basis_minor integer;
alter table cash_counts add column crc integer not null default 0;
update cash_counts set crc = row_checksum(org, id, property, account, date, counted_minor,
    denominations, note, counted_by, counted_at, basis_minor);

create table closings (
    org                   blob    not null,
    property              blob    not null,
    date                  integer not null,
    revision              integer not null,
    number                integer not null,
    cash_counted_minor    integer,
    cash_variance_minor   integer,
    bank_counted_minor    integer,
    bank_variance_minor   integer,
    expected_minor        integer not null,
    pending_cash_minor    integer not null,
    counted_by            blob,
    needs_acknowledgement integer not null,
    report_hash           blob    not null,
    closed_by             blob    not null,
    closed_at             integer not null,
    position              integer not null,
    reopened_by           blob,
    reopened_at           integer,
    acknowledged_by       blob,
    acknowledged_at       integer,
    crc                   integer not null,
    primary key (org, property, date, revision),
    foreign key (org, property) references properties (org, id)
) strict, without rowid;
create index closings_unacknowledged on closings (org, property, date)
    where needs_acknowledgement = 1 and reopened_at is null and acknowledged_at is null;

-- Part of the log, like the event that names it: a rebuild makes none of them.
create table frozen_reports (
    org   blob    not null references orgs (id),
    hash  blob    not null,
    bytes text    not null,
    crc   integer not null
) strict;
create unique index frozen_reports_by_hash on frozen_reports (org, hash);

-- An empty property is the whole org.
create table locks (
    org      blob    not null references orgs (id),
    property blob    not null,
    through  integer not null,
    reason   text,
    set_by   blob    not null,
    set_at   integer not null,
    lifted   integer not null,
    version  integer not null,
    crc      integer not null,
    primary key (org, property)
) strict, without rowid;

create table lock_exceptions (
    org        blob    not null references orgs (id),
    property   blob    not null,
    user       blob    not null,
    until      integer not null,
    reason     text,
    granted_by blob    not null,
    granted_at integer not null,
    revoked    integer not null,
    crc        integer not null,
    primary key (org, property, user)
) strict, without rowid;
