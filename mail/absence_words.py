"""How absence notices begin in each language, and what else stands in them.

A row is a language: pieces of which at least one stands in such a beginning, looked for first
because that is cheap; how it begins; and the signs, one of which a notice has beside it: until
when, whom to ask instead, thanks for a message that nobody has read, word of a program.
"""

ABSENCES = (
    (
        "en",
        "office|away|travel|unavailable|leave|vacation|holiday|on pto|longer",
        r"\b(?:out of|away from|not in) (?:the|my) office\b|\bout[- ]of[- ]office\b|\b(?:i am"
        r"|i['’]m|i will be|i['’]ll be) (?:currently |presently |now )?(?:away|travell?ing"
        r"|unavailable|on (?:\w+ )?(?:leave|vacation|holidays?|pto))\b|\b(?:currently"
        r"|presently) (?:away|unavailable|on (?:\w+ )?(?:leave|vacation|holidays?))\b"
        r"|\bno longer (?:with|works? (?:at|for)|employed)\b",
        r"\b(?:until|returning|be back|back (?:on|in)|from|through)\b|\bcurrently\b|\burgent"
        r"|\bemergenc|\bimmediate (?:assistance|attention)|\b(?:limited|no|without) access\b"
        r"|\bthank(?:s| you) for (?:your|contacting|writing)|\bautomat|\bon my return\b"
        r"|\bupon (?:my )?return|\bplease contact\b|\bforwarded\b|\bas soon as (?:possible|i)",
    ),
    (
        "de",
        "büro|nicht im|haus|urlaub|wesend|erreichbar|verreist|elternzeit|tätig|beschäftigt",
        r"\bnicht (?:im|in meinem) (?:büro|haus|hause|office|dienst)\b|\baußer haus\b"
        r"|\bim urlaub\b|\b(?:ich )?bin (?:derzeit|zur ?zeit|momentan|aktuell|bis|vom|ab"
        r"|heute|leider).{0,60}\b(?:abwesend|nicht erreichbar|nicht anwesend|verreist)\b"
        r"|\bin elternzeit\b|\bnicht mehr (?:für|bei) .{0,40}(?:tätig|beschäftigt)\b",
        r"\bbis (?:zum|einschließlich|\d|mo|di|mi|do|fr|sa|so)|\bderzeit|\bzur ?zeit"
        r"|\bmomentan|\bab (?:dem )?\d|\bwieder (?:erreichbar|da|im)|\bdringend"
        r"|\bwenden sie sich|\bautomatisch|\bvielen dank für ihre|\bnicht weitergeleitet"
        r"|\bvertretung\b",
    ),
    (
        "fr",
        "absent|congé|vacances|déplacement|bureau",
        r"\b(?:absente?|en congés?|en vacances|en déplacement) (?:du|de|jusqu|pour|ce|et|le"
        r"|actuel)|\b(?:je suis|je serai) (?:actuellement |momentanément )?(?:absente?"
        r"|en congés?|en vacances)|\b(?:hors|absente?) du bureau\b|\bpas au bureau\b",
        r"\bjusqu['’]|\bactuellement|\burgen(?:ce|t)|\bde retour|\bautomatique|\bcontacter"
        r"|\bjoindre|\bmerci (?:de|pour) votre|\bdu \d",
    ),
    (
        "es",
        "oficina|ausente|vacaciones|fuera|de baja|de viaje",
        r"\bfuera de (?:la |mi )?oficina\b|\b(?:estoy|estaré"
        r"|me encuentro) (?:actualmente )?(?:ausente|de vacaciones|fuera|de baja|de viaje)\b"
        r"|\bno estoy en (?:la|mi) oficina\b",
        r"\bhasta (?:el|la|\d)|\bactualmente|\burgen|\bautomátic|\bcontact|\bgracias por su"
        r"|\bregres",
    ),
    (
        "pt",
        "escritório|ausente|férias|licença|viagem|fora",
        r"\bfora do escritório\b|\b(?:estou|estarei|encontro-me) (?:atualmente "
        r"|actualmente )?(?:ausente|de férias|em férias|de licença|em viagem|fora)\b"
        r"|\bausente do escritório\b",
        r"\baté (?:o|ao|dia|\d)|\batualmente|\burg[eê]n|\bautomátic|\bcontact|\bcontat"
        r"|\bregress|\bretorn",
    ),
    (
        "it",
        "ufficio|fuori|assente|in ferie|vacanza|congedo|trasferta",
        r"\bfuori (?:dall['’]|d['’])?ufficio\b|\bfuori sede\b|\b(?:sono"
        r"|sarò) (?:attualmente )?(?:assente|in ferie|in vacanza|in congedo|in trasferta)\b"
        r"|\bnon sono in ufficio\b",
        r"\bfino al|\battualmente|\burgen|\bautomatic|\bcontattare|\brientr|\btornerò|\bdal \d",
    ),
    (
        "nl",
        "kantoor|afwezig|vakantie|verlof|aanwezig",
        r"\b(?:niet op|afwezig van|buiten) kantoor\b|\b(?:ben|ben ik) (?:momenteel |tot |van "
        r"|met )?.{0,40}(?:afwezig|op vakantie|met verlof|niet aanwezig)\b"
        r"|\bniet aanwezig op kantoor\b",
        r"\btot (?:en met|\d|ma|di|wo|do|vr)|\bmomenteel|\bdringend|\bspoed|\bautomatisch"
        r"|\bcontact|\bweer aanwezig",
    ),
    (
        "sv",
        "kontoret|borta|bortrest|semester|ledig|frånvarande",
        r"\binte (?:på|är på) kontoret\b|\b(?:jag )?är (?:för närvarande "
        r"|just nu )?(?:inte på kontoret|borta|bortrest|på semester|ledig|tjänstledig"
        r"|föräldraledig|frånvarande)\b|\bej på kontoret\b",
        r"\btill (?:och med|den|\d)|\bt\.?o\.?m\.?\b|\bför närvarande|\bbrådskande|\bakut"
        r"|\bautomatisk|\bkontakta|\båter",
    ),
    (
        "da",
        "kontoret|til stede|ferie|bortrejst|fraværende|barsel",
        r"\bikke (?:på kontoret|til stede)\b|\b(?:jeg )?er (?:i øjeblikket |for tiden "
        r"|pt\.? )?(?:på ferie|bortrejst|fraværende|ude af kontoret|på barsel)\b"
        r"|\bholder ferie\b",
        r"\bindtil\b|\btil (?:og med|den|\d)|\bi øjeblikket|\bhaste|\bautomatisk|\bkontakt"
        r"|\btilbage",
    ),
    (
        "nb",
        "kontoret|på jobb|ferie|bortreist|fraværende|permisjon",
        r"\bikke på (?:kontoret|jobb)\b|\b(?:jeg )?er (?:for tiden |nå )?(?:på ferie"
        r"|bortreist|fraværende|ute av kontoret|i permisjon)\b|\bhar (?:ferie|permisjon)\b",
        r"\bfrem til|\btil (?:og med|\d)|\bfor tiden|\bhaster|\bautomatisk|\bkontakt|\btilbake",
    ),
    (
        "fi",
        "poissa|loma|matkoilla|vapaalla|en ole",
        r"\bpoissa (?:toimistolta|töistä|työpaikalta)\b|\bolen (?:tällä hetkellä )?(?:lomalla"
        r"|vuosilomalla|poissa|matkoilla|vanhempainvapaalla)\b|\ben ole (?:toimistolla"
        r"|paikalla)\b",
        r"\bsaakka|\basti\b|\btällä hetkellä|\bkiireel|\bautomaat|\bottakaa? yhteyttä"
        r"|\byhteyttä|\bpalaan",
    ),
    (
        "pl",
        "biur|nieobecn|urlop|poza|zwolnieniu|nie ma mnie",
        r"\bpoza biurem\b|\b(?:jestem|będę) (?:obecnie |aktualnie )?(?:nieobecn|na urlopie"
        r"|poza)|\bprzebywam na (?:urlopie|zwolnieniu)\b|\bnie ma mnie w (?:biurze|pracy)\b",
        r"\bdo (?:dnia|\d|po|wt|śr|cz|pi)|\bobecnie|\bpiln|\bautomatyczn|\bkontakt|\bwracam"
        r"|\bdziękuję za",
    ),
    (
        "cs",
        "kancelář|dovolen|nepřítom",
        r"\bmimo kancelář|\b(?:jsem|budu) (?:momentálně |nyní )?(?:na dovolené|nepřítom)"
        r"|\bčerpám dovolenou\b|\bnejsem v kanceláři\b",
        r"\bdo \d|\bmomentálně|\bnaléhav|\bautomatick|\bkontakt|\bvrátím|\bděkuji za",
    ),
    (
        "sk",
        "kancelári|dovolenk|neprítom",
        r"\bmimo kancelári|\b(?:som|budem) (?:momentálne )?(?:na dovolenke|neprítom)"
        r"|\bčerpám dovolenku\b|\bnie som v kancelárii\b",
        r"\bdo \d|\bmomentálne|\bnaliehav|\bautomatick|\bkontakt|\bvrátim|\bďakujem za",
    ),
    (
        "hu",
        "kívül|szabadságon|irodá",
        r"\b(?:irodán|házon) kívül\b|\bszabadságon (?:vagyok|leszek)\b|\bnem (?:vagyok"
        r"|tartózkodom) (?:az )?irodá",
        r"-ig\b|\bjelenleg|\bsürgős|\bautomatikus|\bkeress|\bforduljon|\bvissza",
    ),
    (
        "ro",
        "birou|concediu|plecat|absent",
        r"\b(?:în afara|plecat[ăa]? din) birou|\b(?:sunt|voi fi) (?:momentan )?(?:în concediu"
        r"|plecat|absent)|\bnu sunt (?:la|în) birou\b",
        r"\bpână|\bmomentan|\burgen|\bautomat|\bcontact|\brevin|\bvă mulțumesc",
    ),
    (
        "el",
        "γραφείου|άδεια|εκτός|απών|απουσιάζω|λείπω",
        r"εκτός γραφείου|(?:είμαι|θα είμαι|βρίσκομαι) (?:αυτή τη στιγμή )?(?:σε άδεια|εκτός"
        r"|απών)|θα (?:απουσιάζω|λείπω)|απουσιάζω",
        r"έως|μέχρι|αυτή τη στιγμή|επείγ|αυτόματ|επικοινων|επιστρ",
    ),
    (
        "tr",
        "ofis|izin|tatil",
        r"ofis(?:te)? (?:dışında|değilim)|(?:yıllık )?izin(?:de|deyim)\b|\bizinli(?:yim)?\b"
        r"|tatildeyim|ofiste bulunmuyorum",
        r"kadar|şu anda|acil|otomatik|iletişim|dönece|ulaşabilir",
    ),
    (
        "ru",
        "отпуск|командировк|офис|больничном|отсутству|меня нет",
        r"(?:нахожусь|буду|сейчас|я) .{0,30}(?:в отпуске|в командировке|вне офиса"
        r"|на больничном)|отсутству(?:ю|ет) (?:в офисе|на рабочем месте|на работе|до|с)"
        r"|меня нет (?:в офисе|на месте)",
        r"\bдо \d|\bпо \d|\bс \d|сейчас|срочн|автоматическ|обращайтесь|обратитесь|вернусь"
        r"|спасибо за",
    ),
    (
        "uk",
        "відпустц|відряджен|офіс|лікарняному|відсутн|мене немає",
        r"(?:перебуваю|буду|зараз|я) .{0,30}(?:у відпустці|у відрядженні|поза офісом"
        r"|на лікарняному)|відсутн(?:ій|я) (?:в офісі|на робочому місці|на роботі|до|з)"
        r"|мене немає (?:в офісі|на місці)",
        r"\bдо \d|\bпо \d|\bз \d|зараз|термінов|автоматичн|звертайтеся|зверніться|повернуся"
        r"|дякую за",
    ),
    (
        "ja",
        "不在|休暇|休み|出張|外出|席を外",
        r"不在(?:にして|とさせて|です|のため|となり)|(?:休暇|休み|出張)(?:中|をいただ|を頂"
        r"|を取得|のため)|外出(?:中|して)|席を外して",
        r"まで|至急|緊急|お急ぎ|自動|ご連絡|ありがとうございます",
    ),
    (
        "zh-Hans",
        "不在办公室|休假|度假|出差|外出",
        r"不在办公室|(?:正在|目前|我在|现在)(?:休假|度假|出差|外出)|休假(?:中|至|到|期间)|外出中",
        r"直到|至\s?\d|到\s?\d|目前|紧急|緊急|急事|如有|自动|自動|请联系|請聯絡|请联络"
        r"|感谢您的|返回",
    ),
    (
        "zh-Hant",
        "不在辦公室|休假|度假|出差|外出",
        r"不在辦公室|(?:正在|目前|我在|現在)(?:休假|度假|出差|外出)|休假(?:中|至|到|期間)|外出中",
        r"直到|至\s?\d|到\s?\d|目前|紧急|緊急|急事|如有|自动|自動|请联系|請聯絡|请联络"
        r"|感谢您的|返回",
    ),
    (
        "ko",
        "부재|휴가|출장|외근|자리를|사무실",
        r"부재 ?중|(?:휴가|출장|외근) ?(?:중|으로)|자리를 비(?:우|워)|사무실에 없",
        r"까지|현재|긴급|급한|자동|연락|문의|복귀",
    ),
    (
        "he",
        "במשרד|למשרד|בחופש",
        r"מחוץ למשרד|לא (?:נמצא|אהיה|נמצאת)(?: כרגע)? במשרד|(?:נמצא|נמצאת|אני|אהיה) בחופש",
        r"\bעד\b|כרגע|דחוף|דחופ|אוטומטי|לפנות|אחזור",
    ),
    (
        "ar",
        "المكتب|إجازة|اجازة|لست",
        r"خارج المكتب|في (?:إجازة|اجازة)|لست (?:في|متواجد)",
        r"حتى|حاليا|عاجل|تلقائي|الاتصال|التواصل|سأعود",
    ),
    (
        "th",
        "ไม่|ลาพัก|ลาหยุด",
        r"ไม่(?:ได้)?อยู่(?:ที่|ใน)?(?:สำนักงาน|ออฟฟิศ|ที่ทำงาน)|ลาพักร้อน|ลาหยุด|ลาพักผ่อน|ไม่อยู่ที่โต๊ะ",
        r"จนถึง|ถึงวันที่|ขณะนี้|เร่งด่วน|ด่วน|อัตโนมัติ|ติดต่อ|กลับมา",
    ),
    (
        "vi",
        "có mặt|vắng mặt|không ở|nghỉ phép|công tác",
        r"(?:không có mặt|vắng mặt|không ở|đang nghỉ phép|đi công tác|nghỉ phép)(?: tại"
        r"| ở)?(?: văn phòng| từ| đến|\b)",
        r"\bđến\b|hiện|khẩn|gấp|tự động|liên hệ|trở lại",
    ),
    (
        "id",
        "kantor|cuti|berlibur|dinas",
        r"(?:di luar|tidak (?:berada )?di) kantor|sedang (?:cuti|berlibur|dinas)|saya cuti\b",
        r"\bhingga|\bsampai|\bsaat ini|\bmendesak|\botomatis|\bhubungi|\bkembali",
    ),
    (
        "ca",
        "oficina|fora|absent|vacances|de baixa",
        r"\bfora de l['’]oficina\b|\b(?:sóc|estic|estaré|seré) (?:actualment )?(?:fora|absent"
        r"|de vacances|de baixa)\b|\bno (?:sóc|estic) a l['’]oficina\b",
        r"\bfins (?:al?|el|dia)|\bactualment|\burgen|\bautomàtic|\bcontact|\btornaré",
    ),
)
