import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jira_sandbox.wiki import FileLink, IssueLink, Links, normalise, render
from jira_sandbox.wiki.blocks import parse
from jira_sandbox.wiki.writing import to_markup

LINKS = Links(
    issue={
        "CMMC-7": IssueLink("/browse/CMMC-7", 'Say "hi"'),
        "CMMC-8": IssueLink("/browse/CMMC-8", "x", done=True),
    }.get,
    person={"u1": "Ann <b>"}.get,
    file={"plan.pdf": FileLink("/file/1"), "map.png": FileLink("/file/2", image=True)}.get,
)


def _kept(text: str) -> str:
    """The text on an issue on which the files of `LINKS` are."""
    return normalise(text, attached={"plan.pdf", "map.png"})


INLINE = [
    ("*bold*", "<strong>bold</strong>"),
    ("_it_", "<em>it</em>"),
    ("-gone-", "<del>gone</del>"),
    ("+new+", "<ins>new</ins>"),
    ("x ^up^", "x <sup>up</sup>"),
    ("x ~down~", "x <sub>down</sub>"),
    ("??who??", "<cite>who</cite>"),
    ("a{*}b{*}c", "a<strong>b</strong>c"),
    ("*_both_*", "<strong><em>both</em></strong>"),
    ("*a _b* c_", "<strong>a _b</strong> c_"),
    ("{{*.py}}", "<code>*.py</code>"),
    (r"{{a\}b}}", "<code>a}b</code>"),
    ("snake_case_name and well-known", "snake_case_name and well-known"),
    ("3 * 4 * 5", "3 * 4 * 5"),
    ("a * b*", "a * b*"),
    ("**", "**"),
    ("--flag", "--flag"),
    ("a -- b --- c", "a \N{EN DASH} b \N{EM DASH} c"),
    (r"one\\two", "one<br>two"),
    ("one\ntwo", "one<br>two"),
    (r"C:\Users", r"C:\Users"),
    (r"\\server\share", r"\\server\share"),
    (r"a\.b \% \@", r"a\.b % @"),
    ("*one\ntwo*", "*one<br>two*"),
    ("{*}one\ntwo{*}", "<strong>one<br>two</strong>"),
    ("\u00e9*a*", "\u00e9*a*"),
    (r"\{code} \*no\*", "{code} *no*"),
    ("&#42;no&#42; &#10; &amp;", "*no* &amp;#10; &amp;amp;"),
    ("{color:red}r{color}", '<span style="color: #ff0000">r</span>'),
    ("{color:#ABC}r{color}", '<span style="color: #aabbcc">r</span>'),
    ("{color:odd}r{color}", "{color:odd}r{color}"),
    ("{foo:bar}", "{foo:bar}"),
    ("a{anchor:here}b", "ab"),
    (
        "[site|https://x.test/a?b=1&c]",
        '<a href="https://x.test/a?b=1&amp;c" rel="noopener noreferrer nofollow">site</a>',
    ),
    (
        "[*site*|https://x.test]",
        '<a href="https://x.test" rel="noopener noreferrer nofollow"><strong>site</strong></a>',
    ),
    ("[https://x.test]", '<a href="https://x.test" rel="noopener noreferrer nofollow">https://x.test</a>'),
    (
        "see https://x.test/a.",
        'see <a href="https://x.test/a" rel="noopener noreferrer nofollow">https://x.test/a</a>.',
    ),
    ("[me|mailto:me@x.test]", '<a href="mailto:me@x.test" rel="noopener noreferrer nofollow">me</a>'),
    ("[top|#top]", "top"),
    ("[~accountid:u1]", '<span class="mention">@Ann &lt;b&gt;</span>'),
    ("[~nobody]", "[~nobody]"),
    ("[^plan.pdf] [^none.pdf]", '<a href="/file/1">plan.pdf</a> [^none.pdf]'),
    ("!map.png|width=300!", '<a href="/file/2"><img src="/file/2" alt="map.png" width="300"></a>'),
    ("by 2026-09-22, CMMC-9", 'by <span class="day">2026-09-22</span>, CMMC-9'),
    ("x-2026-09-22 2026-09-22-1", "x-2026-09-22 2026-09-22-1"),
    ("!map.png|thumbnail!", '<a href="/file/2"><img src="/file/2" alt="map.png" width="200"></a>'),
    ('!map.png|alt="A <map>"!', '<a href="/file/2"><img src="/file/2" alt="A &lt;map&gt;"></a>'),
    ("Wow! Really!", "Wow! Really!"),
]


