"""The declared files of data/, in the order in which they are described: a line each."""

from __future__ import annotations

from census.base.declared_files import DataFile
from census.channels.capability import ORGANISATIONS_FILE, SCORE_SOURCES_FILE, SCORES_FILE
from census.channels.definitions import CHANNELS_FILE, MISSING_CHANNELS_FILE, OWNERS_FILE
from census.channels.files import CHANNEL_MANIFEST_FILE
from census.channels.names import NAMES_FILE, WEIGHTS_OF_NAMES_FILE
from census.findings.changelog import CHANGELOG_FILE
from census.findings.claims import CHECKS_FILE
from census.findings.published_figures import FIGURES_FILE, PEERS_FILE, PRESS_FILE
from census.findings.scoreboard_rows import SCOREBOARD_FILE
from census.findings.unregistered import UNREGISTERED_FILE
from census.history.window_lengths import WINDOW_LENGTHS_FILE
from census.inputs.families import FAMILIES_FILE
from census.inputs.licences import LICENCES_FILE
from census.inputs.lineage import BASES_FILE
from census.inputs.model_licences import MODEL_LICENCES_FILE
from census.inputs.models import MODELS_FILE
from census.inputs.registry_files import (
    ALIASES_FILE,
    CLAIMS_FILE,
    COUNTRIES_FILE,
    LABS_FILE,
    NAMESPACES_FILE,
    SOURCES_FILE,
)
from census.inputs.scopes import MODALITIES_FILE, SCOPE_RULES_FILE, TAGS_FILE
from census.inputs.sizes import BUCKETS_FILE, PARAMETERS_FILE, RELEASES_FILE
from census.rollups.calibration_table import CALIBRATION_FILE
from census.rollups.derivatives import DERIVATIVES_FILE
from census.store import observations, recordings
from census.store.freshness import FRESHNESS_FILE, RECORD_FILE
from census.store.ledger import LEDGER_FILE
from census.store.notices import NOTICES_FILE

DATA_FILES: tuple[DataFile, ...] = (
    LABS_FILE,
    NAMESPACES_FILE,
    CLAIMS_FILE,
    COUNTRIES_FILE,
    FAMILIES_FILE,
    MODELS_FILE,
    ALIASES_FILE,
    PARAMETERS_FILE,
    BUCKETS_FILE,
    RELEASES_FILE,
    BASES_FILE,
    LICENCES_FILE,
    MODEL_LICENCES_FILE,
    SCOPE_RULES_FILE,
    TAGS_FILE,
    MODALITIES_FILE,
    SOURCES_FILE,
    observations.MANIFEST_FILE,
    LEDGER_FILE,
    WINDOW_LENGTHS_FILE,
    FRESHNESS_FILE,
    RECORD_FILE,
    CALIBRATION_FILE,
    recordings.MANIFEST_FILE,
    recordings.RECORDING_FILE,
    NOTICES_FILE,
    CHANGELOG_FILE,
    UNREGISTERED_FILE,
    DERIVATIVES_FILE,
    FIGURES_FILE,
    SCOREBOARD_FILE,
    PRESS_FILE,
    CHECKS_FILE,
    PEERS_FILE,
    CHANNELS_FILE,
    MISSING_CHANNELS_FILE,
    OWNERS_FILE,
    CHANNEL_MANIFEST_FILE,
    NAMES_FILE,
    WEIGHTS_OF_NAMES_FILE,
    SCORE_SOURCES_FILE,
    ORGANISATIONS_FILE,
    SCORES_FILE,
)
