"""The tone of a message: abuse is told by words, the rest is learned from a guess by kind and words. No model here."""

import re
from collections.abc import Sequence
from functools import lru_cache

from models.enums import Kind

NEGATIVE, NEUTRAL, POSITIVE, ABUSIVE = "negative", "neutral", "positive", "abusive"


def _any_of(entries: str) -> re.Pattern[str]:
    """Entries in skeleton spelling: stems, `word=` the word alone, `two_parts` words that follow each other."""
    parts = [re.escape(entry.replace("_", " ").replace("=", " ")) for entry in entries.split()]
    return re.compile(f" (?:{'|'.join(parts)})")


_ABUSE = _any_of(
    """salak aptal gerizekal geri_zek ahmak serefsiz haysiyetsiz sahtekar terbiyesiz_her terbiyesizler dangalak embesil
    mankafa avanak yavsak pezevenk orospu pust= pustlar amk= aq= amq= mq= amina_k aminak amini ananizi siktir
    s_ktir sikey sikerim oc= o_c_ got= gotun gotleri gotveren kahpe kaltak dallama okuz_gib okuz_her essek
    esekoglu esek_her hayvan_her ayi_gib beyinsiz kafasiz_her kafasizlar zekasiz kansiz_her kansizlar namussuz
    ahlaksiz soysuz karaktersiz kisiliksiz vicdansizlar bok_her bok_yiy bok_gibisiniz boktan_her allah_belan
    allah_cezan cezasini_versin belanizi belani_ver gebersin geberin geber= defol_git defolun defol= lanet_ols
    lanet_hep hirsiz_sur hirsiz_her rezil_her rezil_insan reziller pislik_her pisliksiniz pezevenkler
    suratiniza_tuk yuzunuze_tuk suratina_tuk kahrol kahrolun utanmazlar utanmaz_her arsiz_her arsizlar yuzsuzler
    yuzsuz_her serefini cibilliyet yalakalar vatan_hain soytari palyacolar manyak= manyaklar manyak_m adi_her
    adiler= alcak_her alcaksiniz mal_misin mal_mis mal_her hodukler hoduk= lavuk ibne zirtapoz angut kopeoglu
    it_oglu itoglu ruhsuz_her lan= ulan= simarik_her zibidi sersem=
    """
)
_BEGINNINGS = tuple({part.split("\\ ")[0] for part in _ABUSE.pattern[4:-1].split("|")})
_GLAD = _any_of(
    """tesekkur tesekur sagol sag_ol elinize ellerinize eline_sag emeginize bravo helal tebrik minnettar super= harika
    muhtesem iyi_ki eksik_olmayin bayildim bayildik cok_guzel cok_hos mutluyuz memnun keyif"""
)
_SORE = _any_of(
    """rezalet rezil= rezillik kepaze skandal biktik bikt= bikkin yeter= yazik ayip= magdur isyan cile= eziyet berbat
    felaket korkunc utanc utanmaz sinir cildir perisan ilgilenmiyor umursam sorumsuz ihmal bozuk calismiyor gelmiyor
    yapilmiyor kokuyor pis= leve igrenc mahvol canimiza_tak cevap_ver cozum_yok sacmalik vurdumduymaz beceriksiz
    batsin yuh= gelmedi kirilmis iptal_edil yapmiyor"""
)
_ACCUSING = (Kind.COMPLAINT.value, Kind.REPORT.value)


def is_abusive(norms: Sequence[str]) -> bool:
    """Whether the message insults; `norms` are the normal forms of its words."""
    return any(map(_may_insult, norms)) and _ABUSE.search(_line(norms)) is not None


@lru_cache(maxsize=50_000)
def _may_insult(norm: str) -> bool:
    """Most messages have no word that begins like an insult, and are told at a glance."""
    return norm.startswith(_BEGINNINGS)


def assumed_tone(kind: str, norms: Sequence[str]) -> str:
    """A guess, abuse aside, that a head can learn from; `kind` is the message's true one."""
    line = _line(norms)
    if kind == Kind.THANKS:
        return POSITIVE
    if kind in _ACCUSING or _SORE.search(line):
        return NEGATIVE
    return POSITIVE if kind == Kind.INVALID and _GLAD.search(line) else NEUTRAL


def _line(norms: Sequence[str]) -> str:
    return f" {' '.join(norm for norm in norms if norm[0].isalpha())} "