@pytest.mark.parametrize(("markup", "html"), INLINE)
def test_inline_markup_is_shown_as_jira_shows_it(markup: str, html: str) -> None:
    assert render(markup, links=LINKS) == f"<p>{html}</p>"


BLOCKS = [
    ("h1. One\nh6. Six", "<h1>One</h1>\n<h6>Six</h6>"),
    ("h1.One", "<h1>One</h1>"),
    (r"\h1. One", r"<p>\h1. One</p>"),
    ("a\n\nb", "<p>a</p>\n<p>b</p>"),
    ("----", "<hr>"),
    ("bq. said", "<blockquote><p>said</p></blockquote>"),
    ("{quote}\na\n\n* b\n{quote}", "<blockquote><p>a</p>\n<ul><li>b</li></ul></blockquote>"),
    ("{quote}\nbq. said\n{quote}", "<blockquote><p>said</p></blockquote>"),
    (
        "{panel:title=Note|bgColor=yellow}\n*a*\n{panel}",
        (
            '<div class="wiki-panel" style="background-color: #ffff00"><div class="wiki-panel-title">Note</div>'
            '<div class="wiki-panel-body"><p><strong>a</strong></p></div></div>'
        ),
    ),
    (
        "{code:java|title=A}\nif (*x*) {\n\n}\n{code}",
        '<figure class="wiki-code"><figcaption>A</figcaption><pre><code>if (*x*) {\n\n}</code></pre></figure>',
    ),
    ("{noformat}{code}{noformat}", '<figure class="wiki-noformat"><pre>{code}</pre></figure>'),
    ("a {noformat}*b*{noformat} c", '<p>a</p>\n<figure class="wiki-noformat"><pre>*b*</pre></figure>\n<p>c</p>'),
    ("{code}\nnever closed", "<p>{code}<br>never closed</p>"),
    ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
    ("# a\n## b\n#* c\n# d", "<ol><li>a<ol><li>b</li></ol><ul><li>c</li></ul></li><li>d</li></ol>"),
    ("* a\n# b", "<ul><li>a</li></ul>\n<ol><li>b</li></ol>"),
    ("*** a\nmore", "<ul><li>a<br>more</li></ul>"),
    (
        "||h||k||\n|1|*2*|",
        (
            '<div class="wiki-table"><table><tbody><tr><th scope="col">h</th><th scope="col">k</th></tr>'
            "<tr><td>1</td><td><strong>2</strong></td></tr></tbody></table></div>"
        ),
    ),
    (
        "||h|c|",
        '<div class="wiki-table"><table><tbody><tr><th scope="row">h</th><td>c</td></tr></tbody></table></div>',
    ),
    (
        r"|[a|https://x.test]|b\|c|" + "\n|x\ny| |",
        (
            '<div class="wiki-table"><table><tbody><tr>'
            '<td><a href="https://x.test" rel="noopener noreferrer nofollow">a</a></td><td>b|c</td></tr>'
            "<tr><td>x<br>y</td><td></td></tr></tbody></table></div>"
        ),
    ),
    ("", ""),
]


@pytest.mark.parametrize(("markup", "html"), BLOCKS)
def test_blocks_are_shown_as_jira_shows_them(markup: str, html: str) -> None:
    assert render(markup, links=LINKS) == html


