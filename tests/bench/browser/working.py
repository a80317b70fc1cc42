"""Pages that are worked with: a table of orders, a form, a dashboard, a mailbox, a map."""
from hand import button, icon, link

FOLDERS = ["Inbox", "Starred", "Sent", "Drafts", "Spam", "Bin", "Bills", "Travel", "Lists", "Work"]
COLUMNS = ["Number", "Day", "Part", "Place", "Amount", "Price", "State"]


def order(hand, n):
    number = 4000 + n
    return (f'<tr data-id="{n}"><td><input type="checkbox" aria-label="Choose {number}"> {link(hand, str(number), "order")}</td><td>{hand.day()}</td>'
            f'<td>{hand.title(2, 3)}</td><td>{hand.title(1, 1)} {hand.number(99)}</td><td class="right">{hand.number(500)}</td>'
            f'<td class="right">{hand.number(99999) / 100:.2f}</td><td><span class="badge">{hand.pick("open", "sent", "paid", "back")}</span></td>'
            f'<td>{button("Edit")}</td></tr>')


def table(hand):
    titles = "".join(f'<th scope="col" aria-sort="none"><button type="button" class="sort">{one}</button></th>' for one in COLUMNS)
    return ("Orders", '<h1>Orders</h1><div class="bar"><label>Show <select><option>500</option><option>1000</option></select> rows</label><input type="search" '
            f'aria-label="Filter"></div><table class="rows"><thead><tr>{titles}<th></th></tr></thead><tbody>{hand.many(500, lambda n: order(hand, n))}'
            '</tbody></table>')


def field(hand, n):
    name, kind, need = hand.title(1, 3), n % 8, " required" if n % 4 == 0 else ""
    about = f'<p class="small" id="h{n}">{hand.sentence()}</p>' if n % 3 == 0 else ""
    more = need + (f' aria-describedby="h{n}"' if about else "")
    if kind == 5:
        options = hand.many(12, lambda i: f'<option value="{i}">{hand.title(1, 2)}</option>')
        inner = f'<label for="i{n}">{name}</label><select id="i{n}" name="i{n}"{more}>{options}</select>'
    elif kind == 6:
        inner = f'<label class="choice"><input type="checkbox" id="i{n}" name="i{n}"{more}> {hand.sentence()}</label>'
    elif kind == 7:
        radios = hand.many(4, lambda i: f'<label class="choice"><input type="radio" name="i{n}" value="{i}"> {hand.title(1, 2)}</label>')
        inner = f"<fieldset><legend>{name}</legend>{radios}</fieldset>"
    else:
        type_ = ["text", "email", "tel", "number", "date"][kind]
        inner = f'<label for="i{n}">{name}{" *" if need else ""}</label><input type="{type_}" id="i{n}" name="i{n}"{more}>'
    return f'<div class="field">{inner}{about}</div>'


def form(hand):
    fields = [field(hand, n) for n in range(80)]
    groups = hand.many(5, lambda n: (f'<fieldset class="group"><legend>{n + 1}. {hand.title(1, 3)}</legend>{"".join(fields[n * 16:n * 16 + 16])}</fieldset>'))
    return ("Application", f'<h1>Application</h1><p>{hand.text(2, 3)}</p><form method="post" novalidate>{groups}<div class="bar">{button("Keep for later")}'
            '<button class="button button--buy">Send</button></div></form>')


def bars(hand, many):
    def one(n):
        height = hand.number(90) + 5
        return f'<rect x="{n * 12}" y="{100 - height}" width="9" height="{height}"><title>{hand.title(1, 1)}: {height}</title></rect>'
    return f'<svg class="chart" viewBox="0 0 {many * 12} 110" role="img" aria-label="{hand.title()}">{hand.many(many, one)}</svg>'


def panel(hand):
    tabs = "".join(f'<button role="tab" aria-selected="{"true" if one == "Day" else "false"}">{one}</button>' for one in ("Day", "Week", "Month"))
    more = button("⋯", ' aria-label="More"')
    return (f'<section class="panel"><header class="bar"><h2>{hand.title(1, 3)}</h2><div role="tablist">{tabs}</div>{more}</header>{bars(hand, 40)}</section>')


