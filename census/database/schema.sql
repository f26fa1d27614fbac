-- The tables of census.db. What each column means is said in metadata.yml, where readers see it.

create table countries (
    code text primary key,
    name text not null,
    region text not null
) strict;

create table labs (
    id text primary key,
    name text not null,
    kind text not null,
    role text not null,
    parent text,
    in_house integer not null,
    country text references countries (code),
    region text,
    origin_status text not null,
    disputed integer not null,
    disputed_because text,
    note text
) strict;
create index labs_country on labs (country);

create table namespaces (
    namespace text primary key,
    lab text not null references labs (id),
    renamed_to text references namespaces (namespace),
    source_url text,
    note text
) strict;
create index namespaces_lab on namespaces (lab);

create table origin_claims (
    id integer primary key,
    lab text not null references labs (id),
    basis text not null,
    country text references countries (code),
    city text,
    stands_on text,
    valid_from text,
    valid_to text,
    ended integer not null,
    evidence text not null,
    confidence text not null,
    says text,
    source_title text,
    source_url text,
    source_date text,
    read_on text,
    note text,
    decides integer not null
) strict;
create index origin_claims_lab on origin_claims (lab);

create table families (
    id text primary key,
    name text not null,
    lab text not null references labs (id),
    pattern text not null,
    note text
) strict;
create index families_lab on families (lab);

create table sources (
    id integer primary key,
    slug text not null unique,
    name text not null,
    kind text not null,
    -- One of `channels`, which a build checks before it fills any table.
    channel text not null,
    licence text not null,
    attribution text not null,
    url text not null,
    preference integer not null,
    note text,
    -- What a count refers to, so that none of one channel gets into another.
    unique (id, channel)
) strict;

create table models (
    id integer primary key,
    name text not null unique,
    hub_id text,
    namespace text not null references namespaces (namespace),
    lab text not null references labs (id),
    created_at text,
    created_at_floor integer not null,
    released_on text,
    released_from text,
    release_url text,
    pipeline_tag text,
    pipeline_tag_url text,
    modality text,
    library text,
    licence text,
    licence_url text,
    gated text,
    parameters integer,
    parameters_from text,
    parameters_url text,
    size_bucket text,
    family text references families (id),
    country text references countries (code),
    region text,
    root text,
    root_depth integer not null,
    base_lab text references labs (id),
    base_family text references families (id),
    base_country text references countries (code),
    status text,
    in_frontier integer not null,
    in_labs integer not null,
    scope_reason text not null,
    metadata_source text not null,
    seen_on text not null,
    latest_30d integer,
    latest_30d_on text,
    latest_all_time integer,
    latest_all_time_on text,
    likes integer,
    at_least integer
) strict;
create index models_lab on models (lab);
create index models_family on models (family);
create index models_country on models (country);
create index models_released_on on models (released_on);
create index models_latest_30d on models (latest_30d);
create index models_hub_id on models (hub_id);
create index models_seen on models (latest_30d_on, latest_all_time_on, in_frontier, in_labs);
create index models_latest_all_time on models (latest_all_time);

create table model_aliases (
    alias text primary key,
    model integer not null references models (id),
    reason text not null,
    source_url text
) strict;
create index model_aliases_model on model_aliases (model);

create table lineage (
    child integer not null references models (id),
    relation text not null,
    parent_name text not null,
    parent integer references models (id),
    source_url text,
    primary key (child, parent_name, relation)
) strict, without rowid;
create index lineage_parent on lineage (parent_name);

create table model_countries (
    model integer not null references models (id),
    attribution text not null,
    basis text not null,
    country text references countries (code),
    filled integer not null,
    primary key (model, attribution, basis)
) strict, without rowid;

create table observation_files (
    path text primary key,
    source integer not null references sources (id),
    date text not null,
    "rows" integer not null,
    sha256 text not null,
    date_basis text not null,
    source_url text,
    "commit" text,
    retrieved_at text,
    about integer not null
) strict;
create index observation_files_date on observation_files (date, source);

create table snapshots (
    day integer primary key,
    date text not null unique,
    observations integer not null,
    models integer not null
) strict;

