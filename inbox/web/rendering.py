"""Templates and what every one of them may use. No rules, no database."""

import hashlib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from inbox.rules.permissions import Action, Actor
from inbox.services.people import LogIn
from inbox.web.desk import Desk
from inbox.web.views.labels import GLYPHS
from inbox.web.views.moments import Moments
from inbox.web.views.places import groups
from inbox.web.views.rows import initials

HERE = Path(__file__).parent
STATIC = HERE / "static"
LONGEST_ADDRESS = 600
LOG_IN_PAGES = ("/login", "/logout")
WORDS = ("text", "cause", "remedy", "result", "reason", "note", "brought", "check")
"""Fields in which somebody writes sentences."""
NOTICES = {
    "taken": "Başvuru sizin üzerinizde.",
    "assigned": "Atama kaydedildi.",
    "snoozed": "Başvuru ertelendi; günü gelince, vatandaş yazınca ya da birimden haber gelince listeye döner.",
    "brought_back": "Başvuru yeniden listede.",
    "released": "Başvuru üzerinizden kaldırıldı.",
    "corrected": "Sınıflandırma kaydedildi.",
    "queued": "Cevap 10 saniye içinde gönderilecek.",
    "undone": "Cevap gönderilmedi; metin yazım alanında duruyor.",
    "noted": "İç not eklendi.",
    "closed": "Başvuru sonuçlandırıldı.",
    "reopened": "Başvuru yeniden açıldı.",
    "opened": "Mesaj başvuru olarak kaydedildi.",
    "dismissed": "Mesaj işlem gerektirmiyor olarak kaydedildi.",
    "bots_stopped": "Bütün otomatik yanıtlar durduruldu; bekleyenler sırada tutulur.",
    "bots_started": "Otomatik yanıtlar başlatıldı.",
    "connected": "Hesap bağlandı.",
    "saved": "Değişiklik kaydedildi.",
    "placed": "Konum başvurunun yeri olarak kaydedildi.",
    "hidden": "Yorum herkesten gizlendi.",
    "unhidden": "Yorum yeniden herkese gösteriliyor.",
    "blocked": "Kişi engellendi.",
    "blocked_here": "Kişi burada engellendi; bu platformda engelleme yapılamıyor.",
    "unblocked": "Kişinin engeli kaldırıldı.",
    "private_queued": "Özel mesaj 10 saniye içinde gönderilecek.",
    "counted": "Metin gönderildi sayıldı.",
    "submitted": "Başvuru onaya gönderildi.",
    "routed": "Başvuru birime gönderildi.",
    "withdrawn": "Onaydan geri çekildi.",
    "accepted": "Başvuru biriminizde işlemde.",
    "returned": "Başvuru merkeze iade edildi.",
    "sent_to_desk": "Hemşehri İletişim Merkezi'ne gönderildi.",
    "sent_back": "Gerekçesiyle birime geri gönderildi.",
    "told": "Vatandaşa bildirildi.",
    "kept": "Okundu olarak kaydedildi.",
    "scheduled": "Başvuru programa alındı; vatandaşa bildiriliyor.",
    "redirected": "Vatandaşa ilgili kurum bildiriliyor; başvuru yönlendirildi.",
    "application_dismissed": "Başvuru işlem gerektirmiyor olarak kapatıldı.",
    "paused": "Cevap süresi durduruldu.",
    "resumed": "Cevap süresi yeniden işliyor.",
    "divided": "İkinci konu ayrı bir başvuru oldu.",
    "approved": "Onaylandı.",
    "rejected": "Gerekçesiyle iade edildi.",
    "signed": "Sayı ve tarih kaydedildi; başvuru ilgili kurumda.",
    "registered": "Başvuru kaydedildi.",
    "reply_submitted": "Cevabınız onaya gönderildi.",
    "approved_partly": "Onaylandı; gönderilemeyen başvurular, nedeniyle birlikte okunmamış olarak duruyor.",
    "given": "Verdiğiniz cevap kaydedildi.",
    "emergency_taken": "Acil başvuru sizin üzerinizde; uyarı sustu.",
    "field_check_asked": "Yerinde tespit istendi.",
    "sent_back_undone": "Tespit kaydedildi; iş yapılmadığı için başvuru birime geri gitti.",
    "view_saved": "Görünüm sol menüye eklendi.",
    "view_removed": "Görünüm silindi.",
    "noted_and_told": "İç not eklendi; adını andığınız kişiler görecek.",
    "text_saved": "Hazır metin kaydedildi.",
    "text_removed": "Hazır metin silindi.",
    "rules_saved": "Kurallar kaydedildi.",
    "restored": "Mesaj kontrol kuyruğuna geri konuldu.",
}


