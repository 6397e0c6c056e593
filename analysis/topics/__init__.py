"""Topics: BERTopic over a sample, every other piece by its nearest centroid, keys that last.

The only place that imports bertopic, umap and hdbscan, and only inside functions: they take
seconds to load.
"""

from analysis.topics.assign import assign
from analysis.topics.fit import TopicFit, fit
from analysis.topics.libraries import library_versions
from analysis.topics.sample import sample_keys

__all__ = ["TopicFit", "assign", "fit", "library_versions", "sample_keys"]