-- The Hub's curves are made of every day listed here, so none of another channel may get in.
create trigger observation_files_of_the_hub
before insert on observation_files
when
    not exists (
        select 1
        from sources as s
        where s.id = new.source and s.channel = 'hub'
    )
begin
    select raise(abort, 'only counts of the Hub are observations of its models');
end;

create table history (
    day integer not null references snapshots (day),
    model integer not null references models (id),
    source integer not null references sources (id),
    downloads_30d integer,
    downloads_all_time integer,
    likes integer,
    primary key (day, model, source)
) strict, without rowid;

create table window_lengths (
    id integer primary key,
    first_day text,
    last_day text,
    shortest integer not null,
    longest integer not null,
    mean real not null,
    source text not null
) strict;

create table scopes (
    scope text primary key,
    label text not null,
    description text not null,
    through text,
    running_month text,
    models integer not null,
    models_with_counts integer not null,
    counted_pct real,
    covered_pct real,
    carried_pct real
) strict;

create table curves (
    model integer not null references models (id),
    date text not null,
    month text not null,
    cumulative integer not null,
    cumulative_low integer not null,
    cumulative_high integer not null,
    monthly integer not null,
    monthly_low integer not null,
    monthly_high integer not null,
    method text not null,
    likely_low integer not null,
    likely_high integer not null,
    monthly_likely_low integer not null,
    monthly_likely_high integer not null,
    counted integer not null,
    monthly_counted integer not null,
    primary key (model, date)
) strict, without rowid;

create table series_keys (
    id integer primary key,
    scope text not null references scopes (scope),
    attribution text not null,
    basis text not null,
    dimension text not null,
    key text,
    label text not null
) strict;
create index series_keys_dimension on series_keys (scope, attribution, basis, dimension, key);

create table series_points (
    series integer not null references series_keys (id),
    month text not null,
    through text not null,
    cumulative integer not null,
    cumulative_low integer not null,
    cumulative_high integer not null,
    cumulative_likely_low integer,
    cumulative_likely_high integer,
    cumulative_half_low integer,
    cumulative_half_high integer,
    cumulative_counted integer not null,
    cumulative_share_pct real,
    cumulative_low_pct real,
    cumulative_high_pct real,
    cumulative_likely_low_pct real,
    cumulative_likely_high_pct real,
    cumulative_half_low_pct real,
    cumulative_half_high_pct real,
    cumulative_place integer,
    cumulative_p_place real,
    monthly integer not null,
    monthly_low integer not null,
    monthly_high integer not null,
    monthly_likely_low integer,
    monthly_likely_high integer,
    monthly_half_low integer,
    monthly_half_high integer,
    monthly_counted integer not null,
    monthly_share_pct real,
    monthly_low_pct real,
    monthly_high_pct real,
    monthly_likely_low_pct real,
    monthly_likely_high_pct real,
    monthly_half_low_pct real,
    monthly_half_high_pct real,
    monthly_place integer,
    monthly_p_place real,
    carried integer not null,
    covered integer not null,
    coverable integer not null,
    models integer not null,
    primary key (series, month)
) strict, without rowid;

create table series_days (
    series integer not null references series_keys (id),
    step text not null,
    through text not null,
    month text not null,
    cumulative integer not null,
    cumulative_low integer not null,
    cumulative_high integer not null,
    cumulative_likely_low integer,
    cumulative_likely_high integer,
    cumulative_half_low integer,
    cumulative_half_high integer,
    cumulative_counted integer not null,
    cumulative_share_pct real,
    cumulative_low_pct real,
    cumulative_high_pct real,
    cumulative_likely_low_pct real,
    cumulative_likely_high_pct real,
    cumulative_half_low_pct real,
    cumulative_half_high_pct real,
    cumulative_place integer,
    cumulative_p_place real,
    monthly integer not null,
    monthly_low integer not null,
    monthly_high integer not null,
    monthly_likely_low integer,
    monthly_likely_high integer,
    monthly_half_low integer,
    monthly_half_high integer,
    monthly_counted integer not null,
    monthly_share_pct real,
    monthly_low_pct real,
    monthly_high_pct real,
    monthly_likely_low_pct real,
    monthly_likely_high_pct real,
    monthly_half_low_pct real,
    monthly_half_high_pct real,
    monthly_place integer,
    monthly_p_place real,
    carried integer not null,
    covered integer not null,
    coverable integer not null,
    models integer not null,
    primary key (series, step, through)
) strict, without rowid;

