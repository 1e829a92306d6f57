"""Forms of records: steps of sections of fields and rows, saved part by part, whatever the record is about.

A room describes its record in a `Subject` and lays it out in `sections`; the page is a `StepPage`. A form never decides
what may be kept; it turns what somebody typed into values of the record, gives them back as they were typed, and shows
at each field what the room says about it.
"""