@cache
def asset(name: str) -> str:
    """Address of a static file with a mark of its content, so that browsers may keep it."""
    path = STATIC / name
    mark = hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else "missing"
    return f"/static/{name}?v={mark}"


@cache
def make_templates() -> Jinja2Templates:
    """Compiled once, for all that is served by this process."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(asset=asset, initials=initials, Action=Action, GLYPHS=GLYPHS, places=groups)
    return Jinja2Templates(env=environment)


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def moments_of(request: Request) -> Moments:
    """The present, for views."""
    desk = desk_of(request)
    return Moments(desk.clock.now(), desk.profile.time_zone)


def today_of(request: Request) -> date:
    """The calendar day where the desk is."""
    desk = desk_of(request)
    return desk.clock.now().astimezone(desk.profile.time_zone).date()


def actor_of(request: Request, *, may: Action | None = None) -> Actor:
    """Who asks. Raises ForbiddenError where that is not hers."""
    actor: Actor = request.state.log_in.actor
    if may:
        actor.require(may)
    return actor


def is_fragment(request: Request) -> bool:
    """True where htmx asks for a part of a page."""
    headers = request.headers
    return headers.get("hx-request") == "true" and headers.get("hx-history-restore-request") != "true"


def render(request: Request, template: str, context: dict[str, Any], *, status: int = 200) -> HTMLResponse:
    """A page or a fragment."""
    templates: Jinja2Templates = request.app.state.templates
    log_in = request.state.log_in
    everywhere = {
        "organisation": desk_of(request).profile.name,
        "csrf": lambda: _csrf_field(log_in),
        "log_in": log_in,
        "actor": log_in.actor if log_in else None,
        "notice": NOTICES.get(request.query_params.get("notice", ""), ""),
        "undo": None,
        "mistake": None,
        "typed": lambda name, otherwise="": request.state.form.get(name, otherwise),
        "oob": False,
    }
    response = templates.TemplateResponse(request, template, {**everywhere, **context}, status_code=status)
    response.headers["Vary"] = "HX-Request"
    return response


def problem(request: Request, words: str, status: int) -> HTMLResponse:
    """What happened; for htmx as a notice, so that the page and what was typed stay."""
    if is_fragment(request):
        return render(request, "_problem.html", {"problem": words}, status=status)
    form = getattr(request.state, "form", {})
    context = {
        "problem": words,
        "kept": "\n\n".join(form[name] for name in WORDS if form.get(name)),
        "files": [file.file_name for _, file in getattr(request.state, "files", ())],
        "back": own_path(request.headers.get("referer", "")),
    }
    return render(request, "error.html", context, status=status)


def own_path(address: str) -> str:
    """Where an address leads on this very site, whatever site it names; the first page where it names none."""
    try:
        parts = urlsplit(address[:LONGEST_ADDRESS])
    except ValueError:
        return "/"
    path = "/" + parts.path.lstrip("/\\")
    return f"{path}?{parts.query}" if parts.query else path


def coming_back(room: str, address: str) -> str:
    """A page of the log-in that remembers which page was asked for; other rooms do not."""
    path = own_path(address)
    remembers = room.startswith("/login") and path != "/" and not path.startswith(LOG_IN_PAGES)
    return f"{room}?{urlencode({'next': path})}" if remembers else room


def _csrf_field(log_in: LogIn | None) -> Markup:
    """The hidden field that every form carries."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(log_in.csrf_token if log_in else "")


def see_other(address: str) -> Response:
    return RedirectResponse(address, 303)


def go(request: Request, address: str) -> Response:
    """Another page: for htmx by its own header, as it would follow a redirection inside the pane."""
    if is_fragment(request):
        return Response(status_code=204, headers={"HX-Redirect": address})
    return see_other(address)
