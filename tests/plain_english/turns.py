"""Turns that stop a reader whose second language is English, each with the plainer one."""

from __future__ import annotations

import re
from typing import NamedTuple


class Turn(NamedTuple):
    """A turn as a regular expression, and what to write instead."""

    found: re.Pattern[str]
    instead: str


def _turn(pattern: str, instead: str) -> Turn:
    spaced = re.sub(r"(\(\?<[^)]*\))| ", lambda found: found[1] or r"\s+", pattern)
    return Turn(re.compile(rf"\b(?:{spaced})\b", re.I), instead)


TURNS = (
    # who does it
    _turn("whom", "'who', or name the person: 'the users that ...'"),
    _turn("whoever|whomever|whosoever", "'anyone who', or name the actor"),
    _turn("nobody", "name the actor: 'no client', 'no user', 'no test'"),
    _turn("somebody", "name the actor: 'a user', 'a client', 'someone'"),
    _turn("he|she|him|his|hers|himself|herself", "'they', 'them', 'their', or name the person"),
    _turn("(?:for|to|from|by|of|than|where|that) who", "'the client that', 'anyone who'"),
    _turn("(?<=[.;] )who (?!sent|is|are)(?=[^.?]*[.;])", "'a client that', 'anyone who'"),
    # archaic words
    _turn("anew", "'again', or 'new'"),
    _turn("for ever", "'always', 'for good', or how long"),
    _turn("bears?|bore|borne|bearing", "'has', 'carries', or 'allows'"),
    _turn("heeds?|heeded|heeding", "'follows', 'uses', 'obeys'"),
    _turn("amid|amidst", "'in the middle of', 'during'"),
    _turn("amiss", "'wrong'"),
    _turn("lest", "'so that ... not'"),
    _turn("hence", "'so', 'therefore'"),
    _turn("upon", "'on'"),
    _turn("till", "'until'"),
    _turn(
        "ere|nought|naught|aught|betwixt|hither|thither|whence|henceforth|forthwith|unto|thrice", "a word of today"
    ),
    _turn("(?:where|there|here)(?:of|in|upon|by|with|to|unto|after|from)", "'of it', 'in it', 'by that' ..."),
    _turn("befalls?|befell|befallen", "'happens to'"),
    _turn("in vain", "'without success'"),
    _turn("for want of", "'without', 'because there is no'"),
    _turn("albeit|notwithstanding", "'although', 'in spite of'"),
    _turn("doings", "'action', 'what it does'"),
    _turn("many a", "'many', 'some'"),
    # translated turns
    _turn("what (?:becomes|became|will become|has become) of", "'what happens to', 'what happened to'"),
    _turn("(?:becomes|became|become) of (?:it|them|a|the|each)", "'happens to'"),
    _turn("in the place of|in (?:its|their) place", "'instead of', 'replaces'"),
    _turn(
        "of (?:its|their|one's|your|our) own(?=[^\\w\\s]| (?:and|or|for|is|are|has|in|that|which|who|with|as|where|on|by|to)\\b|\\s*$)",
        "'its own ...' before the noun, or 'separate'",
    ),
    _turn(
        "(?:stands?|stood|standing) (?:in(?! for)|under|beside|behind|on|there|between|above|below|before|after|over|as|"
        "at|among|alone|beneath|open|with|next)",
        "'is', 'is written', 'is in'",
    ),
    _turn("(?:stands?|stood) for", "'means', 'represents', 'replaces'"),
    _turn(
        "(?<!there )(?<!here )(?:is|are|was|were|be) no (?!longer|more|matter|later|earlier|less|older|newer|"
        "better|worse|different|slower|faster|larger|smaller|need)",
        "'is not a', 'are not'",
    ),
    _turn(
        "(?<!there )(?:is|are|was|were) (?-i:none)|(?-i:none) is|none are|that none|none may|if none|none of his",
        "'does not exist', 'there is no ...', 'no ... is'",
    ),
    _turn("(?:is|are|was|were|be|been|being|gets?|got) met", "'is matched', 'is intercepted', 'is reached'"),
    _turn("(?:that|which|who) (?:is|are|was|were) there", "'that exists', or name it"),
    _turn("(?:is|are|was|were) not there", "'is missing', 'does not exist'"),
    _turn("comes? about|came about|coming about", "'happens', 'is made'"),
    _turn("tells? of|told of|telling of", "'reports', 'mentions'"),
    _turn("knows? of|known of|knew of", "'has', 'is known about', or name what is known"),
    _turn("knows? no|knew no", "'has no'"),
    _turn("but for|all but|nothing but|none but", "'except', 'only', 'almost'"),
    _turn("all the same", "'still', 'anyway'"),
    _turn("otherwise than", "'differently from', 'not as'"),
    _turn("once more", "'again'"),
    _turn("the like|its like|their like", "'similar ...', 'and so on'"),
    _turn("(?<=[.;] )(?:should|were|had) (?:it|they|the|a|this)", "'if it ...'"),
    _turn("why so|how so|not so|and so it is|as it were|so to speak", "say what is meant"),
    _turn("that which|those which|such as are|such as is", "'what', 'those that', or the noun"),
    _turn("(?:lies|lying|lain) (?:in|beside|under|on|behind|between)", "'is in', 'is beside'"),
    _turn("so long as", "'while', 'as long as'"),
    _turn("a (?:request|test|name|word|value|file|rule|body|header) that is (?:one|none)", "say what is meant"),
    _turn("(?:a )?bad days?", "'a simulated outage', 'a failure'; 'a bad day' only where a page explains it"),
)