create table recent_days (
    scope text not null references scopes (scope),
    counted_on text not null,
    month text not null,
    source text not null references sources (slug),
    models integer not null,
    downloads integer not null,
    of_month integer not null,
    primary key (scope, counted_on)
) strict, without rowid;

create table recent_counts (
    counted_on text not null,
    model integer not null references models (id),
    source integer not null references sources (id),
    downloads_30d integer not null,
    flagged integer not null,
    primary key (counted_on, model)
) strict, without rowid;
create index recent_counts_downloads on recent_counts (counted_on, downloads_30d);

create table recent_series (
    id integer primary key,
    scope text not null references scopes (scope),
    attribution text not null,
    basis text not null,
    dimension text not null,
    counted_on text not null,
    key text,
    label text not null,
    models integer not null,
    downloads integer not null,
    largest_model text not null,
    largest integer not null,
    flagged integer not null,
    covered integer not null,
    coverable integer not null
) strict;
create index recent_series_key on recent_series (
    scope, attribution, basis, dimension, counted_on, key
);

create table licences (
    licence text primary key,
    name text not null,
    class text not null,
    class_label text not null,
    note text,
    source_url text
) strict;

create table model_mix (
    scope text not null references scopes (scope),
    split text not null,
    month text not null default '',
    country text not null default '',
    key text not null default '',
    label text not null,
    models integer not null,
    with_counts integer not null,
    downloads integer not null,
    low integer not null,
    high integer not null,
    primary key (scope, split, month, country, key)
) strict, without rowid;

create table concentration (
    scope text not null references scopes (scope),
    attribution text not null,
    dimension text not null,
    measure text not null,
    statistic text not null,
    month text not null,
    keys integer not null,
    value real not null,
    low real not null,
    high real not null,
    primary key (scope, attribution, dimension, measure, statistic, month)
) strict, without rowid;

create table adoption (
    model integer not null references models (id),
    days integer not null,
    until text not null,
    downloads integer not null,
    low integer not null,
    high integer not null,
    known integer not null,
    ram_tenth real,
    ram_tenth_low real,
    ram_tenth_high real,
    ram_median real,
    ram_median_low real,
    ram_median_high real,
    primary key (model, days)
) strict, without rowid;
create index adoption_low on adoption (days, low);
create index adoption_ram_tenth on adoption (days, ram_tenth_low);
create index adoption_ram_median on adoption (days, ram_median_low);

create table adoption_references (
    size_bucket text not null,
    days integer not null,
    models integer not null,
    known_models integer not null,
    tenth integer not null,
    tenth_low integer not null,
    tenth_high integer not null,
    median real not null,
    median_low real not null,
    median_high real not null,
    primary key (size_bucket, days)
) strict, without rowid;

create table recent_growth (
    model integer not null references models (id),
    days integer not null,
    through text not null,
    downloads integer not null,
    low integer not null,
    high integer not null,
    had integer not null,
    had_low integer not null,
    had_high integer not null,
    growth_pct real,
    growth_low_pct real,
    primary key (model, days)
) strict, without rowid;
create index recent_growth_pct on recent_growth (days, growth_low_pct, growth_pct);

create table derivatives (
    child text not null,
    relation text not null,
    parent_name text not null,
    created_at text,
    downloads_30d integer,
    counted_on text,
    source text not null,
    primary key (child, parent_name)
) strict, without rowid;
create index derivatives_parent on derivatives (parent_name);
create index derivatives_counted_on on derivatives (counted_on);

create table derived_models (
    child text not null,
    depth text not null,
    month text,
    relation text not null,
    downloads_30d integer,
    parents integer not null,
    base text,
    steps integer not null,
    lab text references labs (id),
    family text references families (id),
    country text references countries (code),
    own integer not null,
    several integer not null,
    primary key (child, depth)
) strict, without rowid;
create index derived_models_base on derived_models (base, depth);

