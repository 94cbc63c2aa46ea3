-- An org is read as a whole when somebody asks about it.

create index token_secrets_by_org on token_secrets (org);
