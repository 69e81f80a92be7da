"""Saved views, unsent and ready-made texts, mentions, laying aside."""

from datetime import timedelta

import pytest

from inbox.repositories import inbox_list
from inbox.repositories.list_query import ListQuery, Span, View
from inbox.rules.permissions import Actor
from inbox.services import applications, mentions, saved_views, snoozing, writing_aids
from inbox.services.applications import Correction
from models.clock import StillClock
from models.db import Database
from models.enums import ChannelName, Role, Urgency
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from models.profile import Profile
from models.tables import Note
from tests.conftest import NOW
from tests.factories import City, build_city, route_to_units

SPAN = Span(user_id=1, now=NOW, day_end=NOW + timedelta(hours=12), week_end=NOW + timedelta(days=7))


@pytest.fixture
async def both_cities(database: Database, profile: Profile) -> City:
    return await build_city(database, profile=profile, clock=StillClock(NOW))


def stranger() -> Actor:
    return Actor(user_id=99, name="Başkası", roles=frozenset({Role.AGENT}))


async def test_a_view_is_hers_until_a_lead_shares_one(city: City) -> None:
    elif_, burcu = city.actor("elif"), city.actor("burcu")
    async with city.desk.database.write() as session:
        own = await saved_views.save(
            session, elif_, name=" Su  işleri ", params={"unit": "izsu"}, shared=False, now=NOW
        )
        with pytest.raises(ForbiddenError):
            await saved_views.save(session, elif_, name="Herkes", params={}, shared=True, now=NOW)
        shared = await saved_views.save(session, burcu, name="Herkes", params={"q": "su"}, shared=True, now=NOW)
        assert [one.name for one in await saved_views.views(session, elif_)] == ["Herkes", "Su işleri"]
        assert [one.name for one in await saved_views.views(session, burcu)] == ["Herkes"]
        with pytest.raises(NotFoundError):
            await saved_views.remove(session, own.id or 0, burcu)
        with pytest.raises(ForbiddenError):
            await saved_views.remove(session, shared.id or 0, elif_)
        with pytest.raises(NotFoundError):
            await saved_views.rename(session, own.id or 0, burcu, name="Benim")
        with pytest.raises(InputError):
            await saved_views.rename(session, own.id or 0, elif_, name=" ")
        await saved_views.rename(session, own.id or 0, elif_, name="Su  ve kanal")
        assert own.name == "Su ve kanal"
        await saved_views.remove(session, own.id or 0, elif_)
        assert [one.name for one in await saved_views.views(session, elif_)] == ["Herkes"]
        with pytest.raises(InputError, match="ad veriniz"):
            await saved_views.save(session, elif_, name="  ", params={}, shared=False, now=NOW)


async def test_counts_of_views_agree_with_their_lists(both_cities: City) -> None:
    queries = [
        ListQuery(view=View.ALL),
        ListQuery(view=View.EVERYTHING),
        ListQuery(view=View.ALL, channel=ChannelName.TWITTER),
        ListQuery(view=View.ALL, unit="izsu"),
        ListQuery(view=View.CLOSED),
        ListQuery(view=View.EVERYTHING, words=("su",)),
    ]
    await route_to_units(both_cities, "kerem_35")
    async with both_cities.desk.database.read() as session:
        for span in (SPAN, Span(user_id=1, everything=False, unit="izsu", now=NOW, day_end=NOW, week_end=NOW)):
            counted = await inbox_list.count_each(session, queries, span=span)
            listed = [len((await inbox_list.page(session, query, span=span)).entries) for query in queries]
            assert counted == listed
            assert await inbox_list.count_each(session, queries[:1], span=span) == listed[:1]
        assert await inbox_list.count_each(session, [], span=SPAN) == []


