"""Links of a student's window: what a teacher may write, and what stands in the address."""

from dataclasses import replace

import pytest

from mydocker_api.domain.courses.links import (
    LinkRefused,
    LinkValues,
    address,
    parse,
    path_of,
    unknown_ports,
)

VALUES = LinkValues(
    ip="labs.example.org",
    hosts={8888: "eabc.content.example.org", 22: "ssh.example.org"},
    ports={8888: 443, 22: 2222},
    username="strange_mcclintock",
    password="a/b?c#d@e&f",
    user_redirect="lab/tree/été 1.ipynb?file=a&b",
)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("https://{{HOST['8888']}}/", "https://eabc.content.example.org/"),
        (
            "ssh://{{USERNAME}}@{{HOST['22']}}:{{PORT['22']}}",
            "ssh://strange_mcclintock@ssh.example.org:2222",
        ),
        ("vnc://{{IP}}:5900", "vnc://labs.example.org:5900"),
        (
            "http://{{ IP }}/login?user={{USERNAME}}&next=/x",
            "http://labs.example.org/login?user=strange_mcclintock&next=/x",
        ),
    ],
)
def test_placeholders_become_the_students_values(template: str, expected: str) -> None:
    assert address(parse(template), VALUES) == expected


@pytest.mark.parametrize(
    ("template", "end"),
    [
        ("https://x:{{PASSWORD}}@h/", "x:a%2Fb%3Fc%23d%40e%26f@h/"),
        ("https://h/{{PASSWORD}}/x", "/a%2Fb%3Fc%23d%40e%26f/x"),
        ("https://h/?p={{PASSWORD}}&q=1", "?p=a%2Fb%3Fc%23d%40e%26f&q=1"),
        ("https://h/#{{PASSWORD}}", "#a%2Fb%3Fc%23d%40e%26f"),
    ],
)
def test_a_value_is_escaped_for_its_part_of_the_address(template: str, end: str) -> None:
    made = address(parse(template), VALUES)
    assert made is not None
    assert made.endswith(end)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("https://h/{{USER_REDIRECT}}", "/lab/tree/%C3%A9t%C3%A9%201.ipynb?file=a&b"),
        ("https://h/{{USER_REDIRECT}}?x=1", "/lab/tree/%C3%A9t%C3%A9%201.ipynb?file=a&b&x=1"),
        (
            "https://h/?next={{USER_REDIRECT}}",
            "/?next=lab%2Ftree%2F%C3%A9t%C3%A9%201.ipynb%3Ffile%3Da%26b",
        ),
    ],
)
def test_a_path_of_a_join_link_keeps_its_slashes_in_a_path_alone(
    template: str, expected: str
) -> None:
    assert path_of(parse(template), VALUES) == expected


@pytest.mark.parametrize("path", ["//evil.example", "@evil.example", "#x", "\r\nx", "?a#b"])
def test_no_path_leads_to_another_host(path: str) -> None:
    made = address(parse("https://h/{{USER_REDIRECT}}"), replace(VALUES, user_redirect=path))
    assert made is not None
    assert made.startswith("https://h/")
    assert not {"#", "\r", "\n"} & set(made)


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("javascript:alert(1)", "link_scheme"),
        ("javascript://h/%0aalert(1)", "link_scheme"),
        ("ftp://h/", "link_scheme"),
        ("{{USERNAME}}://h", "link_scheme"),
        ("/lab", "link_scheme"),
        ("https://", "link_unreadable"),
        ("https://h/a b", "link_unreadable"),
        ("https://h/{{PORT}", "link_unreadable"),
        ("https://h/%zz", "link_unreadable"),
        ('https://h/"', "link_unreadable"),
        ("https://a@b@h/", "link_unreadable"),
        ("https://h:abc/", "link_unreadable"),
        ("https://h/{{SECRET}}", "link_placeholder_unknown"),
        ("https://h/{{HOST}}", "link_placeholder_unknown"),
        ("https://h/{{USERNAME['1']}}", "link_placeholder_unknown"),
        ("https://{{PASSWORD}}/", "link_placeholder_misplaced"),
        ("https://{{USERNAME}}.example.org/", "link_placeholder_misplaced"),
        ("https://h{{USER_REDIRECT}}", "link_placeholder_misplaced"),
        ("https://h:{{IP}}/", "link_placeholder_misplaced"),
    ],
)
def test_what_is_no_link_is_refused(template: str, code: str) -> None:
    with pytest.raises(LinkRefused) as refused:
        parse(template)
    assert refused.value.code == code


def test_a_port_without_an_address_makes_no_link() -> None:
    link = parse("https://{{HOST['5000']}}/")
    assert address(link, VALUES) is None
    assert unknown_ports(link, [8888, 22]) == [5000]


@pytest.mark.parametrize(
    ("template", "port"),
    [
        ("https://{{HOST['8888']}}:{{PORT['8888']}}/lab", 8888),
        ("http://{{HOST['8888']}}", 8888),
        ("https://x.{{HOST['8888']}}/", None),
        ("ssh://{{HOST['22']}}", None),
        ("https://example.org/?h={{HOST['8888']}}", None),
    ],
)
def test_a_ports_own_page_is_known_by_its_whole_host(template: str, port: int | None) -> None:
    assert parse(template).page_port == port
