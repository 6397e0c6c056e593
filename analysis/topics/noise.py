"""Words that name no topic in news and web text, besides the English stop words."""

from __future__ import annotations

_NEWS = """
said says say saying told tell tells asked ask according reported report reports reporting reporter
reporters news story stories article articles statement spokesman spokeswoman spokesperson interview
added noted wrote write writes written called calls source sources official officials editor
correspondent columnist opinion editorial exclusive breaking update updated live analysis
mr mrs ms dr sen rep gov gop jr
year years month months week weeks day days today yesterday tomorrow time times hour hours minutes
morning night evening afternoon monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
jan feb mar apr jun jul aug sept sep oct nov dec
new old last first second third one two three four five six seven eight nine ten hundreds thousands
million billion percent number numbers
people person man men woman women thing things way ways lot lots make makes made making like just
really going went come came comes coming want wants wanted know known think thinks thought got get
gets getting take takes took taken taking look looks looking good big great right left
use used using need needs did does don doesn didn isn wasn aren won wouldn couldn shouldn hasn haven
hadn ve ll re didnt dont doesnt isnt wasnt wont cant im ive thats
including continued earlier later recent recently ago long early late expected likely
set key part place high end start started began back far

"""
_WEB = """
http https www com org html href amp nbsp quot pic twitter facebook instagram youtube tweet tweeted
tweets email subscribe subscription newsletter sign click link share follow cookies cookie login
log privacy policy terms copyright reserved rights advertisement ad ads sponsored
photo photos image images caption getty video videos watch read related story highlights hide
comment comments print app loading javascript browser page website site online media press
reuters ap afp associated cnn nbc abc cbs msnbc npr bbc pbs breitbart newsmax townhall huffpost
politico vox fox foxnews axios bloomberg
"""

WORDS = frozenset(_NEWS.split()) | frozenset(_WEB.split())