async def test_what_is_written_stays_until_it_is_empty(city: City) -> None:
    elif_, key = city.actor("elif"), city.applications["deniz.kaya35"]
    async with city.desk.database.write() as session:
        one = await applications.read(session, key, elif_)
        for text in ("Ekip", "Ekip yola çıktı"):
            await writing_aids.keep_unsent(session, one, elif_, text=text, now=NOW)
        kept = await writing_aids.unsent(session, key, elif_)
        assert kept
        assert kept.text == "Ekip yola çıktı"
        assert await writing_aids.unsent(session, key, city.actor("burcu")) is None
        await writing_aids.keep_unsent(session, one, elif_, text="  ", now=NOW)
        session.expire_all()
        assert await writing_aids.unsent(session, key, elif_) is None
        with pytest.raises(ForbiddenError):
            await writing_aids.keep_unsent(session, one, city.actor("izsu"), text="x", now=NOW)


async def test_ready_texts_are_found_by_a_folded_short_name(city: City) -> None:
    elif_, burcu = city.actor("elif"), city.actor("burcu")
    async with city.desk.database.write() as session:
        made = await writing_aids.save_ready_text(
            session, elif_, shortcut="/Su Kesintisi", title="Su", text="Merhaba", shared=False, now=NOW
        )
        assert made.shortcut == "su-kesintisi"
        with pytest.raises(InputError, match="zaten kullanılıyor"):
            await writing_aids.save_ready_text(
                session, elif_, shortcut="su-kesintisi", title="Su", text="Merhaba", shared=False, now=NOW
            )
        with pytest.raises(ForbiddenError):
            await writing_aids.save_ready_text(
                session, elif_, shortcut="ortak", title="Su", text="Merhaba", shared=True, now=NOW
            )
        await writing_aids.save_ready_text(
            session, burcu, shortcut="ortak", title="Ortak", text="Merhaba", shared=True, now=NOW
        )
        assert [one.shortcut for one in await writing_aids.ready_texts(session, elif_)] == ["ortak", "su-kesintisi"]
        hers = made.id or 0
        await writing_aids.change_ready_text(
            session, elif_, hers, shortcut="su-kesintisi", title="Su", text="İyi günler"
        )
        assert made.text == "İyi günler"
        await writing_aids.change_ready_text(session, elif_, hers, shortcut="Kesinti", title="Su", text="İyi günler")
        assert [one.shortcut for one in await writing_aids.ready_texts(session, elif_)] == ["kesinti", "ortak"]
        with pytest.raises(InputError, match="boş olamaz"):
            await writing_aids.change_ready_text(session, elif_, hers, shortcut="kesinti", title=" ", text="x")
        shared = (await writing_aids.ready_texts(session, burcu))[0].id or 0
        with pytest.raises(ForbiddenError):
            await writing_aids.change_ready_text(session, elif_, shared, shortcut="ortak", title="x", text="x")
        for change in (
            writing_aids.remove_ready_text(session, hers, burcu),
            writing_aids.change_ready_text(session, burcu, hers, shortcut="x", title="x", text="x"),
        ):
            with pytest.raises(NotFoundError):
                await change
        with pytest.raises(InputError, match="harf ya da rakam"):
            writing_aids.shortcut_of("/…")


async def test_texts_and_views_are_shared_with_one_role(city: City) -> None:
    """A lead or the administrator shares; people of the role have it, others do not, and who shares sees all."""
    elif_, burcu, admin = city.actor("elif"), city.actor("burcu"), city.actor("yonetici")
    async with city.desk.database.write() as session:
        await writing_aids.save_ready_text(
            session, admin, shortcut="vardiya", title="V", text="V", shared=True, role=Role.DUTY_DESK, now=NOW
        )
        await saved_views.save(
            session, burcu, name="Gece", params={"q": "su"}, shared=True, role=Role.DUTY_DESK, now=NOW
        )
        night = city.actor("nobet")
        assert [one.shortcut for one in await writing_aids.ready_texts(session, night)] == ["vardiya"]
        assert [one.name for one in await saved_views.views(session, night)] == ["Gece"]
        assert await writing_aids.ready_texts(session, elif_) == []
        assert await saved_views.views(session, elif_) == []
        assert await saved_views.views(session, burcu) == []
        (text,) = await writing_aids.listed_texts(session, burcu)
        (view,) = await saved_views.listed_views(session, admin)
        with pytest.raises(ForbiddenError):
            await writing_aids.remove_ready_text(session, text.id or 0, night)
        with pytest.raises(InputError):
            await saved_views.save(session, burcu, name="Saha", params={}, shared=True, role=Role.FIELD_TEAM, now=NOW)
        await writing_aids.remove_ready_text(session, text.id or 0, burcu)
        await saved_views.remove(session, view.id or 0, admin)


