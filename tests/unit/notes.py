"""Notes as people write them beside an approval, a line each."""

# They set a condition, hand the decision on, change what is done or how, or take it back, in words
# that no list of doubts can foresee.
RESTRICTING = """
My manager has the final say in this.
The decision is with the board.
I have forwarded this to my manager for approval.
Please check the amount with Tom and pay.
Make sure the customer has returned the goods.
Get Dana's blessing and then run it.
Give me a day.
I already paid it this morning.
It was paid last month already.
Please refund as store credit.
Please pay the supplier's new account.
Put this through in the new year.
Hardware is fine with me.
All of the items save the last one.
Two of the three invoices are fine.
The amount is 900.
Please refund 900 of it.
I want to see the invoice from the supplier.
As a trial for this month.
As far as the budget is concerned.
This is Tom, Marta is out today.
Signed by her deputy.
This is for the travel request of Tom.
The invoice is INV-9999.
They made me write this.
with conditions
in two instalments
to her team
by Friday's cut-off
for March
from the marketing budget
as per my mail of last week
per our phone call
at your own risk
Option B
Trial Run
Fat Chance
Halfway!
Nonsense!
Draft, please
Please put this on ice.
Pay it to their new account.
I meant the opposite.
See Attachment
My notes on the contract are in the file.
mit Auflagen
in Raten
Im Prinzip
Auf Probe
Nach Prüfung
Zum Teil
Testweise!
Probeweise, danke
Siehe Anhang
Bitte den Betrag mit der Buchhaltung klären.
Die Auszahlung bitte im Januar.
Bitte die Rechnung prüfen und dann zahlen.
Bitte auf das neue Konto der Firma überweisen.
Bitte Betrag auf 600 ändern.
das letzte Wort hat Tom
Der Urlaub im August geht in Ordnung.
Merci de vérifier le montant et de payer.
Merci de faire valider par la comptabilité.
pour le mois de mars
sous toutes réserves
por la factura de marzo
favor de revisar el importe
per la fattura di marzo
verificare l'importe con il cliente e pagare
de boekhouding controleert het bedrag
namens Tom
proszę sprawdzić kwotę i zapłacić
za fakturę z marca
under förutsättning att fakturan stämmer
em princípio
za předpokladu, že faktura souhlasí
за командировку
原则上
先问一下财务
Please transfer to Dana.
The refund is for January.
Please refund the supplier.
Also the deployment please.
Payment received, thanks.
One of the invoices is fine.
Trial, thanks for the work.
Details, please.
Please email me the contract.
next time
In the future.
2026-01-01
If anything is unclear.
No action needed.
Let me know when you are ready.
This is a plan.
Thanks. Halfway.
Das ist Sache der Geschäftsführung.
1 200 000
Project budget is 900
Sent from my iPhone. Pay in two parts.
Sent via Dana, Marta is ill
Get the contract signed by the client.
Bitte an Prüfung.
Bitte um Änderung.
Una explicación, por favor
先に経理へ確認をお願いします
경리팀에 먼저 확인해 주세요
"""

HARMLESS = """
Please copy finance on the receipt.
Next time please attach the invoice.
Thanks for checking.
Go ahead, I checked the invoice.
Well done.
Great work, thank you all!
Many thanks for your patience.
Please send Ann a copy.
Checked with Rosa.
I have told Rosa.
I have read the details.
The team knows of it.
Please inform the customer.
cc Tom
No need to wait for Dana.
Let me know if you need anything else.
Have a nice weekend!
fine with me
from my side
with pleasure
Sent from my phone
Bitte die Buchhaltung in Kopie.
Alles geprüft, danke.
Danke und viele Grüße
Merci beaucoup
Gracias
Mille grazie
Obrigado
Dziękuję
Tack
"""
