"""The rows of the made census (`made_census` says what they add up to)."""

from __future__ import annotations

THROUGH = "2026-05-20"
BASES = ("operating", "headquarters", "parent_headquarters", "incorporation", "founding_location")

COUNTRIES = (
    ("CN", "China", "China"),
    ("FR", "France", "Europe"),
    ("US", "United States", "United States"),
    ("XX", "Distributed", "Distributed"),
)
# Slug, name, role, country.
LABS = (
    ("blue", "Blue Lab", "lab", "US"),
    ("lost", "Lost Lab", "lab", None),
    ("packer", "Packer", "repackager", None),
    ("red", "Red Lab", "lab", "CN"),
    ("rose", "Rose Lab", "lab", "FR"),
)
NAMESPACES = (
    ("Blue", "blue", None),
    ("Lost", "lost", None),
    ("Packer", "packer", None),
    ("Red", "red", None),
    ("RedOld", "red", "Red"),
    ("Rose", "rose", None),
)
# Lab, basis, country, decides: Rose Lab is disputed, with its seat in France by law in America.
CLAIMS = (
    ("blue", "headquarters", "US", 1),
    ("red", "headquarters", "CN", 1),
    ("rose", "headquarters", "FR", 1),
    ("rose", "incorporation", "US", 0),
)
FAMILIES = (("blue-one", "Blue One", "blue"), ("red-one", "Red One", "red"))
# Key, name, released_on, pipeline tag, modality, licence, gated, parameters, bucket, family, scope.
MODELS = (
    (1, "Red/One-8B", "2026-01-10", "text-generation", "text", "apache-2.0", "false",
     8_000_000_000, "5-10B", "red-one", "frontier"),
    (2, "Red/One-1B", "2026-02-10", "text-generation", "text", "apache-2.0", "false",
     1_000_000_000, "1-5B", "red-one", "frontier"),
    (3, "Blue/One-70B", "2025-12-01", "text-generation", "text", "llama3", "manual",
     70_000_000_000, "50-100B", "blue-one", "frontier"),
    (4, "Blue/Vision-3B", "2026-02-20", "image-text-to-text", "vision", "mit", "false",
     3_000_000_000, "1-5B", None, "frontier"),
    (5, "Rose/Small-8B", "2026-03-05", "text-generation", "text", "cc-by-nc-4.0", "auto",
     8_000_000_000, "5-10B", None, "frontier"),
    (6, "Lost/Thing-8B", "2026-03-20", "text-generation", "text", None, None,
     8_000_000_000, "5-10B", None, "frontier"),
    (7, "Packer/One-8B-GGUF", "2026-02-01", "text-generation", "text", "apache-2.0", "false",
     8_000_000_000, "5-10B", None, "hub"),
    (8, "Red/Embed", "2022-03-02", "feature-extraction", "embedding", "mit", "false",
     None, None, None, "labs"),
    (9, "Blue/Uncounted-7B", "2026-04-02", "text-generation", "text", "mit", "false",
     7_000_000_000, "5-10B", None, "frontier"),
)  # fmt: skip
# Newest counts of each model: 30 days, all time, likes; all of the last day.
LATEST = {
    1: (400, 1200, 30),
    2: (150, 400, 4),
    3: (150, 700, 70),
    4: (70, 200, 1),
    5: (70, 150, 15),
    6: (30, 50, 2),
    7: (130, 400, 8),
    8: (130, 1500, 10),
    9: (60, None, 3),
}
DATES = ("2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", THROUGH)
Bounded = int | tuple[int, int, int] | None
CURVES: dict[int, tuple[Bounded, ...]] = {
    1: (None, 100, 300, 600, 1000, 1200),
    2: (None, None, (50, 40, 60), (150, 130, 170), 300, 400),
    3: ((100, 0, 200), (200, 100, 300), (400, 300, 500), (500, 450, 550), 600, 700),
    4: (None, None, (10, 0, 20), (100, 90, 110), 150, 200),
    5: (None, None, None, 40, 100, 150),
    6: (None, None, None, 10, 30, 50),
    7: (None, None, 100, 200, 300, 400),
    8: (1000, 1100, 1200, 1300, 1400, 1500),
}
# Licence, class; the licence of the files that models state and this list lacks is `unread`.
LICENCES = (
    ("apache-2.0", "open"),
    ("cc-by-nc-4.0", "non_commercial"),
    ("llama3", "restricted"),
    ("mit", "open"),
)
# As in data/derivatives.csv: two that lead to Red/One-8B, one in two steps; a merge of two labs'
# models; a merge of two of one lab; one under a former name, whose downloads are not known.
DERIVATIVES = (
    ("Ann/Fine", "2026-02-05", "finetune", "Red/One-8B", "100", "2026-05-20", "made"),
    ("Ann/Fine-GGUF", "2026-02-06", "unspecified", "Ann/Fine", "10", "2026-05-20", "made"),
    ("Bob/Merge", "2026-03-01", "merge", "Blue/One-70B", "50", "2026-05-20", "made"),
    ("Bob/Merge", "2026-03-01", "merge", "Red/One-8B", "50", "2026-05-20", "made"),
    ("Cat/Merge", "2026-03-02", "merge", "Red/One-1B", "3", "2026-05-20", "made"),
    ("Cat/Merge", "2026-03-02", "merge", "Red/One-8B", "3", "2026-05-20", "made"),
    ("Dan/Adapter", "2026-03-03", "adapter", "RedOld/One-8B", "", "", "made"),
)
# Model, days, until, downloads, low, high, known, the two metrics with their bounds, the interval
# of the downloads, whether they are counted, and the intervals of the two metrics.
ADOPTION = (
    (1, 30, "2026-02-09", 150, 150, 150, 1, 1.5, 1.25, 2.0, 0.75, 0.5, 1.0,
     150, 150, 1, 1.4, 1.8, 0.7, 0.9),
    (1, 90, "2026-04-10", 700, 600, 800, 0, 2.0, 1.0, None, 1.0, 0.8, None,
     680, 730, 0, 1.5, None, 0.9, None),
    (2, 30, "2026-03-12", 90, 60, 110, 0, 0.9, 0.4, 1.5, 0.45, 0.2, 0.8,
     70, 100, 0, 0.6, 1.2, 0.3, 0.6),
    (3, 30, "2025-12-31", 100, 0, 200, 0, None, None, None, None, None, None,
     10, 190, 0, None, None, None, None),
    (7, 30, "2026-03-03", 120, 120, 120, 1, None, None, None, None, None, None,
     120, 120, 1, None, None, None, None),
)  # fmt: skip
# Model, days, through, downloads, low, high, had, its low and high, growth in percent, its low, the
# intervals of the three, and whether the days are counted.
GROWTH = (
    (1, 30, THROUGH, 300, 300, 300, 900, 900, 900, 33.3333, 33.3333,
     300, 300, 900, 900, 33.3333, 33.3333, 1),
    (2, 30, THROUGH, 150, 140, 160, 250, 240, 260, 60.0, 53.8462,
     142, 158, 242, 258, 55.04, 65.29, 0),
    (3, 30, THROUGH, 120, 120, 120, 580, 580, 580, 20.6897, 20.6897,
     120, 120, 580, 580, 20.6897, 20.6897, 1),
    (4, 30, THROUGH, 70, 70, 70, 130, 130, 130, 53.8462, 53.8462,
     70, 70, 130, 130, 53.8462, 53.8462, 1),
    (7, 30, THROUGH, 130, 130, 130, 270, 270, 270, 48.1481, 48.1481,
     130, 130, 270, 270, 48.1481, 48.1481, 1),
)  # fmt: skip
REFERENCES = (
    ("5-10B", 30, 12, 3, 100, 75, 120, 200.0, 150.0, 300.0, 80, 115, 170.0, 250.0, 25.0),
    ("1-5B", 30, 10, 0, 100, 0, 150, 200.0, 0.0, 300.0, 20, 140, 50.0, 280.0, 0.0),
)
# Scope, label, models, models with counts.
SCOPES = (
    ("frontier", "Language and vision-language models", 7, 6),
    ("labs", "All models of labs", 8, 7),
    ("hub", "All observed models of registered publishers", 9, 8),
)


# Models without the windows that a likely interval of their own key would need.
FEW_WINDOWS = (4,)
