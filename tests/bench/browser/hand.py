"""What the pages are written with: words and numbers drawn from a seed, and the frame that all of them have. Nothing in them is anybody's."""
import html
import random

WORDS = """about above across after again against almost along already although always among amount another answer around autumn balance barrel basket
before behind below bench between beyond board border bottle bottom branch bread bridge bright broken brother building butter cabin candle canvas carbon
careful carpet castle cattle centre century chain chance change channel chapter cheese choice circle clay clear clock cloth cloud coast coffee cold colour
column common copper corner cotton country course cover cross crowd current curtain daily dark decade degree delay depth desert detail different dinner
direct distance double drawer early earth eastern effect either electric empty engine enough entire equal evening event every exact example fabric factory
family farmer feather field figure final finger first flavour floor flour flower follow forest formal forward frame fresh friend garden gentle glass
golden grain grass gravel green ground growth guide half hammer handle harbour heavy height hidden history hollow honey hour house human hundred inside
iron island journey kettle kitchen ladder lake large late leather lemon length letter level light linen little local lower machine market marble meadow
measure metal method middle minute mirror modern moment morning mountain narrow nature needle north notice number object ocean often olive orange order
outside oven paint paper parcel path pattern pepper picture piece plain planet plate pocket point powder present pressure purple quarter quiet rail range
rather reason region remain repair return ribbon river road roof round rubber salt sample sand school season second section service shade shallow sheet
shelf shore short shoulder silver simple single sleeve slow small smooth soft south space spoon spring square stable station steam steel stone storm story
straight street strong sugar summer supper surface table thick thread timber together tower town trade train travel under upper valley vessel village
volume wagon water weather week western wheat wheel whole window winter wire wood wool work yellow""".split()
MONTHS = "January March April June July August October December".split()
MENU = ["Home", "New", "Offers", "Kitchen", "Garden", "Workshop", "Paper", "Light", "Travel", "Books", "Music", "Help"]
FOOT = ["Contact", "Delivery", "Returns", "Payment", "Terms", "Privacy", "Imprint", "Jobs", "Newsletter", "Accessibility", "Languages", "Status"]


class Hand:
    """What writes: the same words for the same page, every time."""

    def __init__(self, name):
        self.dice = random.Random("pages " + name)
        self.number = self.dice.randrange

    def words(self, least, most):
        return " ".join(self.dice.choice(WORDS) for _ in range(self.dice.randint(least, most)))

    def title(self, least=2, most=5):
        return self.words(least, most).capitalize()

    def sentence(self):
        text = self.words(6, 11)
        return (text + ", " + self.words(3, 9) if self.number(2) else text).capitalize() + "."

    def text(self, least, most):
        return " ".join(self.sentence() for _ in range(self.dice.randint(least, most)))

    def slug(self):
        return self.words(2, 5).replace(" ", "-")

    def day(self):
        return f"{self.number(28) + 1} {self.dice.choice(MONTHS)} 2025"

    def pick(self, *some):
        return self.dice.choice(some)

    def many(self, count, make):
        return "".join(make(n) for n in range(count))


def link(hand, text, of="go"):
    return f'<a class="link link--{of}" href="/{of}/{hand.slug()}?id={hand.number(10**6)}&amp;from=list">{html.escape(text)}</a>'


def icon():
    return '<svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="M2 8l4 4 8-8" fill="none" stroke="currentColor"/></svg>'


def image(alt, width, height):
    return f'<img src="/dot.svg" width="{width}" height="{height}" alt="{alt}">'


def button(text, more=""):
    return f'<button class="button" type="button"{more}>{text}</button>'


def head(hand):
    items = "".join(f'<li class="menu__item">{link(hand, one, "menu")}</li>' for one in MENU)
    find = ('<form class="find" role="search" action="/find"><input class="find__field" type="search" name="q" placeholder="Search" aria-label="Search">'
            f'<button class="button" type="submit">{icon()}<span class="unseen">Search</span></button></form>')
    account = button("Account", ' aria-haspopup="menu" aria-expanded="false"')
    return (f'<header class="top"><div class="top__in"><a class="logo" href="/">{icon()}<span>Harbour</span></a>{find}<div class="top__end">{account}'
            f'{link(hand, "Basket (3)", "basket")}</div></div><nav class="menu" aria-label="Main"><ul>{items}</ul></nav></header>')


def foot(hand):
    columns = "".join(f'<div class="foot__column"><h3>{hand.title(1, 2)}</h3><ul>'
                      + "".join(f"<li>{link(hand, one, 'foot')}</li>" for one in FOOT[at::3]) + "</ul></div>" for at in range(3))
    return f'<footer class="foot"><div class="foot__in">{columns}</div><p class="small">All prices with taxes. {hand.sentence()}</p></footer>'


def framed(hand, title, body):
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><meta name="viewport" content="width=device-width">'
            '<link rel="stylesheet" href="/style.css"><script src="/app.js" defer></script></head><body><a class="unseen" href="#main">To the content</a>'
            f'{head(hand)}<main id="main" class="main">{body}</main>{foot(hand)}</body></html>')
