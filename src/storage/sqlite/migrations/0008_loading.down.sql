drop index token_secrets_by_org;
