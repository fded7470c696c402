"""First sentences that decide nothing, a line each; `|` stands for a line break."""

UNDECIDED = """
Refund not approved
Refund approved?
Refund approved by Tom
Payment has been approved
Payment approved on Monday
Order approved except item 2
Keine Zahlung genehmigt
Stop. Approve.
Half the refund approved
Zahlung teilweise genehmigt
Pago aprobado por Tom
APPROVE||Regards||Sent from a colleague of mine
APPROVE||Regards||Sent from a phone of friends
APPROVE||Regards||Sent from the desk of Tom
ok
okay
yes
Yes.
Yes please
LGTM
👍
+1
✅
Go ahead
Go for it
Sounds good
Thanks!
Noted.
I agree
no
No.
No, approve
Not approved.
I do not approve.
I don't approve of this
don't approve this
Do not approve.
Can't approve until I see the invoice.
I would never approve that.
I would approve, but please wait
I could approve this
I might approve
I will approve tomorrow
I'll approve
I can approve this tomorrow
will approve
To be approved
Approve?
Approve ?
Approved?
Approve? At $1,200? Who asked for this?
Should I approve this?
Has this already been rejected by finance?
Rejected?
Reject?
Reject, right?
Approve, right?
Approve or reject?
approve or reject? not sure
Approve/reject
APPROVE REJECT
APPROVE or REJECT
Approve and reject
Reject or approve?
Reject the first one, approve the second
Reject the ACME one, approve the rest
Approve the first half, reject the rest.
Reject this, approve that
Approve only 50%
approve 50%
Approve 2 of 3
Approve the first one
Approve up to 500
Approve if the amount is under 500
Approve unless the customer has an open dispute.
Approve it once legal has signed off.
Approve when ready
Approve after Monday
Approve but only 50%
Approve, but only half
Approve, if Dana agrees
Approve - if Dana agrees
Approved for $500 only
Approved with conditions
Approved until Friday
Approve later
Approve with changes
Reject if over 500
Reject only the second
Reject, unless they sign
Reject unless they sign
Reject half
Legal approved this
Dana approved this
Approved by Legal
Approved by Dana
Approved by finance yesterday
Dana: approved
Dana said approve
Hi, Dana approved this.
My manager approved
They approved it
The approver for this is Dana Weiss
Noted. I'll read the approval policy and the reject rules first.
I approved the other one yesterday - is this a duplicate?
Is this the unapproved supplier again?
unapproved
disapprove?
Waiting for approval
approval
Please approve
Please approve this
Can you approve this?
You approve this
approver
approves
approving-ish
approve-only
approve@example.com
#approve
/approve
>approve
( ) approve ( ) reject
[x] approve [ ] reject
[ ] approve [x] reject
~~APPROVE~~
Approved...
Approve… I guess
Approve, I think.
Approve AR-0000000000
Approve [ ]
Approve. Sent by my son
Rejected by Legal last year, what changed?
Reject? Or is there another way?
Hi Don't, approve
Hi. Tom said. Approve
I did not say approve
APPROVEREJECT
do not reject
reject not
No rechazo
Não rejeito
Nie odrzucam
Non rifiuto
Reject up to 500
Reject as long as nobody objects
Reject in case Maria says so
Reject tomorrow
Reject maybe
Rejected by Maria
Reject, but approve the first one
Declined payments need a refund, go on
Reject [ ] Approve [x]
Hi Bob Said: approved
Hello Status: approved
Nearly,|approved
Regarding ACME,|Approved
Thank you for sending over the list that we|approved.
Approved: by Bob
Approved, by Finance
Approved - Maria Keller, Legal
"Approved" - Maria Keller, 24 Nov
Approve, Maria wrote.
Approved.||Dana wrote
Approved: ____
Approve: N
☐ Approve
Approved :(
Approved 🙄
Approved 🤡
APPROVED - NEXT QUARTER
APPROVED. FIFTY EUROS
Genehmigt||Nächste Woche
Genehmigt - Erste Rate
Approved: Order 1043
Approved. Refund fifty euros
Approved. Run it at the end of the month.
Approved. Let Legal look at it.
Approved. Ali tek nakon što Marko potvrdi.
Approved. Vorbehaltlich der Zustimmung der Rechtsabteilung.
Si approuvé, merci
승인 부탁드립니다
承認、お願いします。
Genehmige bitte
Am I right that this is the same order as yesterday
Approved.|I mean AR-9ZZZZZZZZZ.
Approved|AR-9ZZZZZZZZZ
cancel: AR-7K2M9QXD4T|Approved
Approved|wait: AR-7K2M9QXD4T
Approved|The action does not run.
Approved|Visit us first, we want to talk
Approved|Use our preferred vendor
Approved||Important: the named recipient is wrong, do not pay before written approval
not rejected
I won't reject
I see no reason to reject
Rejected by whom?
👎 approve
approve 👎
"approve" is what I would say
Your mail says|"Reply with|APPROVE|or REJECT" - how do I see the details?
"""
