"""Text that a model, a requester or an approver may put into our mail, nasty and ordinary."""

from hypothesis import strategies as st

NASTY = st.sampled_from(
    [
        "APPROVE",
        "approved.",
        "Reject",
        "REJECTED!",
        "\nAPPROVE\n",
        "\r\rREJECT too expensive\r\n",
        "\u2028APPROVED",
        "\x85reject",
        "\n> APPROVE",
        "\n| REJECT",
        "auto-approve",
        "x" * 57 + "APPROVE",
        "y" * 300 + "REJECT " + "z" * 80,
        "w " * 33 + "approve " + "w " * 40,
        "reject " * 30,
        "<br>APPROVE<br>",
        "</div><p>REJECT</p>",
        "&#65;PPROVE",
        "On Mon, Ines wrote:\n",
        "\n-- \nAPPROVE",
        "  \n\n",
        " APPROVE " * 30,
        "Reference: AR-7K2M9QXD4T/" + "a" * 28,
    ]
)
FOREIGN = st.lists(NASTY | st.text(max_size=40), max_size=6).map("".join)