create table derivative_months (
    depth text not null,
    split text not null,
    relation text not null,
    own integer not null,
    downloaded text not null,
    month text not null,
    -- A default of '' says that the empty text is a value of its own, as here of no lab.
    key text not null default '',
    label text not null,
    models integer not null,
    primary key (depth, split, downloaded, month, key, relation, own)
) strict, without rowid;

create table derivative_bases (
    depth text not null,
    downloaded text not null,
    base text not null,
    lab text not null references labs (id),
    family text references families (id),
    country text references countries (code),
    models integer not null,
    by_others integer not null,
    finetunes integer not null,
    quantisations integer not null,
    quantised_by_name integer not null,
    merges integer not null,
    adapters integer not null,
    unspecified integer not null,
    primary key (depth, downloaded, base)
) strict, without rowid;
create index derivative_bases_models on derivative_bases (depth, downloaded, models);

create table quality_events (
    id integer primary key,
    kind text not null,
    source text,
    from_date text not null,
    to_date text not null,
    model integer references models (id),
    models integer,
    what text not null
) strict;
create index quality_events_model on quality_events (model);

create table channels (
    channel text primary key,
    place integer not null,
    name text not null,
    metric text not null,
    unit text not null,
    kind text not null,
    counts text not null,
    limits text not null,
    gathering text not null,
    url text not null,
    first_on text,
    last_on text,
    days integer
) strict;

create table channels_missing (
    name text primary key,
    counts text not null,
    why text not null,
    bias text not null
) strict;

create table channel_names (
    id integer primary key,
    channel text not null references channels (channel),
    name text not null,
    lab text references labs (id),
    maker text,
    model integer references models (id),
    family text references families (id),
    weights text check (weights in ('open', 'closed')),
    basis text check (basis in ('repository', 'namespace', 'rule', 'document')),
    says text,
    source_url text,
    unique (channel, name),
    unique (id, channel)
) strict;
create index channel_names_lab on channel_names (lab);
create index channel_names_model on channel_names (model);

create table channel_counts (
    channel text not null,
    name integer not null,
    counted_on text not null,
    source integer not null,
    value integer not null,
    primary key (channel, name, counted_on, source),
    -- Name and source are of the count's own channel.
    foreign key (name, channel) references channel_names (id, channel),
    foreign key (source, channel) references sources (id, channel)
) strict, without rowid;

create table channel_series (
    id integer primary key,
    channel text not null references channels (channel),
    weights text not null,
    dimension text not null,
    key text,
    label text not null,
    step text not null,
    month text not null,
    through text not null,
    days integer not null,
    names integer not null,
    value integer not null,
    low integer not null,
    high integer,
    share_pct real,
    low_pct real,
    high_pct real
) strict;
create unique index channel_series_key on channel_series (
    channel, weights, dimension, step, through, key, month
);

create table capability_sources (
    source text primary key,
    name text not null,
    kind text not null check (kind in ('import', 'collected')),
    publisher text not null,
    scale text not null,
    days text not null check (days in ('of one day', 'of releases')),
    licence text not null,
    attribution text not null,
    url text not null,
    note text not null
) strict;

create table capability_scores (
    id integer primary key,
    source text not null references capability_sources (source),
    day text not null,
    as_of text not null,
    name text not null,
    organisation text,
    lab text references labs (id),
    model integer references models (id),
    country text references countries (code),
    weights text check (weights in ('open', 'closed')),
    released_on text,
    value real not null,
    low real,
    high real,
    votes integer
) strict;
create index capability_scores_source on capability_scores (source, day);
create index capability_scores_model on capability_scores (model);

create table capability_best (
    source text not null references capability_sources (source),
    key text not null,
    day text not null,
    name text not null,
    lab text references labs (id),
    model integer references models (id),
    value real not null,
    low real,
    high real,
    as_of text not null,
    primary key (source, key, day)
) strict, without rowid;

create table published_figures (
    figure text primary key,
    publisher text not null,
    what text not null,
    measure text not null,
    dimension text,
    key text,
    scope_of_publisher text,
    value real not null,
    unit text not null,
    as_of text,
    as_of_note text,
    evidence text not null,
    source_title text,
    source_url text not null,
    note text
) strict;

