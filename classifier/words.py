"""Word lists of Turkish that the classifier needs: suffixes, cues. Skeleton spelling (no diacritics)."""

PLACE_SUFFIXES = frozenset(
    """a e ya ye i u yi yu in un nin nun da de ta te dan den tan ten daki deki taki teki dakiler dekiler
    li lu lilar luler liler lular liyiz luyuz liyim luyum ya ye nda nde ndan nden ndaki ndeki na ne ni nu
    la le yla yle lik luk daydi deydi dayim deyim dayiz deyiz dadir dedir dakini dekini dakine dekine
    danim denim daysa deyse s m miz muz miza muza mizda muzda imiz imizde imizin umuz larda lerde
    dayken deyken ninki cilar ca ce""".split()
)
NEIGHBOURHOOD_CUES = frozenset(
    """mah mh mahalle mahallesi mahallesinde mahallesindeki mahallesine mahallesinden mahallesinin mahallemiz
    mahallesiyiz mahallede mahallesindeyim mahallesindeyiz mahlesi mahallemizde mhl mhllesi mahallemizin""".split()
)
STREET_CUES = ("sokak", "sokag", "cadde", "bulvar", "blv", "cd", "lisesi", "ilkokul", "ortaokul", "hastane")
LINE_CUES = ("otobus", "hatti", "hattin", "dolmus", "minibus", "otoban", "vapuru", "sefer", "yonun", "istikamet")
COMMON_NAMES = frozenset(
    """ataturk cumhuriyet fatih yeni inonu zafer hurriyet baris merkez gazi irmak istiklal kurtulus sevgi orta onur
    kultur yali turan isiklar yildiz yayla yaka tuna cinar cagdas mimar iskele veliler siteler bahar guven umut
    gunes deniz cami carsi koyici huzur adalet birlik gol ova dere kale kaya kuyu dag tepe selale yesil ilica
    zeytin zeytinlik kosk harman ada ege akin ulus oguz ordu okul pazar sanayi park ozgurluk demokrasi vatan
    efe efeler aydin aydogdu izmir manisa ulucak cay kume yavuz dr sehit gazeteci basin ugur mumcu koca kocatepe
    sakarya dumlupinar menderes selcuk kemalpasa ikiz havuz bozyaka alpaslan gul lale papatya nergis
    mersinli ucyol pinar cumali soguk sogukkuyu ahmet mehmet osman hasan ali veli huseyin bayram yenigun yenikent
    yenisehir yenikoy""".split()
)
