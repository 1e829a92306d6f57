"""The demo: content of `academy/cms/demo` brought into the database, with its past replayed in order of date."""