create table press_claims (
    claim_id text primary key,
    claim text not null,
    claimant text not null,
    published text not null,
    about text not null,
    decided_by text not null,
    first_reading text not null,
    source_url text
) strict;

create table peer_models (
    tracker text not null,
    name text not null,
    model integer references models (id),
    listed_on text not null,
    source_url text not null,
    primary key (tracker, name)
) strict, without rowid;
create index peer_models_model on peer_models (model);

create table peer_differences (
    id integer primary key,
    tracker text not null,
    side text not null,
    model integer references models (id),
    listed_as text,
    downloads_all_time integer,
    downloads_30d_most integer
) strict;
create index peer_differences_side on peer_differences (tracker, side);

create table scoreboard (
    figure text primary key references published_figures (figure),
    measure text not null,
    dimension text,
    key text,
    scope text references scopes (scope),
    since text,
    month text,
    published real not null,
    unit text not null,
    ours real,
    ours_low real,
    ours_high real,
    ours_in_words text,
    difference real,
    tolerance real,
    tolerance_unit text,
    verdict text not null,
    reason text not null,
    ours_likely_low real,
    ours_likely_high real,
    p real
) strict;

create table fact_checks (
    id integer primary key,
    claim_id text not null references press_claims (claim_id),
    kind text not null,
    arguments text not null,
    verdict text not null,
    evidence text not null,
    decided_by text not null,
    p real
) strict;
create index fact_checks_claim_id on fact_checks (claim_id);

create table milestones (
    id integer primary key,
    kind text not null,
    scope text not null references scopes (scope),
    dimension text not null,
    key text,
    label text not null,
    other_key text,
    other_label text,
    value integer,
    earliest text not null,
    latest text not null,
    known_before integer not null,
    estimate text,
    what text not null,
    earliest_on text not null,
    latest_on text not null,
    p real not null
) strict;
create index milestones_scope on milestones (scope, dimension, latest);

create table lab_countries (
    id integer primary key,
    scope text not null references scopes (scope),
    attribution text not null,
    basis text not null,
    lab text references labs (id),
    country text references countries (code),
    filled integer not null,
    models integer not null,
    downloads integer not null,
    downloads_low integer not null,
    downloads_high integer not null
) strict;
create index lab_countries_scope on lab_countries (scope, attribution, basis, country);

create table lab_coverage (
    scope text not null references scopes (scope),
    lab text not null references labs (id),
    month text not null,
    models integer not null,
    models_known integer not null,
    downloads integer not null,
    downloads_low integer not null,
    downloads_high integer not null,
    primary key (scope, lab, month)
) strict, without rowid;

create table robustness (
    id integer primary key,
    scope text not null references scopes (scope),
    attribution text not null,
    variant text not null,
    label text not null,
    country text references countries (code),
    models integer not null,
    downloads integer not null,
    downloads_low integer not null,
    downloads_high integer,
    share_pct real,
    low_pct real,
    high_pct real,
    likely_low_pct real,
    likely_high_pct real,
    counted integer not null,
    covered integer not null,
    coverable integer not null,
    left_out_models integer not null,
    left_out text
) strict;
create index robustness_scope on robustness (scope, attribution, variant);

create table left_out_series (
    scope text not null references scopes (scope),
    attribution text not null,
    dimension text not null,
    switch text not null,
    key text,
    label text not null,
    models integer not null,
    downloads integer not null,
    low integer not null,
    high integer not null,
    likely_low integer,
    likely_high integer,
    half_low integer,
    half_high integer,
    share_pct real,
    low_pct real,
    high_pct real,
    likely_low_pct real,
    likely_high_pct real,
    half_low_pct real,
    half_high_pct real,
    p_place real,
    counted integer not null,
    covered integer not null,
    coverable integer not null,
    left_out_models integer not null,
    left_out text
) strict;
create index left_out_series_switch on left_out_series (
    scope, attribution, dimension, switch
);

create table recorded_vintages (
    day text primary key,
    recorded_on text not null,
    method text not null,
    through text not null,
    rules_digest text not null,
    sha256 text not null,
    changed_since integer not null
) strict;

