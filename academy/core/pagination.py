"""Pages of the API."""

from rest_framework.pagination import CursorPagination


class ByNumber(CursorPagination):
    """By primary key, so that rows added meanwhile move nothing; `size` is at most 100."""

    page_size = 25
    page_size_query_param = "size"
    max_page_size = 100
    ordering = "pk"


class NewestFirst(ByNumber):
    ordering = "-pk"
