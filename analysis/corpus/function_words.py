"""Words that hold a sentence together and say little of what it is about: English and Spanish.

Kept in the counts and hidden by a switch; a pair of words has none of them at either end.
"""

from __future__ import annotations

_ENGLISH = """
a about above across after again against ago all almost along already also although always am among
amongst an and another any anyone anything are aren't around as at away back be became because become
been before behind being below beside besides between beyond both but by came can can't cannot come
could couldn't did didn't do does doesn't doing don't done down during each either else enough etc even
ever every everyone everything except few first for from further get gets getting give given go goes
going gone got had hadn't has hasn't have haven't having he he'd he'll her here hers herself him himself
his how however i i'd i'll i'm i've if in inside instead into is isn't it it'd it'll its itself just
last least less let like likely made make makes making many may maybe me might mine more most mostly
much must mustn't my myself near nearly neither never next no nobody none nor not nothing now of off
often on once one ones only onto or other others otherwise ought our ours ourselves out outside over
own per perhaps put quite rather really said same saw say saying says see seem seemed seems seen several
shall she she'd she'll should shouldn't since so some someone something sometimes soon still such take
taken than that that'd that'll the their theirs them themselves then there therefore these they they'd
they'll they're they've thing things this those though through throughout thus to together told too took
toward towards two under unless until up upon us use used very via was wasn't way we we'd we'll we're
we've well went were weren't what whatever when whenever where whether which while who who'd who'll whom
whose why will with within without won't would wouldn't yet you you'd you'll you're you've your yours
yourself yourselves
"""

_SPANISH = """
al algo alguien algún alguna algunas alguno algunos ante antes aquel aquella aquellas aquello aquellos
aquí así aun aún aunque bajo cada casi como cómo con contra cual cuál cuales cualquier cuando cuándo
cuanto cuyo da dar de debe deben del desde después dice dicho dijeron dijo donde dónde durante e el él
ella ellas ello ellos en entonces entre era eran eres es esa esas ese eso esos esta está estaba estado
están estar estas este esto estos estoy fue fueron ha había habían haber hace hacer hacia han hasta hay
he incluso la las le les lo los más me mi mí mientras mis mismo misma mucho muchos muy nada ni ningún
ninguna ninguno nos nosotros nuestra nuestro o os otra otras otro otros para parte pero poco podría por
porque puede pueden pues que qué quien quién quienes se sea según ser será si sí sido siempre sin sino
sobre solo sólo son su sus también tampoco tan tanto te tiene tienen toda todas todavía todo todos tras
tu tú tus u un una unas uno unos usted ustedes va van ya y yo
"""

FUNCTION_WORDS = frozenset(_ENGLISH.split()) | frozenset(_SPANISH.split())
