"""`.dockerignore` means what moby/patternmatcher makes of it."""

import pytest

from mydocker_kit.contracts.builder.dockerignore import IgnoreRules


@pytest.mark.parametrize(
    ("text", "path", "is_out"),
    [
        # Cases of patternmatcher_test.go in github.com/moby/patternmatcher.
        ("**", "file", True),
        ("**", "dir/file", True),
        ("**/", "file", True),
        ("**/**", "dir/file", True),
        ("dir/**", "dir/file", True),
        ("dir/**", "dir/dir2/file", True),
        ("**/dir", "dir", True),
        ("**/dir", "dir/file", True),
        ("**/dir2/*", "dir/dir2/file", True),
        ("**/dir2/*", "dir/dir2/dir2/file", True),
        ("**file", "file", True),
        ("**file", "dir/file", True),
        ("**/file*txt", "dir/dir/file.txt", True),
        ("a**/*.txt", "a/file.txt", True),
        ("a**/*.txt", "a/dir/file.txt", True),
        ("a/*.txt", "a/dir/file.txt", False),
        ("a.|)$(}+{bc", "a.|)$(}+{bc", True),
        ("dist/*.whl", "dist/proxy.py-2.4.0rc3.dev36-py3-none-any.whl", True),
        ("a[b-d]e", "ace", True),
        ("a[b-d]e", "aae", False),
        ("a[^b]e", "ace", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        (r"a\*b", "a*b", True),
        (r"a\*b", "axb", False),
        ("*.md\n!README.md", "README.md", False),
        ("*.md\n!README.md", "x.md", True),
        ("notes\n!notes/README.md", "notes/README.md", False),
        ("notes\n!notes/README.md", "notes/x", True),
        ("!notes/README.md\nnotes", "notes/README.md", True),
        ("/a", "a/b", True),
        ("./a/", "a/b", True),
        ("a/../b", "b", True),
        ("  a  ", "a", True),
        ("# a\n", "a", False),
        (" # a\n", "# a", True),
        ("\ufeffa", "a", True),
        ("a\r\nb\r\n", "a", True),
        ("[", "[", False),
        ("", "a", False),
        ("*", "a/b", True),
        ("*/b", "a/b/c", True),
    ],
)
def test_a_pattern(text: str, path: str, is_out: bool) -> None:
    assert IgnoreRules.parse(text).leaves_out(path) is is_out