def test_keys_of_issues_that_exist_become_links_and_no_others() -> None:
    shown = render("CMMC-7, CMMC-8 but XCMMC-7 CMMC-7-1 CMMC-9", links=LINKS)
    assert re.findall(r'<a class="([^"]*)" href="([^"]*)"', shown) == [
        ("issue-key", "/browse/CMMC-7"),
        ("issue-key is-done", "/browse/CMMC-8"),
    ]
    assert 'title="Say &#34;hi&#34;"' in shown


def test_only_attached_images_are_shown() -> None:
    assert render("!plan.pdf!", links=LINKS) == "<p>!plan.pdf!</p>"
    assert "<img" not in render("!https://x.test/a.png!", links=LINKS)


def test_emoticons_stand_even_inside_citations_as_they_do_in_jira() -> None:
    assert render("(/)").count("check mark") == 2
    assert 'aria-label="information"' in render("32 CFR 170.21(a)(2)(i)")
    assert render(r"32 CFR 170.21(a)(2)\(i)") == "<p>32 CFR 170.21(a)(2)(i)</p>"


NORMAL = [
    ("a\r\n\r\n\r\nb  ", "a\n\nb"),
    ("h2. T\ntext", "h2. T\n\ntext"),
    ("||a||b||\n|c|d|", "|| a || b ||\n| c | d |"),
    ("|a||b|", "| a || b ||"),
    ("*   a\n-  b", "* a\n* b"),
    ("{color:red}a{color}", "{color:#ff0000}a{color}"),
    (r"\a \{macro}", r"\a \{macro}"),
    ("h1&#46; a &#58;) &#38;#42; a&#58;//b &#92;*", "h1&#46; a &#58;) &#38;#42; a&#58;//b &#92;\\*"),
    ("{macro}", r"\{macro}"),
    (r"plain\_word a \- b", "plain_word a - b"),
    ("+3", r"\+3"),
    ("[AC.L2-3.1.3] a|b", r"\[AC.L2-3.1.3\] a\|b"),
    ("a\n-----\nb", "a\n\n----\n\nb"),
    ("bq. a", "{quote}\na\n{quote}"),
    ("https://x.test", "[https://x.test]"),
    ("(*a*)", "({*}a{*})"),
    (r"a\\b", "a\nb"),
    (r"|a\\b|", r"| a\\ b |"),
    ("{code}x{code}", "{code}\nx\n{code}"),
    ("a{anchor:x}b", "ab"),
    ("[a|https://x.test|smart-link]", "[a|https://x.test]"),
    ("a -- b", "a \N{EN DASH} b"),
    ("!map.png!", '!map.png|alt="map.png"!'),
    ("!map.png|width=760!", '!map.png|width=760,alt="map.png"!'),
    ('!map.png|alt="A map, old",width=3,align=right!', '!map.png|width=3,alt="A map, old"!'),
    ("||a !map.png|thumbnail! b|", '|| a !map.png|thumbnail,alt="map.png"! b ||'),
    ("see !lost.png|width=760! there", r"see \!lost.png\|width=760! there"),
    ("* x !lost.png!\n** !map.png!", '* x \\!lost.png!\n** !map.png|alt="map.png"!'),
]


@pytest.mark.parametrize(("written", "read"), NORMAL)
def test_text_is_read_back_in_the_spelling_of_cloud(written: str, read: str) -> None:
    assert _kept(written) == read


