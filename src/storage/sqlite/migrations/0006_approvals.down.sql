-- Takes back 0006_approvals.
drop table change_requests;

alter table entries drop column crc;
alter table entries drop column flags;
alter table entries drop column co_authors;
alter table entries add column crc integer not null default 0;
update entries set crc = row_checksum(org, id, property, kind, number, business_date, amount_minor,
    currency, payment_mode, key, from_end, to_end, method, tax_minor, occurred_on, external_id,
    reversal, reverses, party, description, reference, status, status_before_delete, version,
    created_by, created_at, updated_by, updated_at, decided_by, decided_at, reason);

alter table orgs drop column crc;
alter table orgs drop column four_eyes_above_minor;
alter table orgs add column crc integer not null default 0;
update orgs set crc = row_checksum(id, name, fiscal_start_month, manager_days_back, operator_user,
    created_at, version, blind_count, variance_tolerance_minor, daily_gate);
