-- Takes back 0003_days.
drop table lock_exceptions;
drop table locks;
drop table frozen_reports;
drop table closings;

alter table cash_counts drop column crc;
alter table cash_counts drop column basis_minor;
alter table cash_counts add column crc integer not null default 0;
update cash_counts set crc = row_checksum(org, id, property, account, date, counted_minor,
    denominations, note, counted_by, counted_at);

alter table counters drop column crc;
alter table counters drop column closings;
alter table counters drop column closed_through;
alter table counters add column crc integer not null default 0;
update counters set crc = row_checksum(org, property, next_number, turnover_minor, first_on);

alter table orgs drop column crc;
alter table orgs drop column variance_tolerance_minor;
alter table orgs drop column blind_count;
alter table orgs add column crc integer not null default 0;
update orgs set crc = row_checksum(id, name, fiscal_start_month, manager_days_back, operator_user,
    created_at, version);
