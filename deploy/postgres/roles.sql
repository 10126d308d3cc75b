-- One schema and one role per service; a service reads another's state through its API only.
-- Run as the superuser on the database `mydocker`, as often as you like, with
--   psql -v api_password=… -v orchestrator_password=… -v builder_password=… -v lti_password=…

\set ON_ERROR_STOP on
SET client_min_messages = warning;

SELECT format('CREATE ROLE %I LOGIN', name)
FROM unnest(ARRAY['api', 'orchestrator', 'builder', 'lti']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE api PASSWORD :'api_password' CONNECTION LIMIT 80;
ALTER ROLE orchestrator PASSWORD :'orchestrator_password' CONNECTION LIMIT 40;
ALTER ROLE builder PASSWORD :'builder_password' CONNECTION LIMIT 30;
ALTER ROLE lti PASSWORD :'lti_password' CONNECTION LIMIT 40;

CREATE SCHEMA IF NOT EXISTS api AUTHORIZATION api;
CREATE SCHEMA IF NOT EXISTS orchestrator AUTHORIZATION orchestrator;
CREATE SCHEMA IF NOT EXISTS builder AUTHORIZATION builder;
CREATE SCHEMA IF NOT EXISTS lti AUTHORIZATION lti;

-- Nobody shares a schema, and nobody connects who is not named here. Migrations ask for their
-- schema with IF NOT EXISTS, for which PostgreSQL wants CREATE even where it exists.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT, CREATE, TEMPORARY ON DATABASE %I TO api, orchestrator, builder, lti',
              current_database()) \gexec
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- A transaction left open holds locks that a migration waits for.
ALTER ROLE api SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE orchestrator SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE builder SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE lti SET idle_in_transaction_session_timeout = '60s';
