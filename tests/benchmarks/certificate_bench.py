"""What a certificate costs beside a plain WeasyPrint render of the same page: both in one run, interleaved."""

import gc
import time
from functools import cache, partial
from statistics import median

import weasyprint

from academy.core import pdf
from courses.certificates import render
from tests.certificates.building import FACTS, TOKEN

ROUNDS = 15
LIMIT = 0.35
CSS = "certificates/certificate.css"
ART = ('<div class="border"></div>', '<div class="mark"></div>', '<div class="seal"></div>')


def plain(html, **shared):
    """The whole page, border and all, straight through WeasyPrint."""
    return weasyprint.HTML(string=html, base_url=pdf.BASE_URL, url_fetcher=render.press._fetcher).write_pdf(**shared)


def certificate(facts):
    """As the house makes it: PDF/A-3a, PDF/UA-1, the border only copied."""
    return render.render(facts=facts, token=TOKEN)


def naive(facts):
    """As one would write it first: the stylesheet is linked, and read with its fonts each time."""
    return plain(page(facts).replace("</head>", f'<link rel="stylesheet" href="{CSS}"></head>'))


def with_shared_fonts(facts):
    """Fonts and stylesheet are read once; the border is still drawn each time."""
    return plain(page(facts), font_config=render.press._fonts, stylesheets=[render.press._css])


def page(facts):
    """The same page as the certificate, with its artwork inside."""
    html = next(render.pages(facts=facts, token=TOKEN))
    place = '<div class="artwork" style="position: absolute; top: -24mm; left: -28mm; page: auto">'
    return html.replace("<main>", f"{place}{''.join(ART)}</div><main>")


def spent(work):
    """CPU seconds; what the one before left to collect is not its doing."""
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def measure(rounds=ROUNDS):
    """Medians of CPU time in ms, and the ratios that count: certificate ÷ plain render."""
    ways = {"certificate": certificate, "plain": naive, "plain_with_shared_fonts": with_shared_fonts}
    times = {name: [] for name in ways}
    certificate(FACTS)
    for number in range(rounds):
        facts = {**FACTS, "name": f"Noor van der Meulen {number}"}
        for name, way in ways.items():
            times[name].append(spent(partial(way, facts)))
    ms = {name: median(values) * 1000 for name, values in times.items()}
    return {
        **{f"{name}_ms": value for name, value in ms.items()},
        "certificate_to_plain": ms["certificate"] / ms["plain"],
        "certificate_to_plain_with_shared_fonts": ms["certificate"] / ms["plain_with_shared_fonts"],
    }


@cache
def measured():
    """One run for both ratios."""
    return measure()


def compared_to(way):
    """The result of one ratio in the form that `make bench` prints."""
    found = measured()
    detail = f"CPU: certificate {found['certificate_ms']:.0f} ms, {way.replace('_', ' ')} {found[f'{way}_ms']:.0f} ms"
    return {"ratio": found[f"certificate_to_{way}"], "limit": LIMIT, "detail": detail}


BENCHMARKS = {
    "certificate ÷ plain WeasyPrint": partial(compared_to, "plain"),
    "certificate ÷ WeasyPrint with shared fonts": partial(compared_to, "plain_with_shared_fonts"),
}
