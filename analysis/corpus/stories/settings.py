"""The fixed figures of stories. `python -m tests.bench.stories DATA --fit` estimates the weights."""

from __future__ import annotations

# What of a text is read: an event is told in its opening.
LEAD_CHARS = 500
BODY_CHARS = 2500

# Words that occur in more texts than this say nothing of an event.
MOST_SHARE = 0.3
# A share counted in a small corpus is drawn towards 0 as if so many more texts lacked the word, so
# that the words of an event are not taken for common ones because half of the corpus tells it.
UNSEEN = 2000
# The share of a word that the background does not have.
RARE = 0.00025

# Pieces further apart are not compared; a story spans at most this many days.
WINDOW = 7
# Running coverage is judged by pieces at least so far away, at most twice the window.
FAR = 4

# Pieces compared with each piece: the nearest by embedding.
NEIGHBOURS = 48
UNDATED_NEIGHBOURS = 16
RUNNING = 10

# Log-odds that a dated pair tells one event:
#   BASE + likeness - RUNNING_WEIGHT * running - (GAP + RUNNING_GAP * running) * log(1 + days)
# where likeness is the weighted sum of similarities (of words their square root) and running is the
# likeness with what is told days before and after, taken to be LEAST_RUNNING at least: in a small
# corpus little is told around a piece, which does not make any other piece of its day the same
# event. For the same reason they are not above likeness - LEAST_LIKENESS.
BASE = -2.2
WEIGHTS = {"meaning": 6.3, "title": 2.2, "lead": 2.75, "body": 4.4}
RUNNING_WEIGHT = 0.3
GAP = 2.0
RUNNING_GAP = 0.3
LEAST_RUNNING = 3.5
LEAST_LIKENESS = 5.2

# The same for a pair of which one piece or both lack a day:
#   UNDATED_BASE + likeness - log(1 + texts / UNDATED_TEXTS)
# Without days a text is held against all others, and the more there are the likelier one is alike
# by chance; texts alike are more often two events of a long affair than one event.
UNDATED_BASE = -6.8
UNDATED_TEXTS = 300
UNDATED_WEIGHT = 0.1

# Pairs below count as this much: as good as impossible.
FLOOR = -6.0
