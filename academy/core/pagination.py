"""Pages of the API."""

from django.core.exceptions import ValidationError
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination


class ByCursor(CursorPagination):
    """Pages by cursor; `size` is at most 100. A cursor that somebody made up is refused like any unknown one."""

    page_size = 25
    page_size_query_param = "size"
    max_page_size = 100

    def paginate_queryset(self, queryset, request, view=None):
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError) as error:  # the position in it is no number, or no moment
            raise NotFound(self.invalid_cursor_message) from error


class ByNumber(ByCursor):
    """By primary key, so that rows added meanwhile move nothing."""

    ordering = "pk"


class NewestFirst(ByNumber):
    ordering = "-pk"
