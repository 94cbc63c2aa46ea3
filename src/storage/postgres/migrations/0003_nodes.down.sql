drop index token_secrets_by_org;
drop table cache_clears;
drop table leases;
