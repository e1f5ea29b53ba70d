#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The corpus of the embedded model: little stories and short chats, written by a small grammar.

Every text here is original: it comes from the templates below and from nothing else.  A story is
told from a state (a hero, a friend, an object with a colour, a place, a weather, a problem, a help
and an end), so that names, pronouns and colours stay consistent, and so that the facts of a story
are known and can be asked about in a chat.

  document(seed, index)  ->  ("story", text)  or  ("chat", [(role, content), ...])

The same seed and index always give the same document.  Only Python's standard library is used.
Run as a program it prints some samples:  python3 corpus.py [count] [seed]
"""
import random
import sys

GIRLS = """Lily Mia Anna Emma Rosa Nina Clara Lucy Ella Sara Maya Zoe Ruby Ivy Alice Nora Lena Eva
Julia Sofia Hana Amy Kate Molly Daisy Luna Elsa Marta Olga Tina Vera Wanda Yuki Pia Greta Flora Iris
Jane Lola Nelly Penny Rita Sally Tess Una Bella Carmen Dora Edith Fiona Gina Hilda Inez Joy""".split()
BOYS = """Tom Ben Max Sam Leo Tim Jack Finn Paul Hugo Noah Luca Adam Oscar Peter David Felix Theo Emil
Omar Ravi Kai Milo Otto Ned Bruno Carlo Diego Erik Fred Gus Henry Ivan Jonas Karl Liam Mario Nico Oliver
Pablo Quinn Roy Simon Toby Ugo Victor Walter Yann Zack Alex Bob Colin Dan John""".split()
PETS = """Pip Coco Rex Momo Bibi Fluffy Biscuit Pepper Button Sunny Patch Bubbles Ginger Nutmeg Spot
Ziggy Dot Pumpkin Mango Waffles Snowy Tiny Rusty Bramble Hazel Maple Clover Peanut Olive Cookie Whiskers
Tango Bingo Lulu Kiki Jojo Nono Toto Fifi Bobo Dodo Gigi Zuzu Poppy Smoky Teddy Honey Muffin""".split()
ANIMALS = """dog cat rabbit bear fox mouse duck frog bird owl pony pig cow hen goat turtle squirrel
hedgehog elephant lion llama sheep donkey kitten puppy monkey penguin lamb beaver tiger wolf snail bee
dragon robot horse""".split()
COLOURS = "red blue green yellow orange purple pink white black brown golden silver grey".split()
OBJECTS = """ball kite hat scarf boat car train drum book cup bag box bell button balloon blanket bike doll
umbrella key ring shell stone basket flute lamp boot spoon puppet coat whistle ribbon bucket pencil
feather mask clock crown bottle cart flag mirror rope necklace wagon""".split()
FOODS = """apple cake cookie pie sandwich banana pear carrot bun pancake peach muffin""".split()
SIZES = "big small little tiny tall round".split()
KIND_ADJ = """little small happy kind brave funny quiet clever curious gentle young shy cheerful friendly
sleepy busy""".split()
# (noun, where preposition)
PLACES = [("park", "in"), ("garden", "in"), ("forest", "in"), ("meadow", "in"), ("village", "in"),
          ("town", "in"), ("farm", "on"), ("hill", "on"), ("beach", "on"), ("river", "by"),
          ("lake", "by"), ("sea", "by"), ("market", "at"), ("playground", "at"), ("pond", "by"),
          ("valley", "in"), ("field", "in"), ("bridge", "at"), ("mill", "at"), ("wood", "in")]
SPOTS = ["under a bench", "behind a tree", "in a bush", "beside a big rock", "in the tall grass",
         "under a pile of leaves", "behind an old wall", "next to a log", "in a hole in the ground",
         "under a bridge", "behind a fence", "in an empty nest", "near a small stream",
         "between two stones", "under an old cart", "behind the flowers"]
HOMES = ["in a small house", "in a little village", "near the forest", "by the sea", "on a farm",
         "in a big town", "on a green hill", "near a river", "in a tall tree house", "by a quiet lake",
         "in a stone house", "at the end of a long road", "in a warm little home", "near an old mill"]
WEATHER = ["sunny", "windy", "cloudy", "warm", "cold", "snowy", "rainy", "foggy"]
HELPERS = ["mother", "father", "grandmother", "grandfather", "sister", "brother", "aunt", "uncle"]
SHE_HELPERS = {"mother", "grandmother", "sister", "aunt"}
FLOWERS = "rose tulip daisy sunflower lily poppy violet".split()
SYL_A = "ba be bo da do fa fi ga ka ki la le li lo ma mi mo na ne no pa ra ri ro sa so ta ti to va vi za zo".split()
SYL_B = "ra ri la lo na no ma mi sa ta ti ko ka ni vi zu do da li len rin dor mar nel sel ton bix ".split()


def an(word):
    return ("an " if word[0] in "aeiou" else "a ") + word


def cap(text):
    return text[0].upper() + text[1:]


class Who:
    """A character: a name, a kind (girl, boy, an animal), and the pronouns that go with it."""

    def __init__(self, r, kind=None, name=None, avoid=()):
        self.kind = kind or r.choice(["girl", "boy"] * 12 + ANIMALS)
        self.female = r.random() < 0.5
        if self.kind in ("girl", "woman", "hen", "cow", "princess", "queen"):
            self.female = True
        if self.kind in ("boy", "man", "prince", "king"):
            self.female = False
        while not name:
            x = r.random()
            if x < 0.22:
                name = "".join(r.choice(SYL_A if i == 0 else SYL_B) for i in range(r.choice([2, 2, 3]))).capitalize()
            elif self.person:
                name = r.choice(GIRLS if self.female else BOYS)
            else:
                name = r.choice(PETS if x < 0.8 else GIRLS if self.female else BOYS)
            if name in avoid:
                name = None
        self.name = name
        self.he, self.him, self.his = ("she", "her", "her") if self.female else ("he", "him", "his")
        self.He, self.His = cap(self.he), cap(self.his)
        self.adj = r.choice(KIND_ADJ)

    @property
    def person(self):
        return self.kind in ("girl", "boy", "woman", "man", "princess", "prince", "queen", "king")


class Story:
    """One story: the text in parts, and the facts that can be asked about afterwards."""

    def __init__(self, r, kind=None, name=None, plot=None, colour=None, obj=None, place=None):
        self.r = r
        self.h = Who(r, kind, name)
        self.f = Who(r, None, None, (self.h.name,))
        while self.f.kind == self.h.kind and not self.f.person:
            self.f = Who(r, None, None, (self.h.name,))
        self.colour = colour or r.choice(COLOURS)
        self.obj = obj or r.choice(OBJECTS)
        if place:
            self.place, self.prep = next(x for x in PLACES if x[0] == place)
        else:
            self.place, self.prep = r.choice(PLACES)
        self.at = f"{self.prep} the {self.place}"
        self.spot = r.choice(SPOTS)
        self.weather = r.choice(WEATHER)
        self.helper = r.choice(HELPERS)
        self.facts = []
        self.parts = []
        self.plot = plot or r.choice(list(PLOTS))
        PLOTS[self.plot](self)
        h = self.h
        self.fact([f"What was the {h.kind}'s name?", f"What was the name of the {h.kind}?", f"Who was the {h.kind}?",
                   f"What is the {h.kind} called?", "Who was the story about?", f"What is the name of the {h.kind}?"],
                  [f"The {h.kind}'s name was {h.name}.", f"The {h.kind} was called {h.name}."], h.name)
        self.fact([f"Who was {h.name}?", f"What was {h.name}?", f"What kind of animal was {h.name}?" if not h.person
                   else f"Was {h.name} a girl or a boy?"], [f"{h.name} was {an(h.kind)}."], h.kind)

    def p(self, *options):
        return self.r.choice(options)

    def say(self, *sentences):
        self.parts.append(" ".join(s for s in sentences if s))

    def fact(self, questions, answers, key):
        self.facts.append((questions, answers, key))

    def text(self, paragraphs):
        return ("\n" if paragraphs else " ").join(self.parts)

    # ---- shared pieces -------------------------------------------------------------------------

    def opening(self, with_object=False, home=None):
        p, h = self.p, self.h
        adj = h.adj + " " if self.r.random() < 0.75 else ""
        kind = an(adj + h.kind)
        start = self.r.random()
        if start < 0.55:
            s = p(f"Once upon a time, there was {kind} named {h.name}.", f"Once upon a time, there was {kind} called {h.name}.",
                  f"Once upon a time there was {kind} named {h.name}.", f"Once upon a time, {kind} named {h.name} lived {self.home()}.",
                  f"Once upon a time, {self.where_start()}, there lived {kind} named {h.name}.")
        elif start < 0.75:
            s = p(f"There was {kind} named {h.name}.", f"There was once {kind} named {h.name}.", f"There was {kind} called {h.name}.",
                  f"There once was {kind} called {h.name}.")
        elif start < 0.9:
            s = p(f"{h.name} was {kind}.", f"{h.name} was {kind} who lived {self.home()}.")
        else:
            s = p(f"Long ago, there was {kind} named {h.name}.", f"Far away, {self.where_start()}, lived {kind} named {h.name}.",
                  f"This is the story of {kind} named {h.name}.")
        if "live" not in s and self.r.random() < 0.45:
            s += " " + p(f"{h.He} lived {self.home()}.", f"{h.name} lived {self.home()}.",
                         f"{h.He} lived {self.home()} with {h.his} {self.helper}.")
        return s

    def home(self):
        self.home_text = getattr(self, "home_text", None) or self.r.choice(HOMES)
        self.fact_home()
        return self.home_text

    def where_start(self):
        return self.home()

    def fact_home(self):
        if not getattr(self, "home_known", False):
            self.home_known = True
            self.fact([f"Where did {self.h.name} live?", f"Where did the {self.h.kind} live?", f"Where was {self.h.name}'s home?"],
                      [f"{self.h.name} lived {self.home_text}."], self.home_text)

    def day(self):
        w = self.weather
        return self.p("One day,", "One day,", f"One {w} day,", f"One {w} morning,", "One morning,", f"One {w} afternoon,")

    def object_facts(self, thing="had"):
        c, o, h = self.colour, self.obj, self.h
        self.fact([f"What colour was the {o}?", f"What color was the {o}?", f"What was the colour of the {o}?",
                   f"What colour was {h.name}'s {o}?"], [f"The {o} was {c}."], c)
        if thing == "had":
            self.fact([f"What did {h.name} have?", f"What did the {h.kind} love?", f"What was {h.his} favourite thing?"],
                      [f"{h.name} had {an(c)} {o}.", f"{h.He} had {an(c)} {o}."], o)

    def place_fact(self):
        h = self.h
        self.fact([f"Where did {h.name} go?", f"Where did the {h.kind} go?", f"Where did {h.he} go?"],
                  [f"{h.name} went to the {self.place}.", f"{h.He} went to the {self.place}."], self.place)

    def meets(self):
        """Introduces the friend in one sentence; afterwards the friend is known by name."""
        p, h, f = self.p, self.h, self.f
        k = an((f.adj + " " if self.r.random() < 0.5 else "") + f.kind)
        self.friend_facts(True)
        return p(f"Then {h.he} met {k} named {f.name}.", f"Just then, {k} named {f.name} came by.",
                 f"On the way, {h.name} met {k} called {f.name}.", f"Soon {k} named {f.name} came along.",
                 f"{cap(k)} named {f.name} saw {h.him} and came closer.")

    def friend_facts(self, helped=False):
        h, f = self.h, self.f
        self.fact([f"What was the name of {h.name}'s friend?", f"Who was {h.name}'s friend?"] +
                  ([f"Who helped {h.name}?", f"Who helped the {h.kind}?"] if helped else []) +
                  ([f"What was the {f.kind}'s name?", f"What was the name of the {f.kind}?"] if f.kind != h.kind else []),
                  [f"It was {f.name}."], f.name)
        self.fact([f"Who was {f.name}?", f"What was {f.name}?"], [f"{f.name} was {an(f.kind)}."], f.kind)

    def feel_bad(self):
        h = self.h
        return self.p(f"{h.name} was very sad.", f"{h.name} felt sad.", f"{h.He} was sad and began to cry.", f"{h.name} started to cry.",
                      f"{h.name} did not know what to do.", f"{h.He} sat down and cried.", f'"Oh no!" said {h.name}.',
                      f'"Oh no! What can I do?" said {h.name}.')

    def asks(self, problem):
        h, f = self.h, self.f
        why = self.p(f'"Why are you sad?" asked {f.name}.', f'"What is wrong?" asked {f.name}.', f'"Can I help you?" asked {f.name}.',
                     f'{f.name} asked, "What happened?"')
        return why + " " + self.p(f'"{problem}," said {h.name}.', f'{h.name} said, "{problem}."')

    def offers(self):
        f, h = self.f, self.h
        return self.p(f'"Do not worry," said {f.name}. "I will help you."', f'"I can help you," said {f.name}.', f'{f.name} smiled and said, "Let us do it together."',
                      f'"I have an idea," said {f.name}.', f'{f.name} said, "I will help you."')

    def thanks(self):
        h, f = self.h, self.f
        return self.p(f'"Thank you, {f.name}!" said {h.name}.', f'{h.name} said, "Thank you, {f.name}! You are a good friend."',
                      f'{h.name} hugged {f.name} and said, "Thank you!"', f'"You are very kind," said {h.name}.',
                      f'"Thank you for your help," said {h.name}. "You are welcome," said {f.name}.')

    def end(self):
        h, f = self.h, self.f
        return self.p(f"From that day on, {h.name} and {f.name} were best friends.", f"{h.name} and {f.name} played together until the sun went down.",
                      f"They were happy, and they played together every day.", f"After that, {h.name} and {f.name} were good friends.",
                      f"That night, {h.name} went to sleep with a smile.", f"{h.name} went home and was very happy.",
                      f"And they all lived happily ever after.", f"{h.name} was happy again. The end.",
                      f"{h.name} learned that it is good to have a friend.", f"Then {h.name} and {f.name} went home together. The end.")

    def end_alone(self):
        h, m = self.h, self.helper
        return self.p(f"{h.name} was very happy.", f"That night, {h.name} went to sleep with a smile.", f"{h.name} and {h.his} {m} were happy. The end.",
                      f"From that day on, {h.name} was never afraid to try.", f"{h.name} never forgot that day.",
                      f"{h.name} went home and told {h.his} {m} all about it.", f"And {h.name} lived happily ever after.")


# ---- plots -------------------------------------------------------------------------------------

def plot_lost(s):
    p, h, f, c, o = s.p, s.h, s.f, s.colour, s.obj
    s.say(s.opening(), p(f"{h.name} had {an(c)} {o}.", f"{h.He} had {an(c)} {o}, and {h.he} loved it very much.", f"{h.name} loved {h.his} {c} {o}.",
                         f"{h.His} favourite thing was {an(c)} {o}."))
    s.object_facts()
    s.place_fact()
    s.say(s.day() + " " + p(f"{h.name} went to the {s.place} with the {o}.", f"{h.he} took the {o} to the {s.place}.", f"{h.name} went to play {s.at}."),
          p(f"{h.He} played and ran and laughed.", f"{h.He} ran after a butterfly.", f"{h.He} had a lot of fun.", f"The wind was strong.", ""),
          p(f"But then the {o} was gone!", f"Then {h.he} saw that the {o} was gone.", f"When it was time to go home, {h.he} could not find the {o}.",
            f"But {h.he} lost the {o}."), s.feel_bad())
    s.fact([f"What did {h.name} lose?", f"What did the {h.kind} lose?", "What was lost?"], [f"{h.name} lost the {o}.", f"{h.He} lost the {c} {o}."], o)
    s.say(s.meets(), s.asks(p(f"I lost my {o}", f"I cannot find my {o}", f"My {c} {o} is gone")), s.offers())
    s.say(p(f"They looked and looked.", f"They looked all around the {s.place}.", f"They looked {s.r.choice(SPOTS)}, but it was not there."),
          p(f"At last, {f.name} found the {o} {s.spot}.", f"Then {f.name} saw something {c} {s.spot}. It was the {o}!",
            f"{f.name} looked {s.spot}. There was the {c} {o}!"), s.thanks())
    s.fact([f"Where was the {o}?", f"Where did they find the {o}?", f"Where did {f.name} find the {o}?"], [f"The {o} was {s.spot}."], s.spot)
    s.fact([f"Who found the {o}?"], [f"{f.name} found the {o}."], f.name)
    s.say(s.end())


def plot_stuck(s):
    p, h, f, c = s.p, s.h, s.f, s.colour
    s.obj = o = s.obj if s.obj in ("kite", "ball", "balloon", "hat", "scarf", "flag", "ribbon") else s.r.choice(["kite", "ball", "balloon", "hat", "scarf"])
    s.say(s.opening(), p(f"{h.name} had {an(c)} {o}.", f"{h.He} had a new {o}. It was {c}.", f"{h.name} had a beautiful {c} {o}."))
    s.object_facts()
    s.place_fact()
    s.say(s.day() + " " + p(f"{h.name} went to the {s.place} to play.", f"{h.he} went to the {s.place} with the {o}."),
          p("The wind began to blow.", "A strong wind came.", f"{h.name} ran very fast.", ""),
          p(f"The {o} flew up and got stuck in a tall tree.", f"The {o} went up, up, up, and it got stuck in a tree."),
          p(f"{h.name} jumped, but {h.he} could not reach it.", f"{h.He} tried to climb the tree, but it was too high.", f"The tree was too tall for {h.name}."),
          s.feel_bad())
    s.fact([f"Where was the {o} stuck?", f"Where did the {o} get stuck?", f"What happened to the {o}?"], [f"The {o} got stuck in a tree."], "tree")
    how = s.r.choice([("climbed the tree", f"{f.name} climbed up the tree and got the {o}."), ("shook the tree", f"{f.name} shook the tree, and the {o} fell down."),
                      ("used a long stick", f"{f.name} took a long stick and pushed the {o} down."), ("brought a ladder", f"{f.name} brought a ladder and got the {o} down.")])
    s.say(s.meets(), s.asks(p(f"My {o} is stuck in the tree", f"I cannot reach my {o}")), s.offers(), how[1])
    s.fact([f"How did {f.name} help?", f"What did {f.name} do?", f"How did {f.name} get the {o}?"], [f"{f.name} {how[0]}."], how[0])
    s.say(s.thanks(), s.end())


def plot_hungry(s):
    p, h, f = s.p, s.h, s.f
    food = s.r.choice(FOODS)
    f.__init__(s.r, s.r.choice([a for a in ANIMALS if a not in ("robot", h.kind)]), None, (h.name,))
    s.place_fact()
    s.say(s.opening(), p(f"{h.name} liked to walk {s.at}.", f"{h.He} was always kind to others.", ""))
    s.say(s.day() + " " + p(f"{h.name} went to the {s.place} with {an(food)}.", f"{h.his} {s.helper} gave {h.him} {an(food)}, and {h.name} went to the {s.place}."),
          p(f"{s.at.capitalize()}, {h.he} saw {an(f.kind)}.", f"There {h.he} found {an(f.adj)} {f.kind}."),
          p(f"The {f.kind} looked weak and sad.", f"The {f.kind} was cold and alone.", f"The {f.kind} was crying."))
    s.say(p(f'"What is your name?" asked {h.name}.', f'"Hello, who are you?" asked {h.name}.'), p(f'"I am {f.name}," said the {f.kind}. "I am so hungry."',
          f'"My name is {f.name}, and I have nothing to eat," said the {f.kind}.'),
          p(f"{h.name} wanted to help.", f"{h.name} thought for a moment.", f"{h.name} felt sorry for {f.name}."),
          p(f"{h.He} gave {f.name} the {food}.", f"{h.He} broke the {food} in two and gave half to {f.name}.", f"{h.He} shared the {food} with {f.name}."))
    s.fact([f"What did {h.name} give to {f.name}?", f"What did {f.name} eat?", f"What did {h.name} share?", f"What food did {h.name} have?"],
           [p(f"It was {an(food)}.")], food)
    s.fact([f"Who was hungry?", f"What was the {f.kind}'s name?", f"What was the name of the {f.kind}?"], [f"It was {f.name}.", f"{f.name} was the {f.kind}."], f.name)
    s.fact([f"What kind of animal was {f.name}?", f"Who was {f.name}?"], [f"{f.name} was {an(f.kind)}."], f.kind)
    s.say(p(f"{f.name} ate it all and felt much better.", f"{f.name} ate and ate, and then {f.he} smiled."), f'"Thank you, {h.name}!" said {f.name}. ' +
          p('"Now we are friends."', '"You are very kind."', '"Will you be my friend?"'))
    s.say(s.end())


def plot_afraid(s):
    p, h, f = s.p, s.h, s.f
    fear, scene, brave = s.r.choice([
        ("the dark", "When night came, the room was very dark.", "looked at the stars and was not afraid"),
        ("the storm", "One night there was a big storm, and the thunder was loud.", "listened to the rain and was not afraid"),
        ("the water", f"One day they all went to the lake to swim.", "put one foot in the water, and then the other"),
        ("high places", "One day the others climbed a tall hill.", "went up the hill, one step at a time"),
        ("loud noises", "One day there was a big party with drums.", "played the drum too, and it was fun"),
        ("the snow", "One morning, everything was white with snow.", "made a big snowman and laughed")])
    s.say(s.opening(), p(f"{h.name} was afraid of {fear}.", f"But {h.name} had a problem. {h.He} was afraid of {fear}."))
    s.fact([f"What was {h.name} afraid of?", f"What was the {h.kind} afraid of?", f"Why was {h.name} afraid?"], [f"{h.name} was afraid of {fear}."], fear)
    s.say(scene, p(f"{h.name} hid under a blanket.", f"{h.name} wanted to run away.", f"{h.name} closed {h.his} eyes.", f"{h.name} began to shake."), p(s.feel_bad(), ""))
    k = an(f.kind)
    s.friend_facts()
    s.say(p(f"{h.His} friend {f.name} the {f.kind} came to see {h.him}.", f"Then {k} named {f.name} sat down next to {h.him}."), p(f'"I am afraid," said {h.name}.', f'"I am scared of {fear}," said {h.name}.'),
          p(f'"I am here with you," said {f.name}.', f'"You are not alone," said {f.name}. "Take my hand."', f'"I was afraid too," said {f.name}. "But you can be brave."'))
    s.say(p(f"So {h.name} took a deep breath.", f"{h.name} felt better.", f"Slowly, {h.name} stood up."), f"{h.He} {brave}.", p(f'"I did it!" said {h.name}.', f"{f.name} was proud of {h.him}.", ""),
          p(f"After that, {h.name} was not afraid of {fear} any more.", s.end()))


def plot_share(s):
    p, h, f, c, o = s.p, s.h, s.f, s.colour, s.obj
    s.say(s.opening(), p(f"{h.name} had a friend. {h.His} friend was {an(f.kind)} named {f.name}.", f"{h.His} best friend was {f.name} the {f.kind}."))
    s.friend_facts()
    s.object_facts("found")
    s.say(s.day() + " " + p(f"they found {an(c)} {o} {s.at}.", f"{h.name} and {f.name} saw {an(c)} {o} {s.spot}."),
          p(f'"It is mine!" said {h.name}. "No, it is mine!" said {f.name}.', f'Both of them wanted it. "I saw it first!" said {f.name}.', f'"I want the {o}," said {h.name}. "I want it too," said {f.name}.'),
          p("They began to fight.", f"They pulled and pulled.", "They were very angry.", "They did not talk for a long time."))
    s.fact([f"What did they find?", f"What did {h.name} and {f.name} find?", f"What did they both want?"], [f"They found {an(c)} {o}."], o)
    m = s.helper
    s.say(p(f"Then {h.name} saw that {f.name} was sad.", f"{h.name}'s {m} came and said, \"You can share it.\"", f"Then {h.name} felt sorry."),
          p(f'"You can play with it first," said {h.name}.', f'"Let us share the {o}," said {h.name}.', f'"I am sorry," said {h.name}. "We can share."'),
          p(f"{f.name} smiled.", f'"Thank you," said {f.name}. "I am sorry too."', f"{f.name} gave {h.him} a hug."))
    s.say(p(f"They played with the {o} together, and it was more fun.", f"They took turns with the {o}."), p(f"{h.name} and {f.name} learned that sharing is good.", s.end()))


def plot_build(s):
    p, h, f = s.p, s.h, s.f
    thing, mat, fail = s.r.choice([("tower", "stones", "fell down"), ("sand castle", "sand", "fell down"), ("boat", "wood", "sank in the water"), ("tree house", "wood", "broke"),
                                   ("bridge", "wood", "broke"), ("snowman", "snow", "fell over"), ("nest", "sticks", "fell down"), ("little house", "sticks", "blew away in the wind")])
    s.say(s.opening(), p(f"{h.name} wanted to build a {thing}.", f"{h.name} liked to make things."))
    s.fact([f"What did {h.name} build?", f"What did the {h.kind} make?", f"What did {h.name} want to build?"], [f"{h.name} built a {thing}."], thing)
    s.fact([f"What was the {thing} made of?"], [f"The {thing} was made of {mat}."], mat)
    s.say(s.day() + " " + p(f"{h.he} went to the {s.place} and began to build a {thing} of {mat}.", f"{h.name} found some {mat} {s.at} and made a {thing}."),
          p(f"{h.He} worked all morning.", f"It was hard work.", ""), f"But the {thing} {fail}.", s.feel_bad())
    s.place_fact()
    s.say(s.meets(), p(f'"Do not give up," said {f.name}. "Try again, and I will help you."', f'"We can build it together," said {f.name}.', f'"Let me help you," said {f.name}.'),
          p(f"{h.name} and {f.name} worked together.", f"{f.name} brought more {mat}, and {h.name} put it all together.", f"They worked slowly and with care."),
          p(f"This time, the {thing} was big and strong.", f"At last, the {thing} was ready, and it was beautiful."))
    s.say(s.thanks(), p(f"{h.name} learned to try again.", s.end()))


def plot_bake(s):
    p, h, f = s.p, s.h, s.f
    food = s.r.choice(["cake", "pie", "soup", "bread", "pancakes", "cookies"])
    need = s.r.choice(["eggs", "milk", "flour", "sugar", "honey", "butter", "apples", "salt"])
    m = s.helper
    it = "them" if food.endswith("s") else "it"
    some = {"cake": "a cake", "pie": "a pie"}.get(food, food)
    s.say(s.opening(), p(f"It was {h.his} {m}'s birthday.", f"{h.name} wanted to make a surprise for {h.his} {m}.", f"{h.name} liked to cook."))
    s.say(s.day() + f" {h.he} wanted to make {some}.", p(f"But there was no {need}." if not need.endswith("s") else f"But there were no {need}.", f"But {h.he} had no {need}."), s.feel_bad())
    s.fact([f"What did {h.name} make?", f"What did {h.name} want to make?", f"What did they eat?"], [f"It was {some}." if it == "it" else f"They were {some}."], food)
    s.fact([f"What did {h.name} need?", "What was missing?", f"What did {f.name} bring?"], [f"{h.name} needed {need}."], need)
    s.say(s.meets(), s.asks(f"I have no {need}"), p(f'"I have some {need} at home," said {f.name}.', f'"I can give you {need}," said {f.name}.'), p(f"{f.name} ran home and came back with the {need}.", f"{f.name} brought the {need}."),
          s.thanks())
    s.say(p(f"They made the {food} together.", f"Together they made {some}."), p(f"It smelled so good." if it == "it" else "They smelled so good.", ""), p(f"{h.name}'s {m} was very happy.", f'"This is the best {food} in the world," said {h.his} {m}.' if it == "it" else f"Everybody ate and was happy."),
          s.end())


def plot_lostway(s):
    p, h, f = s.p, s.h, s.f
    s.place, s.prep = s.r.choice([("forest", "in"), ("wood", "in"), ("valley", "in"), ("town", "in"), ("market", "at"), ("field", "in")])
    s.at = f"{s.prep} the {s.place}"
    s.place_fact()
    s.say(s.opening(), p(f"{h.name} liked to see new places.", f'{h.His} {s.helper} always said, "Do not go too far."', ""))
    lure = s.r.choice(["a butterfly", "a white bird", "a little mouse", "a sweet smell", "a song", "a shiny light"])
    s.say(s.day() + f" {h.name} went to the {s.place}.", f"{h.He} followed {lure} for a long time.", p("Then it was dark.", f"Then {h.he} did not know the way home.", "Soon everything looked strange."), p(f"{h.name} was lost.", f'"I am lost," said {h.name}.'), s.feel_bad())
    s.fact([f"What did {h.name} follow?", f"What did the {h.kind} follow?"], [f"{h.name} followed {lure}."], lure)
    s.say(s.meets(), s.asks("I am lost, and I want to go home"), p(f'"I know the way," said {f.name}.', f'"Come with me," said {f.name}.', f'"Follow me," said {f.name}.'))
    s.say(p(f"They walked past {s.r.choice(['the old mill', 'a big rock', 'three tall trees', 'a little bridge', 'a blue lake'])}, and soon {h.name} saw {h.his} home.", f"{f.name} showed {h.him} the way, and they walked under the moon."),
          p(f"{h.His} {s.helper} was waiting at the door.", f"{h.name}'s {s.helper} was so happy to see {h.him}."), s.thanks(),
          p(f"{h.name} promised not to go so far alone again.", s.end()))


def plot_garden(s):
    p, h, f, c = s.p, s.h, s.f, s.colour
    fl = s.r.choice(FLOWERS)
    m = s.helper
    she = "She" if m in SHE_HELPERS else "He"
    s.say(s.opening(), p(f"{h.name} loved flowers.", f"{h.name} had a small garden.", ""))
    s.say(s.day() + f" {h.his} {m} gave {h.him} a seed.", p(f"{h.name} put the seed in the ground.", f"{h.He} made a hole and put the seed in it."), p("Every day, " + f"{h.he} looked, but nothing came up.", f"{h.He} waited and waited, but nothing grew."), s.feel_bad())
    s.fact([f"Who gave {h.name} the seed?", f"Who gave {h.name} a seed?"], [f"{h.name}'s {m} gave {h.him} the seed."], m)
    s.say(p(f'"You must give it water and wait," said {h.his} {m}.', f'{h.His} {m} said, "A seed needs water, sun and time."'), p(f"So {h.name} gave it water every morning.", f"So {h.name} gave it water and sang to it."), p("The sun was warm.", "Then the rain came, and the sun.", ""),
          p(f"One morning, there was a beautiful {c} {fl}.", f"At last, {an(c)} {fl} came up."))
    s.fact([f"What colour was the {fl}?", f"What color was the {fl}?", "What colour was the flower?"], [f"The {fl} was {c}."], c)
    s.fact(["What grew from the seed?", "What flower was it?", f"What grew in the garden?"], [f"It was {an(c)} {fl}."], fl)
    s.say(p(f'"Look!" said {h.name}. "It is so pretty!"', f"{h.name} jumped with joy.", f'"{cap(an(c))} {fl}!" said {h.name}.'), p(f"{h.name} gave the {fl} to {h.his} {m}.", f"{h.name} learned that good things need time.", s.end_alone()))


def plot_journey(s):
    p, h, f = s.p, s.h, s.f
    goal = s.r.choice(["the sea", "the moon from the top of the hill", "the snow", "the big city", "a rainbow", "the old castle", "the king", "a whale", "the great waterfall"])
    block = s.r.choice([("a wide river", "carried {him} over the water"), ("a high wall", "helped {him} over the wall"), ("a deep hole", "made a bridge with a log"), ("a dark cave", "held up a little light"), ("a closed gate", "opened the gate with a key")])
    s.say(s.opening(), p(f"{h.name} wanted to see {goal}.", f"More than anything, {h.name} wanted to see {goal}."))
    s.fact([f"What did {h.name} want to see?", f"What did the {h.kind} want?", f"What did {h.name} want?"], [f"{h.name} wanted to see {goal}."], goal)
    s.say(s.day() + p(f" {h.he} put on {h.his} {s.colour} {s.r.choice(['hat', 'boots', 'coat', 'scarf'])} and started to walk.", f" {h.name} said goodbye to {h.his} {s.helper} and went out into the world."), p(f"{h.He} walked and walked.", f"{h.He} walked all day.", f"The road was long."),
          f"Then {h.he} came to {block[0]}.", p(f"{h.name} could not go on.", s.feel_bad()))
    s.fact([f"What was in the way?", f"What stopped {h.name}?"], [f"It was {block[0]}."], block[0])
    s.say(s.meets(), s.asks(f"I want to see {goal}, but I cannot go on"), s.offers(), f"{f.name} {block[1].format(him=h.him)}.", s.thanks())
    s.say(p(f"They went on together, and in the end they saw {goal}.", f"At last, {h.name} saw {goal}."), p(f'"It is so beautiful," said {h.name}.', f"{h.name} smiled a big smile."), s.end())


def plot_truth(s):
    p, h, c = s.p, s.h, s.colour
    o = s.obj = s.r.choice(["cup", "lamp", "clock", "mirror", "bottle", "bowl", "plate", "vase"])
    m = s.helper
    she = "she" if m in SHE_HELPERS else "he"
    s.say(s.opening(), p(f"{h.His} {m} had {an(c)} {o}.", f"In the house there was {an(c)} {o}. It was {h.his} {m}'s favourite."))
    s.object_facts("")
    s.say(s.day() + p(f" {h.name} was playing in the house.", f" {h.name} ran through the room."), p(f"{h.He} hit the {o}, and it fell and broke.", f"Crash! The {o} fell down and broke."), p(f"{h.name} was afraid.", f"{h.name} wanted to hide.", s.feel_bad()))
    s.fact([f"What did {h.name} break?", "What broke?", f"What did the {h.kind} break?"], [f"{h.name} broke the {o}."], o)
    s.say(p(f'Then {h.his} {m} came in. "What happened?" {she} asked.', f'"Who broke the {o}?" asked {h.his} {m}.'), p(f'"I did it. I am sorry," said {h.name}.', f'{h.name} said, "It was me. I am very sorry."'),
          p(f'{cap(h.his)} {m} was not angry. "Thank you for telling the truth," {she} said.', f'"You told the truth, and that is good," said {h.his} {m}.'))
    s.say(p(f"Together they fixed the {o}.", f"Then {h.name} helped to clean up."), p(f"{h.name} learned that it is good to tell the truth.", s.end_alone()))


def plot_sick(s):
    p, h, f = s.p, s.h, s.f
    gift = s.r.choice(["warm soup", "a flower", "a book", "some honey", "a soft blanket", "a basket of apples", "a funny picture", "hot tea"])
    s.friend_facts()
    s.say(s.opening(), p(f"{h.His} best friend was {an(f.kind)} named {f.name}.", f"{h.name} had a good friend, {an(f.kind)} called {f.name}."), p("They played together every day.", ""))
    s.say(s.day() + p(f" {f.name} did not come to play.", f" {h.name} waited, but {f.name} did not come."), p(f"{h.name} went to {f.name}'s house.", f'"Where is {f.name}?" said {h.name}.'), p(f"{f.name} was sick in bed.", f"{f.name} was ill and could not get up."))
    s.fact(["Who was sick?", "Who was ill?"], [f"{f.name} was sick."], f.name)
    s.say(p(f"{h.name} wanted to help.", f"{h.name} was sad, but then {h.he} had an idea."), f"{h.He} brought {f.name} {gift}.", p(f"{h.He} sat next to {f.name} and told {f.him} a story.", f"{h.He} sang a little song.", ""))
    s.fact([f"What did {h.name} bring?", f"What did {h.name} give to {f.name}?"], [f"{h.name} brought {gift}."], gift)
    s.say(p(f'"You are a good friend, {h.name}," said {f.name}.', f'"Thank you, {h.name}," said {f.name}.'), p(f"The next day, {f.name} felt much better.", f"Soon {f.name} was well again."), s.end())


def plot_picnic(s):
    p, h, f = s.p, s.h, s.f
    food, food2 = s.r.sample(["bread", "apples", "cheese", "cake", "pears", "cookies", "lemonade", "nuts", "berries", "sandwiches"], 2)
    s.friend_facts()
    s.place_fact()
    s.weather = s.r.choice(["sunny", "warm"])
    s.say(s.opening(), p(f"{h.name} had a friend called {f.name}. {f.name} was {an(f.kind)}.", f"{h.His} friend was {an(f.kind)} named {f.name}."))
    s.say(s.day() + f" {h.name} and {f.name} went to the {s.place} for a picnic.", p(f"They had {food} and {food2}.", f"They took {food} and {food2} in {an(s.colour)} basket."))
    s.fact(["What did they eat?", "What did they take?", "What food did they have?"], [f"They had {food} and {food2}."], food)
    s.say(p("But then dark clouds came.", "But the sky turned grey."), p("It began to rain.", "Rain fell on everything."), p(f'"Our picnic!" said {h.name}.', f"{h.name} and {f.name} got wet.", s.feel_bad()))
    dry = s.r.choice(["under a big tree", "in an old barn", "in a cave", "under a bridge", "in a little hut"])
    s.say(p(f'"Come with me!" said {f.name}.', f'"I know a dry place," said {f.name}.'), f"They sat {dry} and ate the {food}.", p("They told stories and laughed.", "They sang a song about the rain.", ""))
    s.fact(["Where did they sit?", "Where did they go in the rain?"], [f"They sat {dry}."], dry)
    s.say(p("When the rain stopped, there was a rainbow in the sky.", "Then the sun came back, and they saw a rainbow."), p(f'"What a good day," said {h.name}.', ""), s.end())


def plot_treasure(s):
    p, h, c = s.p, s.h, s.colour
    o = s.obj = s.r.choice(["box", "bag", "bottle", "chest", "egg"])
    inside = s.r.choice(["a golden key", "an old map", "a tiny kitten", "a letter", "a shiny ring", "a silver bell", "a hundred seeds", "a little bird", "a music box"])
    s.object_facts("")
    s.place_fact()
    s.say(s.opening(), p(f"{h.name} was very curious.", f"{h.name} liked to look for treasure.", ""))
    s.say(s.day() + f" {h.name} went to the {s.place}.", p(f"{h.He} saw {an(c)} {o} {s.spot}.", f"{s.spot.capitalize()}, {h.he} found {an(c)} {o}."), p('"What is inside?" ' + f"{h.he} said.", f"{h.name} tried to open it, but it was closed."))
    s.fact([f"What did {h.name} find?", f"What did the {h.kind} find?"], [f"{h.name} found {an(c)} {o}."], o)
    s.fact([f"Where was the {o}?", f"Where did {h.name} find the {o}?"], [f"The {o} was {s.spot}."], s.spot)
    s.say(s.meets(), p(f'"Let us open it together," said {s.f.name}.', f'"I can help you open it," said {s.f.name}.'), p("One, two, three!", "They pulled and pulled.", f"{s.f.name} pulled hard."), p(f"Inside there was {inside}!", f"In the {o}, there was {inside}."))
    s.fact([f"What was inside the {o}?", f"What was in the {o}?"], [f"There was {inside} in the {o}."], inside)
    s.say(p(f'"Wow!" said {h.name}.', f"{h.name} and {s.f.name} were very happy.", f'"How wonderful!" said {s.f.name}.'), s.end())


def plot_gift(s):
    p, h, f, c, o = s.p, s.h, s.f, s.colour, s.obj
    s.friend_facts()
    s.say(s.opening(), p(f"It was {h.his} birthday.", f"{h.name} was five years old that day." if h.person else f"It was {h.his} birthday."))
    s.say(p(f"{h.name} waited for {h.his} friends, but nobody came.", f"But {h.name} thought that everybody had forgotten.", f"All day long, nobody said a word about it."), s.feel_bad())
    s.say(p("Then there was a knock at the door.", "Knock, knock! Somebody was at the door.", f"In the evening, {h.he} heard a song."), p(f"It was {f.name} the {f.kind}, with a present.", f"{cap(an(f.kind))} named {f.name} came in with a gift."), p(f'"Happy birthday, {h.name}!" said {f.name}.', f'"This is for you," said {f.name}.'),
          p(f"{h.name} opened it. It was {an(c)} {o}!", f"In the paper there was {an(c)} {o}."))
    s.fact([f"What was the present?", f"What did {f.name} give to {h.name}?", f"What did {h.name} get?"], [f"It was {an(c)} {o}."], o)
    s.object_facts("")
    s.say(s.thanks(), p("They ate cake and danced.", f"They played with the {o}.", ""), s.end())


PLOTS = {"lost": plot_lost, "stuck": plot_stuck, "hungry": plot_hungry, "afraid": plot_afraid, "share": plot_share, "build": plot_build, "bake": plot_bake,
         "lostway": plot_lostway, "garden": plot_garden, "journey": plot_journey, "truth": plot_truth, "sick": plot_sick, "picnic": plot_picnic,
         "treasure": plot_treasure, "gift": plot_gift}
OBJECT_PLOTS = ["lost", "lost", "share", "gift"]
PLACE_PLOTS = ["lost", "stuck", "hungry", "build", "treasure", "picnic"]


def day_story(r):
    """A story that begins with 'One day': the first sentences name the hero on the way."""
    s = Story(r)
    first = s.parts[0].split(". ")[0]
    h = s.h
    kind = an((h.adj + " " if r.random() < 0.6 else "") + h.kind)
    rest = s.parts[0][len(first) + 2:]
    start = r.choice([f"One day, there was {kind} named {h.name}.", f"One day, {kind} named {h.name} woke up early.", f"One day {kind} called {h.name} was at home.",
                      f"One morning, {kind} named {h.name} looked out of the window.", 
                      f"My friend {h.name} is {kind}. This is {h.his} story."])
    s.parts[0] = (start + " " + rest).strip()
    if len(s.parts) > 1:
        for a in ("One day, ", "One day "):
            if s.parts[1].startswith(a):
                s.parts[1] = r.choice(["Later, ", "That day, ", "Then "]) + s.parts[1][len(a):]
    return s


# ---- chats -------------------------------------------------------------------------------------

NUM = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()

GREET = ["Hello!", "Hello", "Hi", "Hi!", "Hey!", "Hello there!", "Good morning!", "Good evening!", "Hi there", "hello", "hi", "Hey", "Good afternoon!", "Hello Zonda!", "Hi Zonda"]
GREET_A = ["Hello! How can I help you?", "Hello! Would you like a story?", "Hello! Nice to meet you."]
HOW = (["How are you?", "How are you today?", "How do you do?", "Are you well?", "how are you"], ["I am fine, thank you. How are you?", "I am very well, thank you!"])
FEEL = (["I am fine.", "I am well, thank you.", "I am good.", "Very well, thanks."], ["That is good to hear!", "I am glad to hear that!"])
SAD = (["I am sad.", "I feel sad.", "I am tired.", "I am bored."], ["I am sorry to hear that. Would you like a story?", "Oh, I am sorry. I can tell you a story."])
SELF = [
    (["What is your name?", "What's your name?", "what is your name", "Tell me your name.", "Do you have a name?", "What are you called?", "Your name?"],
     ["My name is Zonda.", "My name is Zonda. I am a very small language model."]),
    (["Who are you?", "What are you?", "Tell me about yourself.", "who are you", "Introduce yourself.", "Are you a person?", "Are you a robot?", "Are you an AI?", "Are you human?"],
     ["I am Zonda, a very small language model.", "I am a little llama, a very small language model made for the Zonda project."]),
    (["Who made you?", "Who built you?", "Where do you come from?", "Who trained you?", "Who is your maker?"],
     ["I was made for the Zonda project."]),
    (["What can you do?", "What do you do?", "How can you help me?", "Can you help me?", "Help", "What do you know?"],
     ["I can tell little stories, and I can do small sums.", "I can tell you a little story. I know some colours and some numbers too."]),
    (["How big are you?", "Are you big?", "Are you clever?", "Are you smart?", "Do you know everything?", "Are you small?"],
     ["I am a very small language model. I know only a few things."]),
    (["Are you a llama?", "What kind of animal are you?", "Is a llama an animal?"], ["I am a little llama made of numbers.", "Yes, I am a little llama made of numbers."][:1]),
    (["How old are you?", "When were you born?"], ["I am very young. I do not know my age."]),
    (["Do you like stories?", "Do you like to tell stories?", "Do you know stories?", "Do you know a story?"], ["Yes, I love little stories."]),
]
THANKS = (["Thank you!", "Thanks", "Thanks!", "Thank you very much.", "thank you", "Thank you for the story!", "Great, thanks!", "Well done!"],
          ["You are welcome!"])
NICE = (["That was a nice story.", "I liked the story.", "I love it!", "What a nice story!", "Good story!"], ["I am glad you liked it!"])
BYE = (["Goodbye!", "Bye", "Bye!", "Goodbye", "See you later!", "Good night!", "bye bye", "I have to go.", "See you tomorrow!"], ["Goodbye! See you soon.", "Goodbye!"])
COLOUR_FACTS = [("the sky", "blue"), ("grass", "green"), ("snow", "white"), ("the sun", "yellow"), ("a banana", "yellow"), ("a tomato", "red"), ("blood", "red"), ("milk", "white"), ("coal", "black"),
                ("the night", "black"), ("a carrot", "orange"), ("an orange", "orange"), ("a leaf", "green"), ("the sea", "blue"), ("a lemon", "yellow"), ("a strawberry", "red"), ("chocolate", "brown"),
                ("a frog", "green"), ("a cherry", "red"), ("a pumpkin", "orange"), ("gold", "yellow"), ("an elephant", "grey"), ("a pig", "pink"), ("a crow", "black"), ("a swan", "white"), ("wood", "brown"),
                ("a polar bear", "white"), ("a grape", "purple"), ("salt", "white"), ("a fire truck", "red"), ("the moon", "white"), ("a cloud", "white"), ("a tree", "green"), ("sugar", "white"), ("a pea", "green")]
SOUNDS = [("dog", "woof"), ("cat", "meow"), ("cow", "moo"), ("duck", "quack"), ("sheep", "baa"), ("pig", "oink"), ("lion", "roar"), ("bee", "buzz"), ("mouse", "squeak"), ("owl", "hoo"), ("frog", "croak"), ("bird", "tweet")]
LEGS = [("dog", "four"), ("cat", "four"), ("cow", "four"), ("bird", "two"), ("duck", "two"), ("hen", "two"), ("spider", "eight"), ("bee", "six"), ("ant", "six"), ("horse", "four"), ("person", "two"), ("fish", "no"), ("snake", "no"), ("llama", "four"), ("rabbit", "four")]
OPP = [("big", "small"), ("hot", "cold"), ("day", "night"), ("up", "down"), ("happy", "sad"), ("fast", "slow"), ("open", "closed"), ("old", "young"), ("black", "white"), ("yes", "no"), ("good", "bad"), ("long", "short"), ("light", "dark"), ("wet", "dry"), ("full", "empty"), ("left", "right"), ("high", "low"), ("loud", "quiet"), ("in", "out"), ("early", "late")]
OUTSIDE_A = ["I do not know. I am only a very small model."]
TOPICS = """France,Spain,Japan,China,Brazil,Canada,Egypt,Russia,Germany,Italy,London,Paris,Rome,Berlin,gravity,physics,chemistry,music,football,chess,history,science,politics,money,
computers,Java,Python,Linux,software,energy,atoms,planets,Mars,Jupiter,volcanoes,dinosaurs,the war,the president,the government,the economy,law,medicine,cancer,vitamins,philosophy,religion,
electricity,magnetism,biology,mathematics,algebra,geometry,the ocean,America,Europe,Africa,India,Mexico,Napoleon,Shakespeare,Mozart,Einstein,Newton,evolution,photosynthesis,the internet,
Poland,Sweden,Norway,Greece,Turkey,Kenya,Peru,Chile,Cuba,Madrid,Tokyo,Moscow,Vienna,quantum physics,black holes,the stock market,machine learning,a database,a compiler,Rust,poetry,opera,Picasso,Bach""".replace("\n", "").split(",")
OUT_T = ["What is the capital of {t}?", "Who is the president of {t}?", "Tell me about {t}.", "Explain {t}.", "What do you think about {t}?", "How does {t} work?", "What is {t}?", "When was {t} founded?", "Who invented {t}?", "Why is {t} important?",
         "How many people live in {t}?", "Write a poem about {t}.", "Write a program for {t}.", "Translate {t} into French.", "What is the history of {t}?", "Give me the news about {t}.", "How far is {t}?", "What is the meaning of {t}?", "Who wrote {t}?",
         "How do I learn {t}?", "Is {t} true?", "What is the best book on {t}?", "Can you explain {t}?"]
OUT_FIX = ["What time is it?", "What is the weather today?", "What day is it?", "What is the meaning of life?", "How do I fix my car?", "What is the square root of 2?", "Who won the game?", "Write me a program.", "How do airplanes fly?", "Why is the sky blue?",
           "What is the speed of light?", "Where am I?", "What did I eat today?", "How tall is the highest mountain?", "What is the population of the world?", "Do you believe in ghosts?", "What should I buy?", "What is my phone number?", "Where do I live?",
           "What happened yesterday?", "Who is the king of England?", "How do I cook rice?", "What is love?", "Can you speak French?", "Which film should I see?"]


def arithmetic(r, a=None, b=None, op=None):
    op = op or r.choice("++-")
    if a is None:
        if op == "+":
            total = r.randint(0, 20)
            a = r.randint(0, total)
            b = total - a
        else:
            a = r.randint(0, 20)
            b = r.randint(0, a)
    c = a + b if op == "+" else a - b
    if op == "+":
        q = r.choice([f"What is {a} + {b}?"] * 4 + [f"{a} + {b}", f"{a} + {b} = ?", f"{a}+{b}", f"What is {a}+{b}?", f"How much is {a} + {b}?", f"What is {a} plus {b}?", f"Add {a} and {b}.", f"what is {a} + {b}", f"What is the sum of {a} and {b}?",
                      f"What is {NUM[a]} plus {NUM[b]}?", f"How much is {a} plus {b}?", f"Calculate {a} + {b}."])
        ans = f"{a} + {b} = {c}."
    else:
        q = r.choice([f"What is {a} - {b}?"] * 4 + [f"{a} - {b}", f"{a} - {b} = ?", f"{a}-{b}", f"What is {a}-{b}?", f"How much is {a} - {b}?", f"What is {a} minus {b}?", f"Take {b} from {a}.", f"what is {a} - {b}", f"Subtract {b} from {a}.",
                      f"What is {NUM[a]} minus {NUM[b]}?", f"How much is {a} minus {b}?", f"Calculate {a} - {b}."])
        ans = f"{a} - {b} = {c}."
    return q, ans


def word_sum(r):
    w = Who(r, r.choice(["girl", "boy"]))
    thing = r.choice("apples balls books cookies stones shells pencils cars flowers eggs".split())
    if r.random() < 0.5:
        a, b = r.randint(1, 10), r.randint(1, 10)
        return f"{w.name} has {a} {thing}. {w.He} gets {b} more. How many {thing} does {w.he} have?", f"{a} + {b} = {a + b}. {w.name} has {a + b} {thing}."
    a = r.randint(2, 12)
    b = r.randint(1, a - 1)
    return f"{w.name} has {a} {thing}. {w.He} gives away {b}. How many {thing} does {w.he} have?", f"{a} - {b} = {a - b}. {w.name} has {a - b} {thing}."


def fact_question(r):
    k = r.random()
    if k < 0.6:
        t, c = r.choice(COLOUR_FACTS)
        q = r.choice([f"What colour is {t}?"] * 3 + [f"What color is {t}?", f"what colour is {t}", f"What is the colour of {t}?", f"Which colour is {t}?", f"Tell me the colour of {t}."])
        return q, f"{cap(t)} is {c}."
    if k < 0.7:
        a, s = r.choice(SOUNDS)
        return r.choice([f"What does {an(a)} say?", f"What sound does {an(a)} make?"]), f"{cap(an(a))} says {s}."
    if k < 0.8:
        a, n = r.choice(LEGS)
        return f"How many legs does {an(a)} have?", f"{cap(an(a))} has {n} legs."
    if k < 0.9:
        a, b = r.choice(OPP)
        if r.random() < 0.5:
            a, b = b, a
        return r.choice([f"What is the opposite of {a}?", f"What is the opposite of \"{a}\"?"]), f"The opposite of {a} is {b}."
    n = r.randint(0, 19)
    if r.random() < 0.5:
        return r.choice([f"What comes after {n}?", f"Which number comes after {n}?"]), f"After {n} comes {n + 1}."
    n = r.randint(3, 10)
    return r.choice([f"Count to {n}.", f"Can you count to {NUM[n]}?"]), ", ".join(str(i) for i in range(1, n + 1)) + "."


def outside(r):
    if r.random() < 0.3:
        q = r.choice(OUT_FIX)
    else:
        t = r.choice(TOPICS)
        if r.random() < 0.15:
            t = "".join(r.choice(SYL_A + SYL_B) for _ in range(3)).strip().capitalize()
        q = r.choice(OUT_T).format(t=t)
    return q, r.choice(OUTSIDE_A)


def context_qa(r):
    """A few facts given in the question, then one thing asked about them."""
    a = Who(r)
    b = Who(r, avoid=(a.name,))
    c1, c2 = r.sample(COLOURS, 2)
    o1, o2 = r.sample(OBJECTS, 2)
    p1, p2 = r.sample(PLACES, 2)
    k = r.randrange(5)
    if k == 0:
        text = f"{a.name} has {an(c1)} {o1}. {b.name} has {an(c2)} {o2}."
        qa = [(f"What colour is the {o1}?", f"The {o1} is {c1}."), (f"What colour is the {o2}?", f"The {o2} is {c2}."), (f"What does {a.name} have?", f"{a.name} has {an(c1)} {o1}."),
              (f"What does {b.name} have?", f"{b.name} has {an(c2)} {o2}."), (f"Who has the {o1}?", f"{a.name} has the {o1}."), (f"Who has the {o2}?", f"{b.name} has the {o2}."),
              (f"What colour is {a.name}'s {o1}?", f"{a.name}'s {o1} is {c1}."), (f"What colour is {b.name}'s {o2}?", f"{b.name}'s {o2} is {c2}.")]
    elif k == 1:
        text = f"{a.name} is {p1[1]} the {p1[0]}. {b.name} is {p2[1]} the {p2[0]}."
        qa = [(f"Where is {a.name}?", f"{a.name} is {p1[1]} the {p1[0]}."), (f"Where is {b.name}?", f"{b.name} is {p2[1]} the {p2[0]}."),
              (f"Who is {p1[1]} the {p1[0]}?", f"{a.name} is {p1[1]} the {p1[0]}."), (f"Who is {p2[1]} the {p2[0]}?", f"{b.name} is {p2[1]} the {p2[0]}.")]
    elif k == 2:
        text = f"{a.name} is {an(a.kind)}. {a.He} has {an(c1)} {o1}."
        qa = [(f"What is {a.name}?", f"{a.name} is {an(a.kind)}."), (f"What colour is the {o1}?", f"The {o1} is {c1}."), (f"What does {a.name} have?", f"{a.name} has {an(c1)} {o1}."),
              (f"Who has the {o1}?", f"{a.name} has the {o1}.")]
    elif k == 3:
        text = f"{a.name} gave {an(c1)} {o1} to {b.name}."
        qa = [(f"Who has the {o1} now?", f"{b.name} has the {o1}."), (f"Who gave the {o1} to {b.name}?", f"{a.name} gave the {o1} to {b.name}."), (f"What colour is the {o1}?", f"The {o1} is {c1}."),
              (f"What did {a.name} give to {b.name}?", f"{a.name} gave {an(c1)} {o1} to {b.name}.")]
    else:
        f1, f2 = r.sample(FOODS, 2)
        text = f"{a.name} ate {an(f1)}. {b.name} ate {an(f2)}."
        qa = [(f"What did {a.name} eat?", f"{a.name} ate {an(f1)}."), (f"What did {b.name} eat?", f"{b.name} ate {an(f2)}."), (f"Who ate the {f1}?", f"{a.name} ate the {f1}."), (f"Who ate the {f2}?", f"{b.name} ate the {f2}.")]
    r.shuffle(qa)
    turns = [("user", text + " " + qa[0][0]), ("assistant", qa[0][1])]
    for q, ans in qa[1:r.choice([1, 2, 3])]:
        turns += [("user", q), ("assistant", ans)]
    return turns


def ask_facts(r, s, n):
    turns = []
    h = s.h
    if n and r.random() < 0.07:
        q = r.choice([f"What did {h.name} dream about?", f"Who was {h.name}'s teacher?", f"How many brothers did {h.name} have?", f"What colour was {h.name}'s house?", f"How tall was {h.name}?",
                      f"What song did {h.name} like?", f"What did {h.name} eat for breakfast?", f"When was {h.name} born?", f"What was the name of {h.name}'s {s.helper}?"])
        turns = [("user", q), ("assistant", "The story does not say.")]
        n -= 1
    for qs, ans, _ in r.sample(s.facts, min(n, len(s.facts))):
        q = r.choice(qs)
        if r.random() < 0.08:
            q = q[0].lower() + q[1:].rstrip("?")
        turns += [("user", q), ("assistant", r.choice(ans))]
    return turns


def story_request(r):
    """A request and the story told for it."""
    k = r.random()
    verb = r.choice(["Tell me a story", "Tell me a story", "Tell me a story", "Tell me a little story", "Can you tell me a story", "Please tell me a story", "Write a story", "I want a story", "Make up a story", "tell me a story", "Tell me a short story", "Write me a short story"])
    endm = "?" if verb.startswith("Can") else r.choice([".", ".", ".", "", "!"])
    if k < 0.25:
        s, about = Story(r), ""
    elif k < 0.55:
        kind = r.choice(ANIMALS + ["girl", "boy", "girl", "boy", "dog", "cat", "princess", "king", "queen", "prince"])
        s, about = Story(r, kind=kind), " about " + an(kind)
    elif k < 0.7:
        w = Who(r)
        s, about = Story(r, kind=w.kind, name=w.name), f" about {an(w.kind)} {r.choice(['named', 'called', 'named'])} {w.name}"
    elif k < 0.78:
        w = Who(r, r.choice(["girl", "boy"]))
        s, about = Story(r, kind=w.kind, name=w.name), f" about {w.name}"
    elif k < 0.92:
        c, o = r.choice(COLOURS), r.choice(OBJECTS)
        s = Story(r, plot=r.choice(OBJECT_PLOTS), colour=c, obj=o)
        about = f" about {an(c)} {o}" if r.random() < 0.6 else f" about {an(o)}"
    else:
        pl = r.choice(PLACES)[0]
        s = Story(r, plot=r.choice(PLACE_PLOTS), place=pl)
        about = r.choice([" about the " + pl, " in the " + pl])
    return s, [("user", verb + about + endm), ("assistant", s.text(r.random() < 0.2))]


def small_turn(r):
    k = r.random()
    if k < 0.28:
        q, a = arithmetic(r)
    elif k < 0.34:
        q, a = word_sum(r)
    elif k < 0.56:
        q, a = fact_question(r)
    elif k < 0.72:
        qs, ans = r.choice(SELF)
        q, a = r.choice(qs), r.choice(ans)
    elif k < 0.84:
        q, a = outside(r)
    else:
        qs, ans = r.choice([HOW, FEEL, SAD, THANKS, THANKS, BYE, NICE])
        q, a = r.choice(qs), r.choice(ans)
    return [("user", q), ("assistant", a)]


def name_chat(r):
    w = Who(r, r.choice(["girl", "boy"]))
    turns = [("user", r.choice([f"My name is {w.name}.", f"Hello, my name is {w.name}.", f"I am {w.name}.", f"Hi, I am {w.name}."])), ("assistant", r.choice([f"Hello, {w.name}! Nice to meet you.", f"Nice to meet you, {w.name}!"]))]
    if r.random() < 0.6:
        turns += small_turn(r)
    if r.random() < 0.7:
        turns += [("user", r.choice(["What is my name?", "Do you know my name?", "What's my name?", "Who am I?"])), ("assistant", f"Your name is {w.name}.")]
    return turns


def chat(r):
    turns = []
    if r.random() < 0.06:
        turns.append(("system", r.choice(["You are a helpful assistant.", "You are Zonda.", "Be kind and short.", "You tell little stories."])))
    k = r.random()
    if k < 0.45:
        x = r.random()
        if x < 0.12:
            turns += [("user", r.choice(GREET)), ("assistant", r.choice(GREET_A))]
        s, t = story_request(r)
        if 0.12 < x < 0.22:
            offer = r.choice([(r.choice(GREET), GREET_A[1]), (r.choice(SAD[0]), r.choice(SAD[1]))])
            turns += [("user", offer[0]), ("assistant", offer[1])]
            s = Story(r)
            t = [("user", r.choice(["Yes", "Yes, please.", "Yes please!", "Yes!", "yes", "Sure.", "OK", "Please.", "Of course!"])), ("assistant", s.text(r.random() < 0.2))]
        turns += t + ask_facts(r, s, r.choice([0, 1, 1, 2, 2, 3]))
        if r.random() < 0.12:
            qs, ans = r.choice([THANKS, NICE, BYE])
            turns += [("user", r.choice(qs)), ("assistant", r.choice(ans))]
        elif r.random() < 0.07:
            again = r.choice(["Tell me another story.", "Another one, please.", "Tell me another one.", "One more story, please.", "another story"])
            s = Story(r)
            turns += [("user", again), ("assistant", s.text(r.random() < 0.2))] + ask_facts(r, s, r.choice([0, 1]))
        elif r.random() < 0.05:
            turns += small_turn(r)
    elif k < 0.56:
        s = Story(r)
        qa = ask_facts(r, s, r.choice([1, 2, 2, 3]))
        head = r.choice(["Here is a story. ", "Read this story: ", "", "Story: "])
        turns += [("user", head + s.text(False) + r.choice(["\n", " "]) + qa[0][1])] + qa[1:]
    elif k < 0.68:
        turns += context_qa(r)
    elif k < 0.73:
        turns += name_chat(r)
    else:
        n = r.choice([1, 1, 2, 3, 4])
        for i in range(n):
            if i == 0 and r.random() < 0.3:
                turns += [("user", r.choice(GREET)), ("assistant", r.choice(GREET_A))]
            else:
                turns += small_turn(r)
    return turns


def document(seed, index):
    r = random.Random(f"{seed}:{index}")
    if r.random() < 0.42:
        s = day_story(r) if r.random() < 0.2 else Story(r)
        return "story", s.text(r.random() < 0.2)
    return "chat", chat(r)


def render(doc):
    """The document as text with the control tokens written out (BOS and EOS are added as ids)."""
    kind, body = doc
    if kind == "story":
        return body
    return "".join(f"<|im_start|>{role}\n{content}<|im_end|>\n" for role, content in body)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for i in range(count):
        print(render(document(seed, i)))
        print("-" * 40)
