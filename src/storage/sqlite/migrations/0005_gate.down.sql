-- Takes back 0005_gate.
drop table read_marks;
drop table notifications;
drop table daily_approvals;
drop table undecided;

alter table orgs drop column crc;
alter table orgs drop column daily_gate;
alter table orgs add column crc integer not null default 0;
update orgs set crc = row_checksum(id, name, fiscal_start_month, manager_days_back, operator_user,
    created_at, version, blind_count, variance_tolerance_minor);