PIECES = [
    *"*_-+^~?!|#&\\{}[]()/:;.<>\"' \n\tab1\u00e9\u2028\x00",
    *("\\\\", "\n\n", "\r\n", "h1. ", "bq. ", "* ", "# ", "** ", "----", "--", " -- ", "||", "CMMC-7", "{foo}"),
    *("{quote}", "{code}", "{code:java|title=x}", "{noformat}", "{panel}", "{panel:title=T|bgColor=red}"),
    *("{*}", "{_}", "{??}", "??", "{{", "}}", "{color:red}", "{color}", "{anchor:x}"),
    *("[a|http://x]", "[~accountid:u1]", "[^plan.pdf]", "!map.png!", "!map.png|width=3!", "http://x.y/z", "https://"),
    *("(x)", "(i)", ":)", "(*y)", "(*", "*)", "&#", "&#42;", "&#32;", "&#92;"),
]
MARKUP = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(MARKUP)
def test_normalising_never_changes_what_is_shown_and_twice_is_once(text: str) -> None:
    once = _kept(text)
    assert render(once, links=LINKS) == render(text, links=LINKS)
    assert _kept(once) == once


@settings(max_examples=200, deadline=None)
@given(MARKUP)
def test_what_is_written_means_what_was_read(text: str) -> None:
    assert parse(to_markup(parse(text))) == parse(text)


class _Seen(HTMLParser):
    """Every tag, attribute and address of a page, and whether each tag was closed in its turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.addresses.extend(value or "" for name, value in attrs if name in {"href", "src"})
        if tag not in {"br", "hr", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


TAGS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "br", "blockquote", "div", "figure", "figcaption", "pre"),
    *("strong", "em", "del", "ins", "sup", "sub", "cite", "code", "span", "a", "img"),
    *("ul", "ol", "li", "table", "tbody", "tr", "td", "th"),
}
ATTRIBUTES = {"class", "href", "src", "alt", "title", "style", "rel", "scope", "role", "aria-label", "width", "height"}
PLACES = ("http://", "https://", "mailto:", "/browse/", "/file/")


def assert_harmless(text: str) -> None:
    seen = _Seen(render(text, links=LINKS))
    assert seen.open == []
    assert seen.tags <= TAGS
    assert seen.attributes <= ATTRIBUTES
    assert all(address.startswith(PLACES) for address in seen.addresses)


@settings(max_examples=300, deadline=None)
@given(MARKUP)
def test_no_text_breaks_out_of_the_tags_we_write(text: str) -> None:
    assert_harmless(text)


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "{noformat}</pre><script>alert(1)</script>{noformat}",
        '{code:java"><script>|title="><script>}</code><script>{code}',
        '{panel:title="><script>|bgColor=red;background:url(//evil)}x{panel}',
        "{color:red;background:url(//evil)}x{color}",
        '{color:"onmouseover=alert(1)}x{color}',
        "[x|javascript:alert(1)]",
        "[x|JaVaScRiPt:alert(1)]",
        "[x|data:text/html;base64,PHNjcmlwdD4=]",
        "[x|vbscript:x]",
        "[javascript:alert(1)]",
        '[x|https://x.test"onclick="alert(1)]',
        "[x|https://x.test'onclick='alert(1)]",
        "[<img src=x onerror=alert(1)>|https://x.test]",
        'https://x.test/"><script>alert(1)</script>',
        "!javascript:alert(1).png!",
        '!map.png|width=1" onerror="alert(1)!',
        "[~<script>]",
        "[^<script>.pdf]",
        "||<script>||</td><script>|",
        "&#60;script&#62;alert(1)&#60;/script&#62;",
        "{html}<script>alert(1)</script>{html}",
    ],
)
def test_an_attack_stays_text(attack: str) -> None:
    assert_harmless(attack)
    assert "<script" not in render(attack, links=LINKS)


@pytest.mark.parametrize(
    "piece",
    ["{{", "[", "[a|", "{code:x}", "{panel:a}", "*_", "|", "http://", "\\", "{quote}{panel:a}", "|a\n", "{*}a", "(("],
)
def test_a_text_of_full_length_is_read_without_delay(piece: str) -> None:
    text = piece * (32_767 // len(piece))
    assert _kept(_kept(text)) == _kept(text)


def test_lists_end_at_a_depth_that_can_be_shown() -> None:
    text = "\n".join("*" * depth + " a" for depth in range(1, 250))
    assert render(text).count("<ul>") == 10