async def test_a_note_tells_whom_it_names_and_nobody_who_may_not_see(city: City) -> None:
    await route_to_units(city, "kerem_35")
    elif_, key = city.actor("elif"), city.applications["kerem_35"]
    async with city.desk.database.write() as session:
        one = await applications.read(session, key, elif_)
        note = Note(
            application_id=key,
            user_id=elif_.user_id,
            text="@burcu bakar mısın? @izsu, @saha @elif @yok",
            created_at=NOW,
        )
        session.add(note)
        await session.flush()
        told = await mentions.mention_named(session, note, one, now=NOW)
        assert set(told) == {city.actor("burcu").user_id, city.actor("izsu").user_id}
    async with city.desk.database.write() as session:
        ((application, writer, read, text),) = await mentions.unread(session, city.actor("burcu"))
        assert (read.id, application.id, writer, text) == (note.id, key, "Elif Aydın", note.text)
        await mentions.read_all_of(session, key, city.actor("burcu"), now=NOW)
        assert await mentions.unread(session, city.actor("burcu")) == []
        unit = city.actor("izsu")
        assert (len(await mentions.unread(session, unit)), await mentions.named_in(session, unit)) == (1, [key])
        application.routed_unit = "eshot"
        session.add(application)
        await session.flush()
        assert (await mentions.unread(session, unit), await mentions.named_in(session, unit)) == ([], [])


async def test_laid_aside_it_waits_in_no_list_until_its_time(city: City) -> None:
    elif_, key = city.actor("elif"), city.applications["deniz.kaya35"]
    until = NOW + timedelta(hours=3)
    async with city.desk.database.write() as session:
        one = await applications.read(session, key, elif_)
        await snoozing.lay_aside(session, one, elif_, until=until, now=NOW)
        await session.flush()

        async def ids(view: View, now_: timedelta = timedelta()) -> set[int]:
            span = Span(user_id=1, now=NOW + now_, day_end=NOW, week_end=NOW)
            return {entry.id for entry in (await inbox_list.page(session, ListQuery(view=view), span=span)).entries}

        assert key not in await ids(View.ALL)
        assert key in await ids(View.SNOOZED)
        assert key in await ids(View.ALL, timedelta(hours=4))
        assert key not in await ids(View.SNOOZED, timedelta(hours=4))
        await snoozing.bring_back(session, one, elif_, now=NOW)
        await session.flush()
        assert key in await ids(View.ALL)
        for wrong in (NOW, one.due_at):
            with pytest.raises(InputError):
                await snoozing.lay_aside(session, one, elif_, until=wrong, now=NOW)
        await snoozing.lay_aside(session, one, elif_, until=until, now=NOW)
        urgent = Correction(
            kind=one.kind, topic=one.topic or "", unit=one.unit or "", urgency=Urgency.EMERGENCY, district=one.district
        )
        await applications.correct(
            session, one, elif_, correction=urgent, profile=city.desk.profile, seen_version=one.version, now=NOW
        )
        assert one.snoozed_until is None
        with pytest.raises(ConflictError, match="Acil"):
            await snoozing.lay_aside(session, one, elif_, until=until, now=NOW)
