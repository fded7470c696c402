"""Pure: whether the votes that an action is to run on are those that people have mailed.

Whoever may write to Temporal can signal a vote, or have an activity run. The reader of the mailbox
seals what it has read; the action runs on sealed votes, and on an operator's where these count.
"""

from agent.jobs import ExecuteInput
from agent.models import Channel, Outcome, Vote, rfc3339
from agent.policy import tally
from mail.identity import Keyring, digest_claim, verify_vote


def fault_of(job: ExecuteInput, asks: bool, operators_count: bool, keyring: Keyring) -> str:
    """Why nobody is known to have agreed; '' if enough people have, or none have to (`asks`: what
    the settings say about the tool alone)."""
    if job.policy is None:
        return "nobody was asked for their consent" if asks else ""
    if not all(vote.approved for vote in job.votes):
        return "somebody has rejected it"
    if operators_count and any(vote.channel is Channel.OPERATOR for vote in job.votes):
        return ""
    sealed = {v.approver: True for v in job.votes if _is_sealed(v, job, keyring)}
    if tally(job.policy.stages, sealed).outcome is not Outcome.APPROVED:
        return "the consent to it bears no seal of this agent's inbox"
    return ""


def _is_sealed(vote: Vote, job: ExecuteInput, keyring: Keyring) -> bool:
    if vote.channel is not Channel.MAIL:
        return False
    told = (job.request_id, vote.approver, digest_claim(job.digest), vote.approved)
    return verify_vote(keyring, vote.seal, *told, rfc3339(vote.received_at))