def dashboard(hand):
    side = hand.many(18, lambda _: f'<li><a class="side__link" href="/app/{hand.slug()}">{icon()}<span>{hand.title(1, 2)}</span></a></li>')
    tiles = hand.many(8, lambda _: (f'<div class="tile"><div class="small">{hand.title(1, 2)}</div><div class="tile__number">{hand.number(90000):,}</div>'
                                    f'<div class="small">{hand.pick("+", "−")}{hand.number(90) / 10} % since last week</div></div>'))
    events = hand.many(60, lambda _: (f'<li class="event"><span class="badge">{hand.pick("info", "warning", "error")}</span> <time>{hand.number(24)}:'
                                      f'{hand.number(50) + 10}</time> {hand.sentence()} {link(hand, "Details", "event")}</li>'))
    return ("Dashboard", f'<div class="columns"><nav class="side" aria-label="Sections"><ul>{side}</ul></nav><section class="wide"><h1>Dashboard</h1>'
            f'<div class="tiles">{tiles}</div><div class="panels">{hand.many(6, lambda _: panel(hand))}</div><section class="panel"><h2>Events</h2>'
            f'<ul>{events}</ul></section></section></div>')


def letter(hand, n):
    return ('<tr class="mail" tabindex="0" style="cursor:pointer"><td><input type="checkbox" aria-label="Choose"></td><td><button class="star" '
            f'aria-label="Star" aria-pressed="false">{icon()}</button></td><td><span title="{hand.slug()}@mail.example">{hand.title(1, 2)}</span></td><td>'
            f'<div class="mail__line"><b>{hand.title(3, 8)}</b> <span class="small">— {hand.sentence()}</span></div></td><td>{icon() if n % 4 == 0 else ""}'
            f'</td><td><time>{hand.day()}</time></td></tr>')


def mail(hand):
    folders = "".join(f'<li><a href="/mail/{n}">{icon()}<span>{one}</span> <span class="badge">{hand.number(90)}</span></a></li>'
                      for n, one in enumerate(FOLDERS))
    bar = '<input type="checkbox" aria-label="All">' + "".join(map(button, ("Archive", "Delete", "Move")))
    return ("Inbox (84)", '<div class="columns"><nav class="side" aria-label="Folders"><button class="button button--buy">Write</button>'
            f'<ul>{folders}</ul></nav><section class="wide"><div class="bar" role="toolbar" aria-label="Mail">{bar}<span class="small">1–100 of 8,412</span>'
            f'</div><table class="rows"><tbody>{hand.many(100, lambda n: letter(hand, n))}</tbody></table></section></div>')


def map_(hand):
    place = lambda: (hand.number(1200), hand.number(700))  # noqa: E731
    step = lambda _: f"l{hand.number(160) - 80} {hand.number(160) - 80}"  # noqa: E731

    def house(_):
        x, y = place()
        return f'<polygon class="house" points="{x},{y} {x + 9},{y} {x + 9},{y + 7} {x},{y + 7}"/>'

    def pin(n):
        x, y = place()
        return (f'<g class="pin" role="button" tabindex="0" aria-label="{hand.title(2, 3)}" transform="translate({x} {y})" style="cursor:pointer">'
                f'<circle r="7"/><text y="3">{n + 1}</text></g>')
    roads = hand.many(500, lambda _: f'<path class="road" d="M{hand.number(1200)} {hand.number(700)}{hand.many(14, step)}"/>')
    names = hand.many(150, lambda _: f'<text x="{hand.number(1200)}" y="{hand.number(700)}" class="name">{hand.title(1, 2)}</text>')
    places = hand.many(60, lambda n: (f'<li><a href="#pin{n}"><b>{hand.title(2, 3)}</b></a> <span class="small">{hand.number(50) / 10} of 5 · '
                                      f'{hand.title(1, 2)} street {hand.number(90)} · {hand.pick("open", "closed")}</span>{button("Route")}</li>'))
    zoom = button("+", ' aria-label="Closer"') + button("−", ' aria-label="Farther"')
    return ("Map",
            f'<div class="columns"><aside class="side" aria-label="Places"><h1>Places</h1><ol>{places}</ol></aside><section class="wide"><div class="bar">'
            f'{zoom}</div><svg class="map" viewBox="0 0 1200 700" width="1200" height="700">{hand.many(900, house)}{roads}{names}{hand.many(60, pin)}</svg>'
            '</section></div>')