create table recorded_points (
    id integer primary key,
    day text not null references recorded_vintages (day),
    dimension text not null,
    key text,
    label text not null,
    month text not null,
    through text not null,
    measure text not null,
    downloads integer,
    low integer,
    high integer,
    likely_low integer,
    likely_high integer,
    share_pct real,
    low_pct real,
    high_pct real,
    likely_low_pct real,
    likely_high_pct real
) strict;
create index recorded_points_key on recorded_points (day, dimension, measure, key, month);

create table unregistered_publishers (
    namespace text primary key,
    models integer not null,
    downloads_all_time integer not null,
    downloads_30d integer,
    counted_on text not null,
    source text not null references sources (slug)
) strict;

create table changelog (
    number integer primary key,
    date text not null,
    kind text not null,
    what text not null,
    reason text not null,
    headline text,
    share_before real,
    share_after real,
    points real,
    corrects integer references changelog (number),
    source_url text
) strict;
create index changelog_corrects on changelog (corrects);

create table notices (
    id integer primary key,
    place text not null,
    text text not null,
    since text not null,
    until text
) strict;

create table source_freshness (
    source text primary key,
    cadence text not null check (cadence in ('once', 'on request', 'daily', 'weekly', 'monthly')),
    stale_after_days integer check (stale_after_days > 0),
    when_stale text check (when_stale in ('block', 'warn', 'retired')),
    reason text not null,
    last_day text
) strict;

create table age_record (
    day text not null,
    what text not null,
    through text not null,
    primary key (day, what)
) strict, without rowid;

create table build_info (
    key text primary key,
    value text not null
) strict, without rowid;

create view observations as
select
    s.date,
    m.name as model,
    m.lab,
    o.slug as source,
    h.downloads_30d,
    h.downloads_all_time,
    h.likes
from snapshots as s
cross join history as h on s.day = h.day
inner join models as m on h.model = m.id
inner join sources as o on h.source = o.id;

create view all_time_days as
select
    f.date,
    -- A day is exact as soon as one source of its all-time counts states it.
    min(f.about) as about
from observation_files as f
inner join snapshots as s on f.date = s.date
where
    exists (
        select 1
        from history as h
        where s.day = h.day and f.source = h.source and h.downloads_all_time is not null
    )
group by f.date;

create view scope_ends as
with ends as (
    select
        s.scope,
        s.through,
        coalesce(d.about, 0) as about,
        -- Only models of all kinds are cut: a list of the largest holds most of one kind.
        s.scope <> 'frontier'
        and exists (
            select 1
            from observation_files as f
            inner join sources as o on f.source = o.id
            where f.date = s.through and o.note like '%cut of the largest%'
        )
        and not exists (
            select 1
            from observation_files as f
            inner join sources as o on f.source = o.id
            where f.date = s.through and o.kind in ('hub', 'archive')
        ) as largest_only
    from scopes as s
    left join all_time_days as d on s.through = d.date
)

select
    scope,
    through,
    about,
    largest_only,
    case
        when about = 1 and largest_only = 1
            then 'about this day; only the largest models were counted'
        when about = 1 then 'about this day'
        when largest_only = 1 then 'only the largest models were counted on this day'
    end as note
from ends;

create view series as
select
    k.scope,
    k.attribution,
    k.basis,
    k.dimension,
    k.key,
    k.label,
    p.month,
    p.cumulative,
    p.cumulative_low,
    p.cumulative_high,
    p.monthly,
    p.monthly_low,
    p.monthly_high,
    p.models,
    p.through,
    p.cumulative_likely_low,
    p.cumulative_likely_high,
    p.monthly_likely_low,
    p.monthly_likely_high,
    p.cumulative_share_pct,
    p.cumulative_low_pct,
    p.cumulative_high_pct,
    p.cumulative_likely_low_pct,
    p.cumulative_likely_high_pct,
    p.monthly_share_pct,
    p.monthly_low_pct,
    p.monthly_high_pct,
    p.monthly_likely_low_pct,
    p.monthly_likely_high_pct,
    p.cumulative_counted,
    p.monthly_counted,
    p.carried,
    p.covered,
    p.coverable
