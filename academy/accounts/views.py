"""My account: profile, keys to the API, sessions, own data."""

import json

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.core import clock
from academy.core.refusals import refusals_as_messages

from . import services
from .forms import ExportForm, ProfileForm, TokenForm
from .models import ApiToken, User


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Names, language and register numbers."""
    # A person of its own: a form that is refused must not change the name in the head of the page.
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        with refusals_as_messages(request) as outcome:
            services.change_profile(person=request.user, **form.columns())
            services.keep_register_numbers(person=request.user, numbers=form.numbers())
        if outcome.ok:
            messages.success(request, _("Saved."))
            return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """The keys that there are; a new one is shown once, in the answer to the form that made it."""
    form, token, secret = TokenForm(request.POST or None), None, ""
    if request.method == "POST" and form.is_valid():
        token, secret = services.make_token(person=request.user, **form.cleaned_data)
        form = TokenForm()
    context = {
        "form": form,
        "token": token,
        "secret": secret,
        "tokens": request.user.tokens.all(),
        "now": clock.now(),
    }
    return render(request, "accounts/tokens.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def withdraw_token(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on this key opens nothing."""
    token = get_object_or_404(ApiToken, pk=pk, person=request.user)
    services.withdraw_token(token=token, actor=request.user)
    messages.success(request, _("The token “%(name)s” has been withdrawn.") % {"name": token.name})
    return redirect("accounts:tokens")


@require_safe
@login_required
def data(request: HttpRequest) -> HttpResponse:
    """What can be done with sessions and with everything that is kept about the person."""
    return render(request, "accounts/data.html", {"form": ExportForm()})


@require_POST
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """Everything that is kept about the person, as a file."""
    form = ExportForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/data.html", {"form": form}, status=400)
    found = services.export_data(person=request.user, actor=request.user, purpose=form.cleaned_data["purpose"])
    text = json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="academie-{clock.today():%Y-%m-%d}.json"'
    return response


@require_POST
@login_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Log out everywhere else; the session at hand goes on."""
    person = services.end_sessions(person=request.user, actor=request.user)
    update_session_auth_hash(request, person)
    messages.success(request, _("You are logged out everywhere else."))
    return redirect("accounts:data")


@require_http_methods(["GET", "HEAD", "POST"])
def to_login(request: HttpRequest) -> HttpResponse:
    """Wagtail's own login forms ask for the password alone: here they lead to the one login."""
    if request.user.is_authenticated:  # logged in, but without a role that works there
        return render(request, "403.html", status=403)
    query = request.GET.urlencode()
    return HttpResponseRedirect(f"{reverse('account_login')}{'?' if query else ''}{query}")
