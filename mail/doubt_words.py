"""The words that take an approval back, by language: whole words in lower case.

Several in a row are joined by hyphens. Words that are people's names as well (Max, Jen) or every
signature's (French `de`) are left out, whatever else they mean.
"""

# Negation (`t` is what follows the apostrophe), condition, restriction, question, delay, and
# words that take a decision back.
_ENGLISH = (
    "t no not nope nah nay never neither nor none nothing nobody without cannot cant dont doesnt"
    " didnt wont isnt wasnt arent shouldnt wouldnt couldnt havent hasnt unable unless if when"
    " whenever once until till before beforehand after provided providing assuming assume"
    " conditional conditionally condition conditions contingent pending subject depends depending"
    " as-long-as so-long-as in-case given following upon sign-off needs need-to needed must has-to"
    " have-to required except excepting excluding exclude excludes however but although though yet"
    " otherwise rather instead actually only just partially partly part partial half some maximum"
    " most least less minus limit limited cap capped up-to make-it skip leave-out staging first"
    " wait waiting hold on-hold later tomorrow soon eventually maybe perhaps possibly probably"
    " might may could would should pause paused postpone postponed delay delayed defer deferred"
    " halt halted next-week next-month next-year too-early too-soon monday tuesday wednesday"
    " thursday friday saturday sunday weekend question why what which who how whether unsure"
    " uncertain doubt doubts mistake mistaken mistakenly wrong error incorrect accident"
    " accidentally accidental oops sorry undo revert ignore disregard cancel cancelled canceled"
    " cancelling stop stopped abort back mind nvm nevermind forget reconsider withdraw withdrawn"
    " withdrawing revoke revoked revoking rescind rescinded recall recalled retract refuse refused"
    " deny denied decline declined disagree object objection veto against negative bad-idea"
    " scratch-that scratch-it strike-that strike-it fraud fraudulent suspicious scam phishing"
    " hacked unapproved disapprove disapproved kidding joke joking test testing forged"
    " please-confirm change changed different another other others lower higher fewer"
    # Questions need no question mark, and a decision may stand in an answer given elsewhere.
    " is-this is-it is-that is-there are-you are-they are-these are-we was-this was-it was-that"
    " can-you can-we can-i could-you will-this will-it will-you do-you do-we does-this does-it"
    " does-that did-you did-we has-this has-it have-you have-they explain clarify clarification"
    " check-with ask asking see-my see-attached see-comments see-below comments-inline"
    " see-inline inline"
)
_OTHERS = {
    "de": "nein nicht kein keine keinen keiner nichts nie niemals ohne wenn falls sofern außer"
    " aber jedoch nur erst sobald bis bevor nachdem vorausgesetzt unter bedingung ablehnen"
    " abgelehnt lehne warten warte stopp noch vielleicht eventuell teilweise statt doch sondern"
    " zuerst später morgen widerrufe widerrufen widerruf zurück irrtum maximal höchstens solange"
    " halt rücksprache storniert stornieren gehackt montag dienstag mittwoch donnerstag freitag"
    " samstag sonntag",
    "fr": "non pas ne jamais aucun aucune rien sans si sauf seulement uniquement mais cependant"
    " avant après condition refuse refusé refuser rejet rejeté rejeter attendre attendez attends"
    " peut-être plutôt demain annuler annule annulé erreur partiellement lorsque quand dès pourvu"
    " piraté lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "no nunca ningún ninguna nada sin si sólo solo solamente pero salvo excepto hasta antes"
    " después cuando condición rechazo rechazar rechazado espera esperar quizás mañana cancelar"
    " cancelado error parcialmente siempre-que máximo hackeada hackeado lunes martes miércoles"
    " jueves viernes sábado domingo",
    "pt": "não nao nunca nenhum nenhuma nada sem se só somente apenas mas porém salvo exceto até"
    " antes depois quando condição rejeito rejeitado espere esperar talvez amanhã cancelar"
    " desde-que no-máximo",
    "it": "non mai nessun nessuna niente senza se solo soltanto ma però salvo eccetto finché prima"
    " dopo quando condizione rifiuto rifiutato respingo aspetta forse domani annulla purché"
    " al-massimo",
    "nl": "nee niet geen nooit niets zonder als indien tenzij mits maar alleen pas zodra totdat"
    " voordat nadat afgekeurd afwijzen weiger wacht misschien morgen maximaal zolang",
    "nordic": "nej nei inte ikke ej aldrig aldri aldri ingen intet uden utan uten om hvis såvida"
    " men bare bara kun först først innan før efter etter avslår avvist vänta vent kanske kanskje"
    " måske i-morgen så-länge så-længe så-lenge högst",
    "fi": "ei en älä eivät emme ilman jos mutta vain vasta ennen jälkeen hylkään hylätty odota"
    " ehkä huomenna",
    "is": "ekki nema aðeins",
    "pl": "nie nigdy żaden bez jeśli jeżeli jesli chyba ale lecz tylko dopiero zanim odrzucam"
    " odrzucone czekaj może jutro o-ile maksymalnie",
    "cs": "ne není nikdy žádný bez pokud jestli když ale pouze až dokud zamítám zamítnuto"
    " počkej možná zítra nie ak iba",
    "tr": "hayır değil degil yok asla ama fakat eğer ancak sadece önce sonra reddediyorum bekle"
    " belki yarın",
    "hu": "nem ne soha ha csak hacsak előtt után elutasítom várj talán holnap",
    "ro": "nu niciodată fără dacă daca dar numai doar înainte după resping așteaptă poate mâine",
    "sq": "nuk",
    "lv": "nē",
    "id": "tidak bukan jangan jika kalau tapi tetapi hanya belum tunggu mungkin tolak besok",
    "vi": "không nếu nhưng chưa chỉ đừng từ-chối đợi",
}


def _row(*words: str) -> frozenset[str]:
    return frozenset(" ".join(words).casefold().split())


ROWS = _row(_ENGLISH, *_OTHERS.values())

# Words of dates, names, titles, opening hours and advertisements: `No. 5`, `Test Engineer`,
# `Back Office`, `First Level`, `ACME Limited`, `Fraud Prevention`, `Questions? Ask us.`, May.
_IN_SIGNATURES = (
    "t no test testing first limited back may part some subject change changed question error"
    " object mind higher lower other others another different most least less cap how what which"
    " who why till just given following upon need-to needed needs must required ask inline see-my"
    " monday tuesday wednesday thursday friday saturday sunday weekend accident accidental fraud"
    " phishing skip up-to tomorrow conditions condition clarify explain limit after"
)
_ABROAD = (
    "can-t don-t doesn-t didn-t won-t isn-t wasn-t aren-t haven-t shouldn-t wouldn-t"
    " nein nicht kein keine keinen nie niemals ohne wenn falls sofern außer nur erst sobald"
    " bevor abgelehnt ablehnen lehne warten stopp storniert stornieren widerrufen widerruf"
    " irrtum maximal höchstens solange rücksprache"
    " pas jamais sauf seulement uniquement refusé refuse rejeté attendre attendez annuler"
    " annulé pourvu nunca sólo solamente salvo hasta rechazo rechazado espera esperar"
    " cancelar cancelado siempre-que não somente apenas rejeitado non soltanto rifiutato"
    " annulla purché niet geen alleen tenzij mits afgekeurd wacht zolang inte ikke kun"
    " bara avslår avvist afvist vänta nie tylko odrzucam czekaj pouze zamítám değil sadece"
    " nem csak nu numai"
)
ASIDE = _row(_ENGLISH, _ABROAD) - _row(_IN_SIGNATURES)
