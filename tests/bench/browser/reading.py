"""Pages that are read: a shop, an article with notes, a forum, the results of a search, documentation."""
import html

from hand import button, icon, image, link

SECTIONS = ["Early days", "Materials", "Tools", "The workshop", "Trade", "Decline", "Revival", "Today", "In other countries", "Law", "Criticism", "Numbers"]


def card(hand, n):
    stars, name, price, at = hand.number(5) + 1, hand.title(2, 4), hand.number(9000) + 300, f"/p/{hand.slug()}-{n}"
    sale = '<span class="badge">Sale</span>' if n % 5 == 0 else ""
    remember = button(icon(), f' aria-label="Remember {name}" aria-pressed="false"')
    return (f'<li class="grid__cell"><article class="card"><a class="card__picture" href="{at}">{image(name, 160, 120)}{sale}</a><div class="card__body">'
            f'<h3 class="card__name"><a href="{at}">{name}</a></h3><div class="stars" role="img" aria-label="{stars} of 5 stars">{icon() * stars}</div>'
            f'<span class="small">({hand.number(900)})</span><p class="card__about">{hand.sentence()}</p><div class="price"><span class="price__now">'
            f'{price / 100:.2f} €</span> <del>{price / 80:.2f} €</del></div><p class="small">{hand.pick("In stock", "Only 3 left", "In 2 weeks")}</p>'
            f'<button class="button button--buy" type="button">Add to basket</button>{remember}</div></article></li>')


def shop(hand):
    choice = lambda f, n: (f'<label class="choice"><input type="checkbox" name="f{f}" value="{n}"><span>{hand.title(1, 2)}</span> '  # noqa: E731
                           f'<span class="small">({hand.number(300)})</span></label>')
    filters = hand.many(6, lambda f: f'<fieldset class="filter"><legend>{hand.title(1, 1)}</legend>{hand.many(8, lambda n: choice(f, n))}</fieldset>')
    cards, pages = hand.many(48, lambda n: card(hand, n)), hand.many(8, lambda n: f'<li>{link(hand, str(n + 1), "page")}</li>')
    return ("Kitchen, 1,204 things",
            f'<nav class="crumbs" aria-label="Breadcrumb"><ol><li>{link(hand, "Home")}</li><li>{link(hand, "Kitchen")}</li></ol></nav><h1>Kitchen</h1>'
            f'<div class="columns"><aside class="side" aria-label="Filters"><form>{filters}<button class="button">Show</button></form></aside>'
            '<section class="wide"><div class="bar"><span>1,204 things</span><label>Sort by <select name="sort"><option>Best</option><option>Price</option>'
            f'<option>New</option><option>Rating</option></select></label></div><ul class="grid">{cards}</ul>'
            f'<nav aria-label="Pages"><ul class="pages">{pages}</ul></nav></section></div>')


def noted(hand, notes):
    """A paragraph, with links and notes in it as they come."""
    pieces = []
    for _ in range(hand.number(4) + 4):
        pieces.append(hand.sentence())
        if hand.number(3) == 0:
            pieces.append(f"See {link(hand, hand.words(1, 3), 'wiki')}.")
        if hand.number(3) == 0:
            at = len(notes) + 1
            notes.append(f'<li id="n{at}"><a href="#r{at}" aria-label="Back to the text">↑</a> {hand.title()}. {hand.title(1, 2)} {1900 + hand.number(120)}, '
                         f'p. {hand.number(400)}. {link(hand, "doi", "doi")}</li>')
            pieces.append(f'<sup id="r{at}"><a href="#n{at}">[{at}]</a></sup>')
    return f"<p>{' '.join(pieces)}</p>"


def article(hand):
    notes, parts = [], []
    for at, name in enumerate(SECTIONS):
        figure = f'<figure>{image(hand.title(), 220, 140)}<figcaption>{hand.sentence()}</figcaption></figure>' if at % 2 else ""
        texts = hand.many(6, lambda _: noted(hand, notes))
        parts.append(f'<section><h2 id="s{at}">{name} <span class="edit">[<a href="/edit?section={at}">edit</a>]</span></h2>{figure}{texts}</section>')
    contents = "".join(f'<li><a href="#s{at}">{at + 1} {name}</a></li>' for at, name in enumerate(SECTIONS))
    facts = hand.many(14, lambda _: f'<tr><th scope="row">{hand.title(1, 2)}</th><td>{hand.title(2, 6)}</td></tr>')
    return ("A history of the harbour",
            f'<article><h1>A history of the harbour</h1><p class="small">{hand.sentence()}</p><table class="facts"><caption>Facts</caption>{facts}</table>'
            f'<nav aria-label="Contents"><h2>Contents</h2><ol>{contents}</ol></nav>{"".join(parts)}<section><h2>Notes</h2><ol class="notes">'
            f'{"".join(notes)}</ol></section></article>')


