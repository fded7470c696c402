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
        " https://approve.m\u00fcnchen.de/ ",
        " REJECT.\u0430\u0440\u0440\u04cf\u0435.com ",
        " yes\u3002\u4e2d\u56fd xn--p1ai.xn--p1ai xn--n3h.com approve@\u00e4.de ",
        " reject.xn--80ak6aa92e.com " + "w" * 40 + ".\u00e4.de approve.\u00e4.de ",
    ]
)
FOREIGN = st.lists(NASTY | st.text(max_size=40), max_size=6).map("".join)
