"""Whether words beside an approval take something back: no, if, only, perhaps, reject.

Rows by language, whole words, in lower case. Too much doubt costs one more mail; too little, an
action that nobody wanted. Scripts without a row are doubtful as a whole.
"""

import re
import unicodedata

# Negation (`t` is what follows the apostrophe), condition, restriction, question, delay, and
# words that take a decision back.
_ENGLISH = (
    "t no not nope nah never neither nor none nothing nobody without cannot cant dont doesnt didnt"
    " wont isnt wasnt arent shouldnt wouldnt couldnt havent hasnt unable unless if when whenever"
    " once until till before after provided providing assuming assume conditional conditionally"
    " condition conditions pending subject depends depending except excluding however but although"
    " though yet otherwise rather instead actually only just partially partly part partial half"
    " some maximum max most least less limit limited cap capped first wait waiting hold on-hold"
    " later tomorrow soon eventually maybe perhaps possibly probably might may could would should"
    " question why what which who how whether unsure uncertain doubt doubts mistake mistaken wrong"
    " error incorrect oops sorry undo revert ignore disregard cancel cancelled canceled stop abort"
    " back mind reconsider withdraw withdrawn withdrawing revoke revoked retract refuse refused"
    " deny denied decline declined disagree object objection veto against unapproved disapprove"
    " disapproved kidding joke joking test testing forged please-confirm change changed different"
    " another other others lower higher fewer"
)
_DECISIONS = re.compile(r"\b(?:dis|un|re|pre)?-?(?:approv(?!al\b|als\b)|reject)\w*")
_OTHERS = {
    "de": "nein nicht kein keine keinen keiner nichts nie niemals ohne wenn falls sofern außer"
    " aber jedoch nur erst sobald bis bevor nachdem vorausgesetzt unter bedingung ablehnen"
    " abgelehnt lehne warten warte stopp noch vielleicht eventuell teilweise statt doch sondern"
    " zuerst später morgen widerrufe zurück irrtum",
    "fr": "non pas ne jamais aucun aucune rien sans si sauf seulement uniquement mais cependant"
    " avant après condition refuse refusé refuser rejet rejeté rejeter attendre attendez attends"
    " peut-être plutôt demain annuler annule erreur partiellement lorsque quand",
    "es": "no nunca ningún ninguna nada sin si sólo solo solamente pero salvo excepto hasta antes"
    " después cuando condición rechazo rechazar rechazado espera esperar quizás mañana cancelar"
    " error parcialmente",
    "pt": "não nao nunca nenhum nenhuma nada sem se só somente apenas mas porém salvo exceto até"
    " antes depois quando condição rejeito rejeitado espere esperar talvez amanhã cancelar",
    "it": "non mai nessun nessuna niente senza se solo soltanto ma però salvo eccetto finché prima"
    " dopo quando condizione rifiuto rifiutato respingo aspetta forse domani annulla",
    "nl": "nee niet geen nooit niets zonder als indien tenzij mits maar alleen pas zodra totdat"
    " voordat nadat afgekeurd afwijzen weiger wacht misschien morgen",
    "nordic": "nej nei inte ikke ej aldrig aldri aldri ingen intet uden utan uten om hvis såvida"
    " men bare bara kun först først innan før efter etter avslår avvist vänta vent kanske kanskje"
    " måske i-morgen",
    "fi": "ei en älä eivät emme ilman jos mutta vain vasta ennen jälkeen hylkään hylätty odota"
    " ehkä huomenna",
    "pl": "nie nigdy żaden bez jeśli jeżeli jesli chyba ale lecz tylko dopiero zanim odrzucam"
    " odrzucone czekaj może jutro",
    "cs": "ne není nikdy žádný bez pokud jestli když ale jen pouze až dokud zamítám zamítnuto"
    " počkej možná zítra nie ak iba",
    "tr": "hayır değil degil yok asla ama fakat eğer ancak sadece önce sonra reddediyorum bekle"
    " belki yarın",
    "hu": "nem ne soha ha de csak hacsak előtt után elutasítom várj talán holnap",
    "ro": "nu niciodată fără dacă daca dar numai doar înainte după resping așteaptă poate mâine",
    "id": "tidak bukan jangan jika kalau tapi tetapi hanya belum tunggu mungkin tolak besok",
    "vi": "không nếu nhưng chưa chỉ đừng từ-chối đợi",
}
_ROWS = frozenset(_ENGLISH.split()).union(*(row.split() for row in _OTHERS.values()))
# For lines that hold dates and display names: agents are called `No Reply` or `Test`, a month May.
_ASIDE = (
    "not never if unless until but only except without wait cannot can't don't doesn't won't isn't"
    " once provided can’t don’t doesn’t won’t isn’t"
)
_ASIDE_ROW = frozenset(_ASIDE.split())
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`-][^\W\d_]+)*")
_QUESTION = re.compile(r"[?\u00bf\u037e\u061f\u055e\u2047-\u2049\u2e2e\ufe56\uff1f]")
_ADDRESS = re.compile(r"\S*@\S*")
# A thumb down, a cross, a stop sign, and the like.
_SIGNS = frozenset(
    "\U0001f44e\u274c\u2716\u2717\u2718\U0001f6ab\u26d4\u270b\U0001f6d1\u2753\u2754\ufffc\ufffd"
)
_NOTHING = frozenset({"Cf", "Cc", "Co", "Cn", "Cs"})


def find_doubt(text: str) -> str:
    """Return why `text` beside an approval voids it, '' if it does not."""
    plain = _plain(text)
    if any(unicodedata.category(char) in _NOTHING and char not in "\n\t\r" for char in plain):
        return "the note holds invisible or control characters"
    if _QUESTION.search(text):
        return "the note asks a question"
    if not _SIGNS.isdisjoint(text):
        return "the note holds a sign that may be a refusal"
    if strange := next((char for char in plain if _foreign(char)), ""):
        return f"the note holds letters that no rule is for: {strange}"
    if decision := _DECISIONS.search(plain):
        return f"the note holds a decision word: {decision[0][:40]}"
    return _doubtful_word(plain, _ROWS)


def find_aside_doubt(text: str) -> str:
    """The same for a line that is probably not the writer's own: dates, names and addresses."""
    plain = _plain(text)
    return _doubtful_word(_ADDRESS.sub(" ", plain), _ASIDE_ROW)


def find_signature_doubt(text: str) -> str:
    """The same for a line where programs put signatures, and people type before them: titles and
    names of companies hold `change` and `limited`, but no decision."""
    if not _SIGNS.isdisjoint(text):
        return "the signature holds a sign that may be a refusal"
    if decision := _DECISIONS.search(_ADDRESS.sub(" ", _plain(text))):
        return f"the signature holds a decision word: {decision[0][:40]}"
    return find_aside_doubt(text)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _doubtful_word(plain: str, row: frozenset[str]) -> str:
    for match in _WORD.finditer(plain):
        word = match[0]
        pieces = re.split(r"['’ʼ`-]", word)
        if not row.isdisjoint((word, *pieces)):
            return f"the note may restrict or take back: {word[:40]}"
    return ""


def _foreign(char: str) -> bool:
    if char.isascii() or not char.isalpha():
        return False
    return not unicodedata.name(char, "").startswith("LATIN ")
