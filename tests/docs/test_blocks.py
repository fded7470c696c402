"""Pages are read as their readers read them."""

from tests.docs.blocks import Answers, Command, File, Stands, blocks, steps

PAGE = """\
# A page

```console
$ first --option \\
  more
what it prints
$ second  # exit 2
```

1. In a list:

   ```ini .env
   A=b
   ```

<!-- stands: temporal mail -->
<!-- answers: REJECT too expensive -->

````text
```console
$ only shown
```
````

```console
$ third
```
"""


def test_a_page_is_its_commands_files_and_what_stands_from_top_to_bottom():
    assert steps(PAGE) == [
        Command(4, "first --option \\\n  more", 0, ("what it prints",)),
        Command(7, "second  # exit 2", 2, ()),
        File(12, ".env", "A=b\n"),
        Stands(16, ("temporal", "mail")),
        Answers(17, "REJECT too expensive"),
        Command(26, "third", 0, ()),
    ]


def test_blocks_end_where_as_many_marks_stand():
    assert [block.language for block in blocks(PAGE)] == ["console", "ini", "text", "console"]


def test_what_is_shown_in_a_block_stands_for_nobody():
    assert steps("```text\n<!-- stands: worker -->\n$ nothing\n```\n") == []