def post(hand, n):
    quote = f'<blockquote class="quote"><p>{hand.text(1, 2)}</p></blockquote>' if n % 3 == 1 else ""
    code = f"<pre><code>{hand.slug()} --{hand.words(1, 1)} {hand.number(99)}\n{hand.slug()}</code></pre>" if n % 7 == 3 else ""
    body = hand.many(hand.number(3) + 1, lambda _: f"<p>{hand.text(1, 4)}</p>")
    return (f'<li><article class="post" id="p{n}"><div class="post__who">{image("", 40, 40)}<a href="/user/{n * 7}">reader-{n * 7}</a><span class="small">'
            f'{hand.number(4000)} posts</span></div><div class="post__body"><header class="small"><a href="#p{n}">#{n + 1}</a> '
            f'<time>{hand.day()}</time></header>'
            f'{quote}{body}{code}<div class="bar">{button(f"Like ({hand.number(40)})")}{button("Quote")}{button("Report")}</div></div></article></li>')


def forum(hand):
    return ("How to mend a kettle", f'<h1>How to mend a kettle</h1><ol class="posts">{hand.many(60, lambda n: post(hand, n))}</ol><form><h2>Answer</h2>'
            '<textarea aria-label="Answer" rows="6"></textarea><button class="button">Send</button></form>')


def result(hand):
    about, deep = button("⋮", ' aria-label="About this result"'), " · ".join(link(hand, hand.title(1, 2), "deep") for _ in range(4))
    return (f'<div class="result"><div class="result__where">{image("", 18, 18)}<cite>https://{hand.slug()}.example › '
            f'{hand.words(1, 1)} › {hand.words(1, 2)}</cite>{about}</div><a href="https://{hand.slug()}.example/{hand.slug()}?ref={hand.number(10**9)}">'
            f'<h3>{hand.title(4, 9)}</h3></a><p class="small">{hand.day()} — {hand.text(2, 3)}</p><div>{deep}</div></div>')


def results(hand):
    asked = hand.many(6, lambda _: f'<details><summary>{hand.title(5, 9)}?</summary><p>{hand.text(2, 4)}</p></details>')
    tabs = "".join(f'<li>{link(hand, one, "tab")}</li>' for one in ("All", "Pictures", "News", "Places", "Shopping", "Books", "Tools"))
    related = hand.many(8, lambda _: f"<li>{link(hand, hand.words(3, 5), 'find')}</li>")
    return ("kettle repair - search",
            f'<nav aria-label="Kinds"><ul class="pages">{tabs}</ul></nav><p class="small">About 1,240,000 results</p><div class="columns">'
            f'<section class="wide" aria-label="Results">{hand.many(20, lambda _: result(hand))}<h2>Also asked</h2>{asked}<h2>Related</h2><ul>{related}</ul>'
            f'</section><aside class="side"><h2>Kettle</h2>{image("A kettle", 200, 150)}<p>{hand.text(4, 6)}</p></aside></div>')


def branch(hand, deep):
    if deep == 0:
        return f'<li role="treeitem">{link(hand, hand.slug(), "docs")}</li>'
    below = hand.many(6, lambda _: branch(hand, deep - 1))
    return f'<li role="treeitem" aria-expanded="true"><span class="fold">{icon()}{hand.title(1, 2)}</span><ul role="group">{below}</ul></li>'


def function(hand):
    name = hand.slug().replace("-", "_")
    given = hand.many(5, lambda _: (f"<tr><td><code>{hand.words(1, 1)}</code></td><td><code>{hand.pick('string', 'number', 'bool', 'list')}</code></td>"
                                    f"<td>{hand.sentence()}</td></tr>"))
    code = hand.many(6, lambda _: f"{hand.words(1, 1)} = {name}({hand.number(99)}, '{hand.words(2, 3)}')  # {hand.words(3, 6)}\n")
    return (f'<section><h2 id="{name}"><code>{name}()</code><a class="anchor" href="#{name}" aria-label="Link to this">¶</a></h2><p>{hand.text(2, 4)}</p>'
            f'<table><thead><tr><th>Name</th><th>Type</th><th>What it is</th></tr></thead><tbody>{given}</tbody></table><div class="code">{button("Copy")}'
            f'<pre><code>{html.escape(code)}</code></pre></div><p class="note" role="note">{hand.sentence()}</p></section>')


def docs(hand):
    tree = hand.many(5, lambda _: branch(hand, 2))
    return ("Reference", f'<div class="columns"><nav class="side" aria-label="Documentation"><ul role="tree">{tree}</ul></nav><article class="wide">'
            f'<h1>Reference</h1><p>{hand.text(3, 4)}</p>{hand.many(14, lambda _: function(hand))}<nav class="bar">{link(hand, "Previous", "docs")}'
            f'{link(hand, "Next", "docs")}</nav></article></div>')
