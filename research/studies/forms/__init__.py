"""The form of a study: steps of sections of fields and rows, made from `record.FIELDS`.

A form never decides what may be kept; it turns what somebody typed into values of the record, gives them back as they
were typed, and shows at each field what `cleaning`, `checks` and the science bureaus say about it.
"""
