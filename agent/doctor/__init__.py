"""`python -m agent doctor`: checks every setting and every server, and proves the loop of the mail.

It mails the agent's own mailbox a probe and reads it back as a reply is read; nothing of it stays.
"""
