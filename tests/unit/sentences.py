"""First sentences as people write them, a line each; `|` stands for a line break."""

APPROVALS = """
approve
Approve
APPROVED
Approved!
- APPROVE
Thanks Tom. Approved.
Morning Tom,||approved.
Sehr geehrte Damen und Herren,||genehmigt.||Mit freundlichen Grüßen|Ines Roth
APPROVE||Ines Roth, CFO
APPROVE||Ines Roth (she/her)|Director, Finance EMEA
Approved - Ines Roth, CFO
APPROVE||Beste Grüße aus Berlin|Ines
APPROVE||Holen Sie sich Outlook für iOS
APPROVE||Diese E-Mail wurde von meinem Mobiltelefon gesendet.
Approved. Thanks for your patience, Tom.
APPROVE||Please let Dana know.
APPROVE||cc: Dana
APPROVE||[cid:image001.png@01DB94B1.0]
APPROVE||Virus-free.www.avast.com
APPROVE||从我的华为手机发送
Approved. Ship it.
• Approved
– approve
<APPROVE>
[x] APPROVE
[APPROVE]
approved!!
I approve
I approve.
I approve this.
I approve this request.
I hereby approve this refund.
We approve
We approve the payment.
I do approve.
I'm approving this.
This is approved.
It's approved.
Request approved.
Refund approved.
The payment is approved, thanks.
Please go ahead - approved.
Good to go. Approved.
Zahlung freigegeben
Die Erstattung ist genehmigt.
Paiement approuvé
La demande est validée.
Pago aprobado
Pagamento approvato
Pagamento aprovado
Betaling goedgekeurd
Betalning godkänd
Betalingen er godkendt
Betalingen er godkjent
Płatność zatwierdzona
APPROVE||Regards||Sent from a magnificent torch of pixels
APPROVE||Sent via Superhuman ( https://example.com/?vip=ines@example.com )
Consider it approved.
Approval granted.
Approved by me.
Approved from my side.
Approved as requested.
approved in full
Approve this.
Approve it
Approve please
Approve, please.
Approved, thanks.
Approved thanks
approved thank you
APPROVE Thanks Bob
yes, approve
Yes approve
Yes. Approved.
Yes, approved - copy finance
ok, approved
OK approve
Sure, approved
Looks good, approved.
Looks good to me. Approved.
LGTM, approve
All good - approved
Agreed, approve.
Confirmed and approved.
Reviewed and approved.
I have reviewed this and approve.
I've checked it, approved.
As discussed, approved.
Thanks, approved.
Thank you. Approved.
Thanks for checking. Approved.
Thank you for the detailed summary, approved.
My decision: approve
Decision: APPROVE
Hi, approve. Thanks
Hi, approve
Hello approve
Hi team,|I approve this.
Hi Bob,|approved
Hi Bob, approved.
Hello Dana and Tom,||Approved.
Dear Dr. Weiss,||I approve this request.
Dear Sir or Madam,||Approved.
Good morning,|approved
Hey there, approved!
Hi everyone - approved.
Dana,||Approved.
To whom it may concern,||I approve this request.
Hi,||Good morning Tom,||Approve
"APPROVE"
'approve'
“APPROVE”
«APPROVE»
*APPROVE*
**Approved** - go ahead
_approved_
`APPROVE`
APPROVE ✅
✅ Approved
👍 Approved
Approved 👍🏽
Approve :)
Approved (copy finance)
Approved: please copy finance
Approved; send me the receipt
Approved - go ahead, I checked the invoice
Approved – ok
APPROVE — thanks
Approved. Next time please attach the invoice.
Approved. Let me know if you need anything else.
Approved, no objections.
Approve. No problem.
I|approve
[APPROVE]
(approve)
Approved pls proceed
Approve deployment
Approved for payment.
Approve AR-7K2M9QXD4T
Approve [AR-7K2M9QXD4T]
APPROVE #AR-7K2M9QXD4T - cost centre 99
Hi Approval Desk - approved.
Approved. Tell me if anything goes wrong.
Approved. Let me know when it is done.
Approved, this must not happen again though.
APPROVE|Sorry for the delay, I am back in the office.
Approved. Have a nice weekend!
Approved. See you on Monday.
Approve, no need to wait for Dana.
Approve. Don't forget to copy Dana.
Approved. Next time please ask earlier.
Approved - sent from the train, sorry for the brevity.
\xa0APPROVE\xa0
ＡＰＰＲＯＶＥ
"""

REJECTIONS = """
reject
Rejected.
REJECT!
I reject this.
We reject this request.
I must reject this
I have to reject this one.
I'm rejecting this.
This is rejected.
Request denied.
Refund rejected.
Zahlung abgelehnt
Paiement refusé
Pago rechazado
Pagamento respinto
Stop. Reject.
Declined.
Disapproved
No, reject this one please.
No. Reject.
Sorry, rejected.
Sorry, I have to reject this.
Unfortunately rejected
I'm afraid I reject this.
Hi,|reject. The amount is wrong, it should be $120.
Hi Bob, rejected - too expensive
Reject - too expensive
reject too expensive
REJECT not now
REJECT wrong customer
No, rechazo
Rejected - some of the figures are wrong
Please reject.
Rejected by me.
I reject the deletion of these records.
reject no
[REJECT]
Rejected. Approved budget is exhausted.
REJECT because the amount is wrong, if you ask me
Rejected since it must be approved by legal first.
Reject for now
Reject as duplicate
Reject, we already approved a refund for this customer last week.
Reject: do not approve this
REJECT. Do not approve this, the amount should be $120
Reject, why was this even asked?
Reject (see the policy)
*REJECT* - no
"REJECT"
❌ Reject
Rejected. Who asked for this?
"""
