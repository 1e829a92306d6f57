"""Real servers for the tests: PostgreSQL from Debian and Elasticsearch from Maven Central, started and stopped here."""