from series_keys as k
inner join series_points as p on k.id = p.series;

create view standings as
select
    p.series,
    p.month,
    p.cumulative_place as place,
    p.cumulative_share_pct as share_pct,
    p.cumulative_low_pct as low_pct,
    p.cumulative_high_pct as high_pct,
    p.cumulative_likely_low_pct as likely_low_pct,
    p.cumulative_likely_high_pct as likely_high_pct,
    p.cumulative_p_place as p_place
from series_points as p;

create view series_steps as
select
    k.id as series,
    k.scope,
    k.attribution,
    k.basis,
    k.dimension,
    k.key,
    k.label,
    'month' as step,
    p.month,
    p.through,
    'cumulative' as measure,
    p.cumulative as downloads,
    p.cumulative_low as low,
    p.cumulative_high as high,
    p.cumulative_likely_low as likely_low,
    p.cumulative_likely_high as likely_high,
    p.cumulative_half_low as half_low,
    p.cumulative_half_high as half_high,
    p.cumulative_counted as counted,
    p.cumulative_share_pct as share_pct,
    p.cumulative_low_pct as low_pct,
    p.cumulative_high_pct as high_pct,
    p.cumulative_likely_low_pct as likely_low_pct,
    p.cumulative_likely_high_pct as likely_high_pct,
    p.cumulative_half_low_pct as half_low_pct,
    p.cumulative_half_high_pct as half_high_pct,
    p.cumulative_place as place,
    p.cumulative_p_place as p_place,
    p.carried,
    p.covered,
    p.coverable,
    p.models,
    case
        when p.cumulative > 0 and p.cumulative_counted >= 0.95 * p.cumulative then 'counted'
        when p.cumulative_likely_low is not null then 'estimated'
        else 'bounds'
    end as rests_on,
    round(100.0 * p.cumulative_counted / nullif(p.cumulative, 0), 2) as counted_pct,
    round(100.0 * p.covered / nullif(p.coverable, 0), 2) as covered_pct
from series_keys as k
inner join series_points as p on k.id = p.series
union all
select
    k.id as series,
    k.scope,
    k.attribution,
    k.basis,
    k.dimension,
    k.key,
    k.label,
    'month' as step,
    p.month,
    p.through,
    'monthly' as measure,
    p.monthly as downloads,
    p.monthly_low as low,
    p.monthly_high as high,
    p.monthly_likely_low as likely_low,
    p.monthly_likely_high as likely_high,
    p.monthly_half_low as half_low,
    p.monthly_half_high as half_high,
    p.monthly_counted as counted,
    p.monthly_share_pct as share_pct,
    p.monthly_low_pct as low_pct,
    p.monthly_high_pct as high_pct,
    p.monthly_likely_low_pct as likely_low_pct,
    p.monthly_likely_high_pct as likely_high_pct,
    p.monthly_half_low_pct as half_low_pct,
    p.monthly_half_high_pct as half_high_pct,
    p.monthly_place as place,
    p.monthly_p_place as p_place,
    p.carried,
    p.covered,
    p.coverable,
    p.models,
    case
        when p.monthly > 0 and p.monthly_counted >= 0.95 * p.monthly then 'counted'
        when p.monthly_likely_low is not null then 'estimated'
        else 'bounds'
    end as rests_on,
    round(100.0 * p.monthly_counted / nullif(p.monthly, 0), 2) as counted_pct,
    round(100.0 * p.covered / nullif(p.coverable, 0), 2) as covered_pct
