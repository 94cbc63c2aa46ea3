drop index token_secrets_by_org;
drop table leases;