from series_keys as k
inner join series_points as p on k.id = p.series
union all
select
    k.id as series,
    k.scope,
    k.attribution,
    k.basis,
    k.dimension,
    k.key,
    k.label,
    p.step,
    p.month,
    p.through,
    'cumulative' as measure,
    p.cumulative as downloads,
    p.cumulative_low as low,
    p.cumulative_high as high,
    p.cumulative_likely_low as likely_low,
    p.cumulative_likely_high as likely_high,
    p.cumulative_half_low as half_low,
    p.cumulative_half_high as half_high,
    p.cumulative_counted as counted,
    p.cumulative_share_pct as share_pct,
    p.cumulative_low_pct as low_pct,
    p.cumulative_high_pct as high_pct,
    p.cumulative_likely_low_pct as likely_low_pct,
    p.cumulative_likely_high_pct as likely_high_pct,
    p.cumulative_half_low_pct as half_low_pct,
    p.cumulative_half_high_pct as half_high_pct,
    p.cumulative_place as place,
    p.cumulative_p_place as p_place,
    p.carried,
    p.covered,
    p.coverable,
    p.models,
    case
        when p.cumulative > 0 and p.cumulative_counted >= 0.95 * p.cumulative then 'counted'
        when p.cumulative_likely_low is not null then 'estimated'
        else 'bounds'
    end as rests_on,
    round(100.0 * p.cumulative_counted / nullif(p.cumulative, 0), 2) as counted_pct,
    round(100.0 * p.covered / nullif(p.coverable, 0), 2) as covered_pct
from series_keys as k
inner join series_days as p on k.id = p.series
union all
select
    k.id as series,
    k.scope,
    k.attribution,
    k.basis,
    k.dimension,
    k.key,
    k.label,
    p.step,
    p.month,
    p.through,
    'monthly' as measure,
    p.monthly as downloads,
    p.monthly_low as low,
    p.monthly_high as high,
    p.monthly_likely_low as likely_low,
    p.monthly_likely_high as likely_high,
    p.monthly_half_low as half_low,
    p.monthly_half_high as half_high,
    p.monthly_counted as counted,
    p.monthly_share_pct as share_pct,
    p.monthly_low_pct as low_pct,
    p.monthly_high_pct as high_pct,
    p.monthly_likely_low_pct as likely_low_pct,
    p.monthly_likely_high_pct as likely_high_pct,
    p.monthly_half_low_pct as half_low_pct,
    p.monthly_half_high_pct as half_high_pct,
    p.monthly_place as place,
    p.monthly_p_place as p_place,
    p.carried,
    p.covered,
    p.coverable,
    p.models,
    case
        when p.monthly > 0 and p.monthly_counted >= 0.95 * p.monthly then 'counted'
        when p.monthly_likely_low is not null then 'estimated'
        else 'bounds'
    end as rests_on,
    round(100.0 * p.monthly_counted / nullif(p.monthly, 0), 2) as counted_pct,
    round(100.0 * p.covered / nullif(p.coverable, 0), 2) as covered_pct
from series_keys as k
inner join series_days as p on k.id = p.series;

-- Figures of different channels side by side, each of one channel alone.
create view newest_on_channels as
with newest as (
    select
        x.channel,
        max(x.month) as month,
        max(x.through) as through
    from channel_series as x
    group by x.channel
)

select
    s.channel,
    s.dimension,
    s.key,
    s.label,
    s.value,
    s.low,
    s.high,
    s.share_pct,
    s.low_pct,
    s.high_pct,
    s.through
from channel_series as s
inner join channels as c on s.channel = c.channel
inner join newest as n on s.channel = n.channel and s.month = n.month
where
    s.weights = 'all'
    and s.step = iif(c.kind = 'daily', 'week', 'month')
    and s.key is not null
    and s.key <> 'other'
    and (c.kind = 'counter' or s.through = n.through)
union all
select
    'hub' as channel,
    k.dimension,
    k.key,
    k.label,
    k.cumulative as value,
    k.cumulative_low as low,
    k.cumulative_high as high,
    k.cumulative_share_pct as share_pct,
    k.cumulative_low_pct as low_pct,
    k.cumulative_high_pct as high_pct,
    k.through
from series as k
inner join scopes as t on k.scope = t.scope and k.through = t.through
where
    k.scope = 'frontier'
    and k.attribution = 'publisher'
    and k.basis = 'operating'
    and k.key is not null;

create table calibration (
    id integer primary key,
    test text not null,
    level text not null,
    cases integer not null,
    inside_50 real,
    inside_80 real,
    inside_90 real,
    median_width real,
    worst_miss text,
    last_observation text not null,
    data_digest text not null,
    code_digest text not null
) strict;
