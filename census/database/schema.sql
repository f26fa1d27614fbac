-- The tables of census.db. Lines that begin with --: say what the table or column below them means;
-- metadata.yml, docs/tables.md and the exports have it from here, by tools/describe.

--: Countries by ISO 3166-1 alpha-2 code, with the region to which each belongs.
--: label: name
create table countries (
    --: ISO 3166-1 alpha-2 code; XX means distributed, with no single base in its own words
    code text primary key,
    --: Short English name
    name text not null,
    --: China (with Hong Kong and Macau), United States, Europe, Rest of the world or Distributed
    region text not null
) strict;

--: Organisations and people that publish models; a lab owns one or more namespaces.
--: label: name
create table labs (
    --: Short name in addresses
    id text primary key,
    --: The lab's name
    name text not null,
    --: company, university, nonprofit, government, community or individual
    kind text not null,
    --: lab, or repackager (converts or re-uploads the weights of others)
    role text not null,
    --: The organisation that it belongs to
    parent text,
    --: 1 for a team inside its parent, whose headquarters then decide the country
    in_house integer not null,
    --: Outcome of the rule over its origin claims today; empty is not established
    country text references countries (code),
    --: Region of that country
    region text,
    --: sourced, distributed (its own words name no single base) or unverified
    origin_status text not null,
    --: 1 when sourced claims on its headquarters name different countries, or by hand
    disputed integer not null,
    --: Why it was marked as disputed by hand
    disputed_because text,
    --: Remarks
    note text
) strict;
create index labs_country on labs (country);

--: Organisations and users on the Hub, the part of a model's name before the slash.
create table namespaces (
    --: Name on the Hub
    namespace text primary key,
    --: The lab that owns it
    lab text not null references labs (id),
    --: The namespace that it became, when it is retired
    renamed_to text references namespaces (namespace),
    --: Where the ownership or the renaming is stated
    source_url text,
    --: Remarks
    note text
) strict;
create index namespaces_lab on namespaces (lab);

--: Statements that a lab is from a country, each with the document that says so, in our own words.
--: Unverified claims have no document and decide nothing.
create table origin_claims (
    --: Number of the claim in this build
    id integer primary key,
    --: The lab that it is about
    lab text not null references labs (id),
    --: headquarters, parent_headquarters, incorporation or founding_location
    basis text not null,
    --: The country that the document states; empty when it states none
    country text references countries (code),
    --: The city, when the document states it
    city text,
    --: What the statement stands on where the document does not simply name a base:
    --: main_operations, filing_address (of a listed company), dateline (of a release) or
    --: governing_law (of a contract)
    stands_on text,
    --: When it began to hold, as exactly as it is documented
    valid_from text,
    --: When it ceased to hold
    valid_to text,
    --: 1 when it no longer holds, also if the day is not documented
    ended integer not null,
    --: primary (the lab's own words, licence, imprint or filing), secondary or none
    evidence text not null,
    --: high, medium, low or unverified
    confidence text not null,
    --: What the document says, in our own words
    says text,
    --: The document
    source_title text,
    --: Where it was read
    source_url text,
    --: The document's date
    source_date text,
    --: When we read it, or looked for a document in vain
    read_on text,
    --: Remarks
    note text,
    --: 1 for the claim that decides the lab's country today
    decides integer not null
) strict;
create index origin_claims_lab on origin_claims (lab);

--: Model families of a lab, recognised by the models' names.
--: label: name
create table families (
    --: Short name in addresses
    id text primary key,
    --: The family's name
    name text not null,
    --: The lab that makes it
    lab text not null references labs (id),
    --: Regular expression that its models' names match
    pattern text not null,
    --: Remarks
    note text
) strict;
create index families_lab on families (lab);

--: Where observations came from, with licence and attribution.
--: label: name
create table sources (
    --: Number of the source in this build
    id integer primary key,
    --: Short name
    slug text not null unique,
    --: Full name
    name text not null,
    --: hub or collected (collected by us), archive (lists every model each day) or import (a
    --: selection)
    kind text not null,
    -- One of `channels`, which a build checks before it fills any table.
    --: Where models were fetched or used, as in the table channels
    channel text not null,
    --: Licence of the source
    licence text not null,
    --: Whom to credit
    attribution text not null,
    --: Where it is
    url text not null,
    --: The lower number wins when two sources have the same model and day
    preference integer not null,
    --: Known faults
    note text,
    -- What a count refers to, so that none of one channel gets into another.
    unique (id, channel)
) strict;

--: Hub model repositories of registered namespaces, under the name that they have today, with what
--: the rules say of each.
--: label: name
create table models (
    --: Number of the model in this build
    id integer primary key,
    --: Namespace and name on the Hub
    name text not null unique,
    --: The Hub's own identifier, which a rename does not change
    hub_id text,
    --: The part of the name before the slash
    namespace text not null references namespaces (namespace),
    --: The lab that publishes it
    lab text not null references labs (id),
    --: Day on which the repository was created
    created_at text,
    --: 1 when that is 2022-03-02, which means then or earlier
    created_at_floor integer not null,
    --: Day of a dated announcement, else of the creation on the Hub
    released_on text,
    --: announcement (a document dates the release) or hub (the creation on the Hub)
    released_from text,
    --: The document that dates the release
    release_url text,
    --: The Hub's pipeline tag, corrected where it is empty or wrong
    pipeline_tag text,
    --: The document by which it was corrected; empty where it is the Hub's
    pipeline_tag_url text,
    --: What the model works on, by its pipeline tag
    modality text,
    --: The library that it is made for
    library text,
    --: Licence that its card states, or a document where no source has one of the card
    licence text,
    --: That document; empty where it is the card's
    licence_url text,
    --: Whether access must be asked for (false, auto or manual)
    gated text,
    --: Number of parameters
    parameters integer,
    --: How that is known (curated, safetensors or name)
    parameters_from text,
    --: The document of a curated number
    parameters_url text,
    --: Size class by parameters
    size_bucket text,
    --: Family by its name
    family text references families (id),
    --: Operating country of its lab at its release
    country text references countries (code),
    --: Region of that country
    region text,
    --: Root of its declared lineage; itself when it declares no base
    root text,
    --: Steps from the model to that root
    root_depth integer not null,
    --: Lab of the root, which it counts as in attribution base
    base_lab text references labs (id),
    --: Family of the root
    base_family text references families (id),
    --: Operating country of that lab at the model's release
    base_country text references countries (code),
    --: What the Hub last said of it (listed, gone, private or disabled)
    status text,
    --: 1 when it is counted by default
    in_frontier integer not null,
    --: 1 when it is in scope labs
    in_labs integer not null,
    --: The rule by which it is counted by default, or is not
    scope_reason text not null,
    --: Sources of this row
    metadata_source text not null,
    --: Day on which the newest of them saw it
    seen_on text not null,
    --: Newest count of downloads in 30 days
    latest_30d integer,
    --: Day of that count
    latest_30d_on text,
    --: Newest count of all downloads since creation
    latest_all_time integer,
    --: Day of that count
    latest_all_time_on text,
    --: Newest count of likes
    likes integer,
    --: Fewest downloads that a model without an all-time count can have had; empty for all others
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

--: Former names of models; observations under them belong to the present model.
create table model_aliases (
    --: Former name
    alias text primary key,
    --: The model
    model integer not null references models (id),
    --: Why the name changed
    reason text not null,
    --: Where that is stated
    source_url text
) strict;
create index model_aliases_model on model_aliases (model);

--: Base models that models declare, or that documents name where they declare none.
create table lineage (
    --: The model that declares it
    child integer not null references models (id),
    --: finetune, quantized, merge, adapter or unspecified
    relation text not null,
    --: Name of the base model, spelled as the census spells it
    parent_name text not null,
    --: The base model, when it is in the census
    parent integer references models (id),
    --: The document that names the base where the model's card declares none
    source_url text,
    primary key (child, parent_name, relation)
) strict, without rowid;
create index lineage_parent on lineage (parent_name);

--: The country of each model by attribution and basis, at its release.
create table model_countries (
    --: The model
    model integer not null references models (id),
    --: publisher (its uploader's lab) or base (the lab of its lineage's root)
    attribution text not null,
    --: operating, or the basis of the claims used
    basis text not null,
    --: The country; empty is not established
    country text references countries (code),
    --: 1 when the lab has no claim on the basis, so that the operating country stands in
    filled integer not null,
    primary key (model, attribution, basis)
) strict, without rowid;

--: The files of observations, one a source and day, which never change.
create table observation_files (
    --: Path below data/observations
    path text primary key,
    --: The source
    source integer not null references sources (id),
    --: The day that the counts are of
    date text not null,
    --: Observations in the file
    "rows" integer not null,
    --: SHA-256 of the file
    sha256 text not null,
    --: How well the day is known
    date_basis text not null,
    --: Where the counts were found
    source_url text,
    --: Version there
    "commit" text,
    --: When they were retrieved
    retrieved_at text,
    --: 1 when the source only bounds the day, so that the counts are of about this day
    about integer not null
) strict;
create index observation_files_date on observation_files (date, source);

--: Days with observations.
create table snapshots (
    --: Days since 1970-01-01
    day integer primary key,
    --: The day
    date text not null unique,
    --: Observations on it
    observations integer not null,
    --: Models observed on it
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

--: The observations by number of day, model and source. The view observations shows them with names
--: and dates.
create table history (
    --: Days since 1970-01-01
    day integer not null references snapshots (day),
    --: The model
    model integer not null references models (id),
    --: The source
    source integer not null references sources (id),
    --: Downloads in the 30 days before
    downloads_30d integer,
    --: Downloads since creation
    downloads_all_time integer,
    --: Likes
    likes integer,
    primary key (day, model, source)
) strict, without rowid;

--: How many days a 30-day count covers, by the day on which it ends, from data/window_lengths.csv.
create table window_lengths (
    --: Number of the row in this build
    id integer primary key,
    --: First day on which such counts end; empty where it is open
    first_day text,
    --: Last day on which such counts end; empty where it is open
    last_day text,
    --: Fewest days that the hard bounds allow for
    shortest integer not null,
    --: Most days that the hard bounds allow for
    longest integer not null,
    --: Days that the estimate takes
    mean real not null,
    --: How that was measured
    source text not null
) strict;

--: Which models a figure counts, and how far the scope's series go.
create table scopes (
    --: Short name, used as a parameter
    scope text primary key,
    --: Name
    label text not null,
    --: Which models it holds
    description text not null,
    --: Last day on which models counted on that very day hold 90 % of the downloads
    through text,
    --: The month of that day, when it is not over
    running_month text,
    --: Models in the scope
    models integer not null,
    --: Those with an all-time count, which the series hold
    models_with_counts integer not null,
    --: Percentage of the downloads in models counted within a day of the last day
    counted_pct real,
    --: Percentage of the recent downloads that lies in models of the series, by the 30-day count
    --: nearest to the last day; empty if unknown
    covered_pct real,
    --: Percentage of the downloads that is the last known value of models not counted since
    carried_pct real
) strict;

--: Cumulative downloads of each model at the ends of months and on the scopes' last days, with the
--: estimate's 90 % interval and hard bounds.
create table curves (
    --: The model
    model integer not null references models (id),
    --: Last day counted
    date text not null,
    --: Month of that day
    month text not null,
    --: Estimate of all downloads to that day
    cumulative integer not null,
    --: Hard lower bound
    cumulative_low integer not null,
    --: Hard upper bound
    cumulative_high integer not null,
    --: Estimate of the downloads in the month
    monthly integer not null,
    --: Hard lower bound
    monthly_low integer not null,
    --: Hard upper bound
    monthly_high integer not null,
    --: How it is known (observed that day, estimated between counts, or carried since the last
    --: count)
    method text not null,
    --: Lower end of the 90 % interval of all downloads
    likely_low integer not null,
    --: Upper end of the 90 % interval of all downloads
    likely_high integer not null,
    --: Lower end of the 90 % interval of the month's downloads
    monthly_likely_low integer not null,
    --: Upper end of the 90 % interval of the month's downloads
    monthly_likely_high integer not null,
    --: 1 when the model has an all-time count within a day of that day
    counted integer not null,
    --: 1 when it has one within a day of both ends of the month
    monthly_counted integer not null,
    primary key (model, date)
) strict, without rowid;

--: The series, each a key of a dimension in a scope, attribution and basis.
create table series_keys (
    --: Number of the series in this build
    id integer primary key,
    --: Scope
    scope text not null references scopes (scope),
    --: publisher or base
    attribution text not null,
    --: Basis of the country; operating for other dimensions
    basis text not null,
    --: country, region, lab, family, size_bucket, licence or modality
    dimension text not null,
    --: Key in the dimension; empty is unknown
    key text,
    --: Name of the key
    label text not null
) strict;
create index series_keys_dimension on series_keys (scope, attribution, basis, dimension, key);

--: The series by month. Downloads and intervals are of drawn histories, summed model by model in
--: each draw; hard bounds are sums of the models' bounds. Amounts of several keys can be added,
--: ends of intervals cannot.
create table series_points (
    --: The series
    series integer not null references series_keys (id),
    --: Month; the last one may be running
    month text not null,
    --: Last day counted in the row
    through text not null,
    --: All downloads by the row's last day, the middle of the drawn histories
    cumulative integer not null,
    --: Hard lower bound
    cumulative_low integer not null,
    --: Hard upper bound
    cumulative_high integer not null,
    --: Lower end of the 90 % interval; empty where too little was counted for one
    cumulative_likely_low integer,
    --: Upper end of the 90 % interval
    cumulative_likely_high integer,
    --: Lower end of the 50 % interval
    cumulative_half_low integer,
    --: Upper end of the 50 % interval
    cumulative_half_high integer,
    --: The part of these downloads in models counted within a day of the last day
    cumulative_counted integer not null,
    --: Percentage of the downloads of all keys
    cumulative_share_pct real,
    --: Hard lower bound of that share
    cumulative_low_pct real,
    --: Hard upper bound of that share
    cumulative_high_pct real,
    --: Lower end of its 90 % interval
    cumulative_likely_low_pct real,
    --: Upper end of its 90 % interval
    cumulative_likely_high_pct real,
    --: Lower end of its 50 % interval
    cumulative_half_low_pct real,
    --: Upper end of its 50 % interval
    cumulative_half_high_pct real,
    --: Rank by downloads; empty for an unknown key
    cumulative_place integer,
    --: Part of the drawn histories, 0 to 1, in which every key ranked above has more and every key
    --: ranked below has less
    cumulative_p_place real,
    --: Downloads in the month, the middle of the drawn histories
    monthly integer not null,
    --: Hard lower bound
    monthly_low integer not null,
    --: Hard upper bound
    monthly_high integer not null,
    --: Lower end of the 90 % interval; empty where too little was counted for one
    monthly_likely_low integer,
    --: Upper end of the 90 % interval
    monthly_likely_high integer,
    --: Lower end of the 50 % interval
    monthly_half_low integer,
    --: Upper end of the 50 % interval
    monthly_half_high integer,
    --: The part of these downloads in models counted within a day of both ends of the month
    monthly_counted integer not null,
    --: Percentage of the month's downloads of all keys
    monthly_share_pct real,
    --: Hard lower bound of that share
    monthly_low_pct real,
    --: Hard upper bound of that share
    monthly_high_pct real,
    --: Lower end of its 90 % interval
    monthly_likely_low_pct real,
    --: Upper end of its 90 % interval
    monthly_likely_high_pct real,
    --: Lower end of its 50 % interval
    monthly_half_low_pct real,
    --: Upper end of its 50 % interval
    monthly_half_high_pct real,
    --: Rank by the month's downloads; empty for an unknown key
    monthly_place integer,
    --: Part of the drawn histories in which that rank holds, as for all downloads
    monthly_p_place real,
    --: The part of all downloads in models that have not been counted since an earlier day
    carried integer not null,
    --: Recent downloads in models of the series, by the 30-day count nearest to the last day
    covered integer not null,
    --: Recent downloads of all models of the key with such a count
    coverable integer not null,
    --: Models summed
    models integer not null,
    --: What the cumulative downloads rest on: counted (95 % or more is), estimated (there is a likely
    --: interval) or bounds
    cumulative_rests_on text generated always as (
        case
            when cumulative > 0 and cumulative_counted >= 0.95 * cumulative then 'counted'
            when cumulative_likely_low is not null then 'estimated'
            else 'bounds'
        end
    ) virtual,
    --: What the monthly downloads rest on: counted (95 % or more is), estimated (there is a likely
    --: interval) or bounds
    monthly_rests_on text generated always as (
        case
            when monthly > 0 and monthly_counted >= 0.95 * monthly then 'counted'
            when monthly_likely_low is not null then 'estimated'
            else 'bounds'
        end
    ) virtual,
    primary key (series, month)
) strict, without rowid;

--: The series by week and by day, for the last 92 days of each scope. Weeks end on the scope's last
--: day and every seven days before it.
create table series_days (
    --: The series
    series integer not null references series_keys (id),
    --: week or day
    step text not null,
    --: Last day of the week, or the day
    through text not null,
    --: Month of that day
    month text not null,
    --: All downloads by the row's last day, the middle of the drawn histories
    cumulative integer not null,
    --: Hard lower bound
    cumulative_low integer not null,
    --: Hard upper bound
    cumulative_high integer not null,
    --: Lower end of the 90 % interval; empty where too little was counted for one
    cumulative_likely_low integer,
    --: Upper end of the 90 % interval
    cumulative_likely_high integer,
    --: Lower end of the 50 % interval
    cumulative_half_low integer,
    --: Upper end of the 50 % interval
    cumulative_half_high integer,
    --: The part of these downloads in models counted within a day of the last day
    cumulative_counted integer not null,
    --: Percentage of the downloads of all keys
    cumulative_share_pct real,
    --: Hard lower bound of that share
    cumulative_low_pct real,
    --: Hard upper bound of that share
    cumulative_high_pct real,
    --: Lower end of its 90 % interval
    cumulative_likely_low_pct real,
    --: Upper end of its 90 % interval
    cumulative_likely_high_pct real,
    --: Lower end of its 50 % interval
    cumulative_half_low_pct real,
    --: Upper end of its 50 % interval
    cumulative_half_high_pct real,
    --: Rank by downloads; empty for an unknown key
    cumulative_place integer,
    --: Part of the drawn histories, 0 to 1, in which every key ranked above has more and every key
    --: ranked below has less
    cumulative_p_place real,
    --: Downloads in the week or on the day, the middle of the drawn histories
    monthly integer not null,
    --: Hard lower bound
    monthly_low integer not null,
    --: Hard upper bound
    monthly_high integer not null,
    --: Lower end of the 90 % interval; empty where too little was counted for one
    monthly_likely_low integer,
    --: Upper end of the 90 % interval
    monthly_likely_high integer,
    --: Lower end of the 50 % interval
    monthly_half_low integer,
    --: Upper end of the 50 % interval
    monthly_half_high integer,
    --: The part of these downloads in models counted within a day of both ends of the step
    monthly_counted integer not null,
    --: Percentage of the step's downloads of all keys
    monthly_share_pct real,
    --: Hard lower bound of that share
    monthly_low_pct real,
    --: Hard upper bound of that share
    monthly_high_pct real,
    --: Lower end of its 90 % interval
    monthly_likely_low_pct real,
    --: Upper end of its 90 % interval
    monthly_likely_high_pct real,
    --: Lower end of its 50 % interval
    monthly_half_low_pct real,
    --: Upper end of its 50 % interval
    monthly_half_high_pct real,
    --: Rank by the step's downloads; empty for an unknown key
    monthly_place integer,
    --: Part of the drawn histories in which that rank holds, as for all downloads
    monthly_p_place real,
    --: The part of all downloads in models that have not been counted since an earlier day
    carried integer not null,
    --: Recent downloads in models of the series, by the 30-day count nearest to the last day
    covered integer not null,
    --: Recent downloads of all models of the key with such a count
    coverable integer not null,
    --: Models summed
    models integer not null,
    --: What the cumulative downloads rest on: counted (95 % or more is), estimated (there is a likely
    --: interval) or bounds
    cumulative_rests_on text generated always as (
        case
            when cumulative > 0 and cumulative_counted >= 0.95 * cumulative then 'counted'
            when cumulative_likely_low is not null then 'estimated'
            else 'bounds'
        end
    ) virtual,
    --: What the monthly downloads rest on: counted (95 % or more is), estimated (there is a likely
    --: interval) or bounds
    monthly_rests_on text generated always as (
        case
            when monthly > 0 and monthly_counted >= 0.95 * monthly then 'counted'
            when monthly_likely_low is not null then 'estimated'
            else 'bounds'
        end
    ) virtual,
    primary key (series, step, through)
) strict, without rowid;

--: Days on which one source counted the last 30 days of at least 100 models of a scope. Sources
--: whose counts are rounded or were taken earlier are left out.
create table recent_days (
    --: Scope
    scope text not null references scopes (scope),
    --: The day, the last one of a crawl over several
    counted_on text not null,
    --: Its month
    month text not null,
    --: The source that counted most of the models
    source text not null references sources (slug),
    --: Models of the scope counted on the day
    models integer not null,
    --: Their downloads of the last 30 days
    downloads integer not null,
    --: 1 for the day of the month with most downloads
    of_month integer not null,
    primary key (scope, counted_on)
) strict, without rowid;

--: The 30-day count of every model on those days, of the preferred source of the day.
create table recent_counts (
    --: The day, the last one of a crawl over several
    counted_on text not null,
    --: The model
    model integer not null references models (id),
    --: The source of the count
    source integer not null references sources (id),
    --: Downloads of the last 30 days
    downloads_30d integer not null,
    --: 1 where the count has a quality event
    flagged integer not null,
    primary key (counted_on, model)
) strict, without rowid;
create index recent_counts_downloads on recent_counts (counted_on, downloads_30d);

--: Downloads of the last 30 days by country, lab and family - sums over all models counted on the
--: day, with or without an all-time count.
create table recent_series (
    --: Number of the row in this build
    id integer primary key,
    --: Scope
    scope text not null references scopes (scope),
    --: publisher or base
    attribution text not null,
    --: Basis of the country; operating for other dimensions
    basis text not null,
    --: country, lab or family
    dimension text not null,
    --: The day, the last one of a crawl over several
    counted_on text not null,
    --: Key in the dimension; empty is unknown
    key text,
    --: Name of the key
    label text not null,
    --: Models counted on the day
    models integer not null,
    --: Their downloads of the last 30 days
    downloads integer not null,
    --: The one with most of them
    largest_model text not null,
    --: Downloads of that model
    largest integer not null,
    --: Downloads in counts that have a quality event
    flagged integer not null,
    --: 30-day counts near the day of models counted on the day
    covered integer not null,
    --: 30-day counts near the day of all models
    coverable integer not null
) strict;
create index recent_series_key on recent_series (
    scope, attribution, basis, dimension, counted_on, key
);

--: Licences that models state and what each allows, by the census's reading of the texts or that of
--: others who read them.
--: label: name
create table licences (
    --: Licence as the Hub tags it
    licence text primary key,
    --: Its name
    name text not null,
    --: open (any use by anyone), restricted (commercial use with limits), non_commercial, or unread
    class text not null,
    --: What the class means
    class_label text not null,
    --: Why it is in the class
    note text,
    --: Where that is stated
    source_url text
) strict;

--: How many models of each month of release and country have a property, and their downloads up to
--: the scope's last day. Here unknown is the empty text.
create table model_mix (
    --: Scope
    scope text not null references scopes (scope),
    --: Property (country, size_bucket, licence, licence_class, gating or modality)
    split text not null,
    --: Month of release; empty is unknown
    month text not null default '',
    --: Operating country of the lab at the release; empty is not established
    country text not null default '',
    --: Value of the property; empty is unknown
    key text not null default '',
    --: Name of the value
    label text not null,
    --: Models
    models integer not null,
    --: Of those, models with an all-time count
    with_counts integer not null,
    --: Estimate of their downloads to the scope's last day
    downloads integer not null,
    --: Lower bound
    low integer not null,
    --: Upper bound
    high integer not null,
    --: Lower end of the 90 % interval; empty where too little was counted for one
    likely_low integer,
    --: Upper end of the 90 % interval
    likely_high integer,
    --: The part of these downloads in models counted within a day of the last day
    counted integer not null,
    --: Recent downloads in models with an all-time count, by the 30-day count nearest to the day
    covered integer not null,
    --: Recent downloads of all models with such a count
    coverable integer not null,
    primary key (scope, split, month, country, key)
) strict, without rowid;

--: The same as in model_mix, over all months of release, for each country and for all together, with
--: the share of each value. Ends of intervals cannot be added, so these sums have a table.
create table mix_sums (
    --: Scope
    scope text not null references scopes (scope),
    --: Property (country, size_bucket, licence, licence_class, gating or modality)
    split text not null,
    --: Operating country of the lab at the release; empty is not established, all is every country
    country text not null default '',
    --: Value of the property; empty is unknown
    key text not null default '',
    --: Name of the value
    label text not null,
    --: Models
    models integer not null,
    --: Of those, models with an all-time count
    with_counts integer not null,
    --: Estimate of their downloads to the scope's last day, the middle of the drawn histories
    downloads integer not null,
    --: Hard lower bound
    low integer not null,
    --: Hard upper bound
    high integer not null,
    --: Lower end of the 90 % interval; empty where too little was counted for one
    likely_low integer,
    --: Upper end of the 90 % interval
    likely_high integer,
    --: The part of these downloads in models counted within a day of the last day
    counted integer not null,
    --: Recent downloads in models with an all-time count, by the 30-day count nearest to the day
    covered integer not null,
    --: Recent downloads of all models with such a count
    coverable integer not null,
    --: Percentage of the country's downloads; of licence classes, of those whose licence is classed
    share_pct real,
    --: Hard lower bound of the share
    low_pct real,
    --: Hard upper bound of that share
    high_pct real,
    --: Lower end of its 90 % interval
    likely_low_pct real,
    --: Upper end of its 90 % interval
    likely_high_pct real,
    primary key (scope, split, country, key)
) strict, without rowid;

--: How concentrated downloads are on countries, labs, families or models, month by month. Models
--: without a known key are left out.
create table concentration (
    --: Scope
    scope text not null references scopes (scope),
    --: publisher or base
    attribution text not null,
    --: country, lab, family or model
    dimension text not null,
    --: cumulative or monthly
    measure text not null,
    --: top_1 to top_20 (share of the largest, percent), hhi (to 10,000) or gini (to 100)
    statistic text not null,
    --: Month; the last one may be running
    month text not null,
    --: Countries, labs, families or models compared
    keys integer not null,
    --: The statistic, the middle of its values in the drawn histories
    value real not null,
    --: Hard lower bound
    low real not null,
    --: Hard upper bound
    high real not null,
    --: Lower end of the 90 % interval; empty where too little was counted for one
    likely_low real,
    --: Upper end of the 90 % interval
    likely_high real,
    --: Percentage of the downloads of all keys in models counted within a day of the row's ends
    counted_pct real,
    --: Percentage of the recent downloads of all keys in models with an all-time count
    covered_pct real,
    primary key (scope, attribution, dimension, measure, statistic, month)
) strict, without rowid;

--: By how much shares and downloads changed from the end of a month, at least four weeks before,
--: to a scope's last day. The hard bounds and the 90 % interval are of the change itself, which is
--: taken in each drawn history.
create table share_changes (
    --: Number of the row in this build
    id integer primary key,
    --: Scope
    scope text not null references scopes (scope),
    --: publisher or base
    attribution text not null,
    --: country, region, lab, family or size_bucket
    dimension text not null,
    --: Key in the dimension; empty is unknown
    key text,
    --: The day compared with, the end of a month
    compared_with text not null,
    --: The last day
    through text not null,
    --: Smallest change of the share in points that the observations allow
    low_points real,
    --: Greatest change of the share in points that the observations allow
    high_points real,
    --: Lower end of its 90 % interval; empty where too little was counted for one
    likely_low_points real,
    --: Upper end of its 90 % interval
    likely_high_points real,
    --: Fewest downloads gained that the observations allow
    gained_low integer not null,
    --: Most downloads gained
    gained_high integer not null,
    --: Lower end of their 90 % interval; empty where too little was counted for one
    gained_likely_low integer,
    --: Upper end of their 90 % interval
    gained_likely_high integer
) strict;
create index share_changes_scope on share_changes (scope, attribution, dimension);

--: Downloads of models in their first days, and the Relative Adoption Metric by both published
--: definitions. A model whose counts do not reach an age, or whose start is unknown, has no row.
create table adoption (
    --: The model
    model integer not null references models (id),
    --: Days from release, or from the repository's creation if that is later
    days integer not null,
    --: The last of these days
    until text not null,
    --: Estimate of the downloads in these days
    downloads integer not null,
    --: Lower bound
    low integer not null,
    --: Upper bound
    high integer not null,
    --: 1 when the bounds are apart by no more than a tenth of the upper one
    known integer not null,
    --: Downloads divided by those of the tenth largest model of its size at that age
    ram_tenth real,
    --: Lower bound
    ram_tenth_low real,
    --: Upper bound; empty where nothing limits it
    ram_tenth_high real,
    --: Downloads divided by the median of the ten largest of its size at that age
    ram_median real,
    --: Lower bound
    ram_median_low real,
    --: Upper bound; empty where nothing limits it
    ram_median_high real,
    --: Lower end of the 90 % interval of the downloads in these days
    likely_low integer not null,
    --: Upper end of the 90 % interval of the downloads in these days
    likely_high integer not null,
    --: 1 when the model has an all-time count within a day of both ends of these days
    counted integer not null,
    --: Lower end of the 90 % interval of ram_tenth
    ram_tenth_likely_low real,
    --: Upper end of the 90 % interval of ram_tenth; empty where nothing limits it
    ram_tenth_likely_high real,
    --: Lower end of the 90 % interval of ram_median
    ram_median_likely_low real,
    --: Upper end of the 90 % interval of ram_median; empty where nothing limits it
    ram_median_likely_high real,
    primary key (model, days)
) strict, without rowid;
create index adoption_low on adoption (days, low);
create index adoption_ram_tenth on adoption (days, ram_tenth_low);
create index adoption_ram_median on adoption (days, ram_median_low);

--: What models of a size are compared with at an age, among the models counted by default, where at
--: least ten are that old.
create table adoption_references (
    --: Size class by parameters
    size_bucket text not null,
    --: Days from release
    days integer not null,
    --: Models with a count at that age
    models integer not null,
    --: Of those, models whose count is known
    known_models integer not null,
    --: The tenth largest, the middle of the drawn histories, which never falls with age
    tenth integer not null,
    --: Lower bound
    tenth_low integer not null,
    --: Upper bound
    tenth_high integer not null,
    --: Median of the ten largest, the middle of the drawn histories
    median real not null,
    --: Lower bound
    median_low real not null,
    --: Upper bound
    median_high real not null,
    --: Lower end of the 90 % interval of the tenth largest
    tenth_likely_low integer not null,
    --: Upper end of the 90 % interval of the tenth largest
    tenth_likely_high integer not null,
    --: Lower end of the 90 % interval of the median
    median_likely_low real not null,
    --: Upper end of the 90 % interval of the median
    median_likely_high real not null,
    --: Percentage of the downloads of the ten largest in models counted within a day of both ends
    counted_pct real,
    primary key (size_bucket, days)
) strict, without rowid;

--: What models gained in the last days of the default scope, for models that were counted on that
--: day.
create table recent_growth (
    --: The model
    model integer not null references models (id),
    --: How many days
    days integer not null,
    --: The last of them
    through text not null,
    --: Estimate of the downloads in these days
    downloads integer not null,
    --: Lower bound
    low integer not null,
    --: Upper bound
    high integer not null,
    --: Estimate of all downloads before these days
    had integer not null,
    --: Lower bound
    had_low integer not null,
    --: Upper bound
    had_high integer not null,
    --: Downloads in these days in percent of those before
    growth_pct real,
    --: The lowest that this can be, by the bounds of both
    growth_low_pct real,
    --: Lower end of the 90 % interval of the downloads in these days
    likely_low integer not null,
    --: Upper end of the 90 % interval of the downloads in these days
    likely_high integer not null,
    --: Lower end of the 90 % interval of all downloads before these days
    had_likely_low integer not null,
    --: Upper end of the 90 % interval of all downloads before these days
    had_likely_high integer not null,
    --: Lower end of the 90 % interval of the growth in percent
    growth_likely_low_pct real,
    --: Upper end of the 90 % interval of the growth in percent; empty where nothing limits it
    growth_likely_high_pct real,
    --: 1 when the model has an all-time count within a day of both ends of these days
    counted integer not null,
    primary key (model, days)
) strict, without rowid;
create index recent_growth_pct on recent_growth (days, growth_low_pct, growth_pct);

--: Models that were made from others, as their cards declare, whose parents or roots are of
--: registered namespaces. A selection that two sources happened to list, not the whole Hub.
create table derivatives (
    --: Name of the derivative
    child text not null,
    --: finetune, quantized, merge, adapter or unspecified
    relation text not null,
    --: Name of a model that it was made from
    parent_name text not null,
    --: Day on which its repository was created
    created_at text,
    --: Its downloads of 30 days
    downloads_30d integer,
    --: Day of that count
    counted_on text,
    --: Source of the row
    source text not null,
    primary key (child, parent_name)
) strict, without rowid;
create index derivatives_parent on derivatives (parent_name);
create index derivatives_counted_on on derivatives (counted_on);

--: What each derivative counts as, by its direct parent and by the original model. If it has several
--: parents, it counts for the nearest one where all are of one lab, and as several otherwise.
create table derived_models (
    --: Name of the derivative
    child text not null,
    --: direct (the parent) or root (where the declared lineage ends)
    depth text not null,
    --: Month of its creation
    month text,
    --: How it was made; quantised_by_name when only its name says so
    relation text not null,
    --: Newest count of downloads in 30 days
    downloads_30d integer,
    --: Parents that it declares
    parents integer not null,
    --: The model that it counts for; empty when its bases are of several labs
    base text,
    --: Steps from it to that model
    steps integer not null,
    --: Lab of the base, when registered
    lab text references labs (id),
    --: Family of the base
    family text references families (id),
    --: Country of the base at its release, or of its lab
    country text references countries (code),
    --: 1 when it is of the same lab as its base
    own integer not null,
    --: 1 when its bases are of several labs
    several integer not null,
    primary key (child, depth)
) strict, without rowid;
create index derived_models_base on derived_models (base, depth);

--: New derivatives by month and by what they were made from.
create table derivative_months (
    --: direct or root
    depth text not null,
    --: country, lab, family or relation
    split text not null,
    --: How they were made
    relation text not null,
    --: 1 when made by the lab of the base
    own integer not null,
    --: yes (more than 5 downloads in 30 days) or all
    downloaded text not null,
    --: Month of creation
    month text not null,
    -- A default of '' says that the empty text is a value of its own, as here of no lab.
    --: Value of the split; empty for no registered lab
    key text not null default '',
    --: Name of the value
    label text not null,
    --: Derivatives
    models integer not null,
    primary key (depth, split, downloaded, month, key, relation, own)
) strict, without rowid;

--: Derivatives of each base model, by how they were made.
create table derivative_bases (
    --: direct or root
    depth text not null,
    --: yes (more than 5 downloads in 30 days) or all
    downloaded text not null,
    --: The model that others were made from
    base text not null,
    --: Its lab
    lab text not null references labs (id),
    --: Its family
    family text references families (id),
    --: Its country at its release, or that of its lab
    country text references countries (code),
    --: Derivatives
    models integer not null,
    --: Of those, made by others than the lab
    by_others integer not null,
    --: Fine-tunes
    finetunes integer not null,
    --: Quantisations
    quantisations integer not null,
    --: Kind not stated, but a name that says quantisation
    quantised_by_name integer not null,
    --: Merges
    merges integer not null,
    --: Adapters
    adapters integer not null,
    --: Kind not stated
    unspecified integer not null,
    primary key (depth, downloaded, base)
) strict, without rowid;
create index derivative_bases_models on derivative_bases (depth, downloaded, models);

--: Every fault in the counts that was found or noted, and what was done.
create table quality_events (
    --: Number of the event in this build
    id integer primary key,
    --: Kind of event (rollback, correction, undecided, partial, new_size, gap, stall, outlier and
    --: others)
    kind text not null,
    --: The source, when it is about one
    source text,
    --: First day
    from_date text not null,
    --: Last day
    to_date text not null,
    --: The model, when it is about one
    model integer references models (id),
    --: Number of models, when it is known
    models integer,
    --: What was found or done
    what text not null
) strict;
create index quality_events_model on quality_events (model);

--: Where models are fetched or used: the Hub and others. Each counts something different, so figures
--: of two channels stand side by side and are never added up.
--: label: name
create table channels (
    --: Short name
    channel text primary key,
    --: Order in which they are shown
    place integer not null,
    --: The channel's name
    name text not null,
    --: What its figures are called in the files
    metric text not null,
    --: What one of them is
    unit text not null,
    --: counter (an all-time count) or daily (an amount of one day)
    kind text not null,
    --: What is counted, in its own terms
    counts text not null,
    --: What its figures cannot say
    limits text not null,
    --: How they came into the census
    gathering text not null,
    --: Where it can be seen
    url text not null,
    --: First day with figures
    first_on text,
    --: Last day with figures
    last_on text,
    --: Days with figures; empty for the Hub, whose days are in snapshots
    days integer
) strict;

--: Other places where models are fetched or used, for which nobody publishes figures to show.
create table channels_missing (
    --: What is missing
    name text primary key,
    --: What it would count
    counts text not null,
    --: Why it is missing
    why text not null,
    --: In which direction its absence shifts the figures, where that is known
    bias text not null
) strict;

--: The names under which channels know models, and whose they are by an exact name, a written rule
--: or a document. A name that none of these covers has no lab; nothing is guessed.
--: label: name
create table channel_names (
    --: Number of the name in this build
    id integer primary key,
    --: The channel
    channel text not null references channels (channel),
    --: The name on the channel
    name text not null,
    --: The lab that makes it; empty where that is not known or no lab of the census
    lab text references labs (id),
    --: Who makes it, where that is not a lab of the census
    maker text,
    --: The Hub model of that name, where it is exactly one
    model integer references models (id),
    --: The family by its name
    family text references families (id),
    --: open or closed, where the source or a document says so
    weights text check (weights in ('open', 'closed')),
    --: repository (the same repository on the Hub), namespace (the same namespace), rule (a brand
    --: of the lab's models on the Hub) or document
    basis text check (basis in ('repository', 'namespace', 'rule', 'document')),
    --: What the basis says
    says text,
    --: The document
    source_url text,
    unique (channel, name),
    unique (id, channel)
) strict;
create index channel_names_lab on channel_names (lab);
create index channel_names_model on channel_names (model);

--: What sources said about a channel's names on single days, as they said it.
create table channel_counts (
    --: The channel, which name and source are of, too
    channel text not null,
    --: The name
    name integer not null,
    --: The day
    counted_on text not null,
    --: Who says so
    source integer not null,
    --: The figure, in the unit of the channel
    value integer not null,
    primary key (channel, name, counted_on, source),
    -- Name and source are of the count's own channel.
    foreign key (name, channel) references channel_names (id, channel),
    foreign key (source, channel) references sources (id, channel)
) strict, without rowid;

--: Sums of one channel's figures by lab, country, region, family or weights. Counters stand at
--: their last day of the month; daily amounts are sums of the days of a month or week. Every row is
--: of one channel alone.
create table channel_series (
    --: Number of the row in this build
    id integer primary key,
    --: The channel
    channel text not null references channels (channel),
    --: all, or open for the names with open weights only
    weights text not null,
    --: country, region, lab, family or weights
    dimension text not null,
    --: What the sum is of; empty for names that are not mapped
    key text,
    --: Its name
    label text not null,
    --: month or week
    step text not null,
    --: Month of the last day
    month text not null,
    --: Last day that is counted
    through text not null,
    --: Days that are summed; 1 for a counter
    days integer not null,
    --: How many names are in it
    names integer not null,
    --: What was counted; for a counter, the last reading of each name
    value integer not null,
    --: What it is at least, with rounding and days without a reading
    low integer not null,
    --: What it is at most; empty where nothing limits it
    high integer,
    --: Percentage of the channel; empty where the source lists a selection only
    share_pct real,
    --: Lower bound of that share
    low_pct real,
    --: Upper bound of that share
    high_pct real
) strict;
create unique index channel_series_key on channel_series (
    channel, weights, dimension, step, through, key, month
);

--: Who publishes scores of models, on which scale, and how scores may be compared.
--: label: name
create table capability_sources (
    --: Short name
    source text primary key,
    --: Full name
    name text not null,
    --: import (taken in once from a file of others) or collected (asked for every day)
    kind text not null check (kind in ('import', 'collected')),
    --: Who measures
    publisher text not null,
    --: The scale; scores of two scales are never compared
    scale text not null,
    --: of one day (only scores of one day compare) or of releases (all of a recording do)
    days text not null check (days in ('of one day', 'of releases')),
    --: Licence of the file
    licence text not null,
    --: Whom to credit
    attribution text not null,
    --: Where it is
    url text not null,
    --: What to know about it
    note text not null
) strict;

--: Scores as their publishers gave them, with the lab, model, country and weights where the
--: publisher or a written rule says so.
--: label: name
create table capability_scores (
    --: Number of the score in this build
    id integer primary key,
    --: Who says so
    source text not null references capability_sources (source),
    --: The day that it stands for, of the list or of the model's release
    day text not null,
    --: The day of the list
    as_of text not null,
    --: The model as the publisher names it
    name text not null,
    --: The maker as the publisher names it
    organisation text,
    --: The lab of the census, by the same name or a written rule
    lab text references labs (id),
    --: The Hub model, by the publisher's link or the same name
    model integer references models (id),
    --: Country of the lab today, else as the publisher states it
    country text references countries (code),
    --: open or closed, as the publisher's words say
    weights text check (weights in ('open', 'closed')),
    --: Day of release, as the publisher states it
    released_on text,
    --: The score
    value real not null,
    --: Lower end of the publisher's interval
    low real,
    --: Upper end of the publisher's interval
    high real,
    --: Votes behind it
    votes integer
) strict;
create index capability_scores_source on capability_scores (source, day);
create index capability_scores_model on capability_scores (model);

--: The best score of a group on a day, within one source. Of an index, in one recording, it is the
--: best of all releases so far, on the days on which that changes.
create table capability_best (
    --: Who says so
    source text not null references capability_sources (source),
    --: open or closed, open:CC for open models of a country, any:CC for its models of any kind
    key text not null,
    --: The day, of the list or of the release
    day text not null,
    --: The best model as the publisher names it
    name text not null,
    --: Its lab
    lab text references labs (id),
    --: The Hub model
    model integer references models (id),
    --: Its score
    value real not null,
    --: Lower end of the publisher's interval
    low real,
    --: Upper end of the publisher's interval
    high real,
    --: The day of the list
    as_of text not null,
    primary key (source, key, day)
) strict, without rowid;

--: Figures that others published, to compare ours with.
create table published_figures (
    --: Short name
    figure text primary key,
    --: Who published it
    publisher text not null,
    --: What it counts
    what text not null,
    --: Kind of figure
    measure text not null,
    --: Dimension of the census that it is about
    dimension text,
    --: Key in that dimension
    key text,
    --: Which models the publisher counts
    scope_of_publisher text,
    --: The figure
    value real not null,
    --: Its unit
    unit text not null,
    --: Day or month that it is of
    as_of text,
    --: Remarks on that date
    as_of_note text,
    --: primary (the publisher's own words), secondary or derived
    evidence text not null,
    --: The document
    source_title text,
    --: Where it was read
    source_url text not null,
    --: Remarks
    note text
) strict;

--: Claims of the press and of others, to be checked against the census.
create table press_claims (
    --: Short name
    claim_id text primary key,
    --: The claim
    claim text not null,
    --: Who made it
    claimant text not null,
    --: When
    published text not null,
    --: What it is about
    about text not null,
    --: What in the census decides it
    decided_by text not null,
    --: What is known about it
    first_reading text not null,
    --: Where it can be read
    source_url text
) strict;

--: Models that another tracker lists.
create table peer_models (
    --: The tracker
    tracker text not null,
    --: Name of the model in its list
    name text not null,
    --: The model in the census, when it is observed
    model integer references models (id),
    --: Date of the list
    listed_on text not null,
    --: Where the list is
    source_url text not null,
    primary key (tracker, name)
) strict, without rowid;
create index peer_models_model on peer_models (model);

--: How our list differs from another tracker's. It has models of ours with 100,000 downloads or
--: more that the list lacks, and listed ones that we do not count by default.
create table peer_differences (
    --: Number of the row in this build
    id integer primary key,
    --: The tracker
    tracker text not null,
    --: ours not listed; listed, out of scope; or listed, not observed
    side text not null,
    --: The model; empty when it was never observed
    model integer references models (id),
    --: Its name in the list
    listed_as text,
    --: Newest observed all-time count; empty where none was observed
    downloads_all_time integer,
    --: Highest observed 30-day count
    downloads_30d_most integer
) strict;
create index peer_differences_side on peer_differences (tracker, side);

--: Figures that others published, beside ours where the census can compute them, and with the
--: reason where it cannot. The verdict follows from the draws and the hard bounds by a rule; what
--: they leave open is "cannot be decided".
create table scoreboard (
    --: The published figure
    figure text primary key references published_figures (figure),
    --: What is computed (cumulative, share, windowed and others), or none
    measure text not null,
    --: Dimension of the series
    dimension text,
    --: Key in that dimension; several joined by +
    key text,
    --: Scope of ours that is nearest to the publisher's
    scope text references scopes (scope),
    --: First month of ours where it is of several
    since text,
    --: Month that ours is of, the last of several
    month text,
    --: What was published
    published real not null,
    --: Unit of both
    unit text not null,
    --: The middle of the draws; empty where its interval is too wide for a number
    ours real,
    --: Lowest value that the observations allow
    ours_low real,
    --: Highest value that the observations allow; empty where nothing limits it
    ours_high real,
    --: What the census finds where it is not a number, or what the lowest value is of
    ours_in_words text,
    --: Our figure minus the published one
    difference real,
    --: Greatest difference at which the two agree
    tolerance real,
    --: percent (of the published figure) or units (those of the figure)
    tolerance_unit text,
    --: agrees, consistent, differs, the same list, not comparable, cannot be decided, no data or
    --: not computed
    verdict text not null,
    --: Why they differ, what to know about the comparison, or why there is none
    reason text not null,
    --: Lower end of the 90 % interval of ours
    ours_likely_low real,
    --: Upper end of the 90 % interval of ours
    ours_likely_high real,
    --: The part of the draws in which the two agree, or in which ours is not above theirs
    p real
) strict;

--: What the data say about press claims; one claim can have several checks.
create table fact_checks (
    --: Number of the check in this build
    id integer primary key,
    --: The claim
    claim_id text not null references press_claims (claim_id),
    --: Kind of check
    kind text not null,
    --: What it was applied to
    arguments text not null,
    --: true or false (counted), very likely so (from draws), partly true, cannot be decided or no
    --: data
    verdict text not null,
    --: The facts behind the verdict, computed by the build
    evidence text not null,
    --: The question that shows them, with its parameters
    decided_by text not null,
    --: The part of the draws in which the claim holds, where they were asked
    p real
) strict;
create index fact_checks_claim_id on fact_checks (claim_id);

--: Crossings, round numbers and new leaders in the cumulative series, decided draw by draw, each
--: with the days between which it happened in the middle 90 % of the draws.
create table milestones (
    --: Number of the milestone in this build
    id integer primary key,
    --: crossing (A passed B), lead (A is ahead of B, since when is open), round_number or
    --: number_one
    kind text not null,
    --: Scope of the series
    scope text not null references scopes (scope),
    --: country, region, lab, family, or total for all downloads of the scope
    dimension text not null,
    --: Key in that dimension; empty for the total
    key text,
    --: Name of the key
    label text not null,
    --: The key that was passed, or that led before
    other_key text,
    --: Its name
    other_label text,
    --: The round number
    value integer,
    --: First month in which it is likely to have happened, among the counted models
    earliest text not null,
    --: Month by which it very likely had happened
    latest text not null,
    --: 1 when the opposite is very likely for an earlier month
    known_before integer not null,
    --: Month of the middle of the draws; empty where the beginning is open
    estimate text,
    --: The milestone in a sentence
    what text not null,
    --: First of the days between which it happened in 90 % of the draws
    earliest_on text not null,
    --: Last of these days
    latest_on text not null,
    --: The part of the draws in which the sentence holds
    p real not null
) strict;
create index milestones_scope on milestones (scope, dimension, latest);

--: Downloads of each lab up to the scope's last day, by the country that its models have on each
--: basis.
create table lab_countries (
    --: Number of the row in this build
    id integer primary key,
    --: Scope
    scope text not null references scopes (scope),
    --: publisher or base
    attribution text not null,
    --: Basis of the country
    basis text not null,
    --: The lab; empty where the lab of the base is not known
    lab text references labs (id),
    --: Country on that basis; empty is not established
    country text references countries (code),
    --: 1 where the lab has no claim on the basis and keeps its operating country
    filled integer not null,
    --: Models with a curve
    models integer not null,
    --: Estimate of all downloads, the middle of the drawn histories
    downloads integer not null,
    --: Lower bound
    downloads_low integer not null,
    --: Upper bound
    downloads_high integer not null,
    --: Lower end of the 90 % interval; empty where too little was counted for one
    likely_low integer,
    --: Upper end of the 90 % interval
    likely_high integer,
    --: The part of these downloads in models counted within a day of the last day
    counted integer not null,
    --: Recent downloads in models with an all-time count, by the 30-day count nearest to the day
    covered integer not null,
    --: Recent downloads of all models with such a count
    coverable integer not null
) strict;
create index lab_countries_scope on lab_countries (scope, attribution, basis, country);

--: By how many points the shares of countries up to the scope's last day change when one lab is left
--: out, or counted for another country that a document states. Each change is taken in every drawn
--: history.
create table lab_moves (
    --: Number of the row in this build
    id integer primary key,
    --: Scope
    scope text not null references scopes (scope),
    --: publisher or base
    attribution text not null,
    --: The lab
    lab text not null references labs (id),
    --: The country that it is counted for instead; empty where the lab is left out
    other_country text references countries (code),
    --: The country whose share changes, by the operating rule
    country text not null references countries (code),
    --: Change of its share in points
    points real not null,
    --: Smallest change that the observations allow
    low_points real not null,
    --: Greatest change that the observations allow
    high_points real not null,
    --: Lower end of the 90 % interval; empty where too little was counted for one
    likely_low_points real,
    --: Upper end of the 90 % interval
    likely_high_points real
) strict;
create index lab_moves_country on lab_moves (scope, attribution, country);

--: How well each lab's downloads are known at the end of each month.
create table lab_coverage (
    --: Scope
    scope text not null references scopes (scope),
    --: The lab
    lab text not null references labs (id),
    --: Month; the last one may be running
    month text not null,
    --: Models with a curve
    models integer not null,
    --: Those whose count is known exactly
    models_known integer not null,
    --: Estimate of all downloads, that of the lab's series
    downloads integer not null,
    --: Lower bound
    downloads_low integer not null,
    --: Upper bound
    downloads_high integer not null,
    --: Lower end of the 90 % interval; empty where too little was counted for one
    likely_low integer,
    --: Upper end of the 90 % interval
    likely_high integer,
    --: The part of these downloads in models counted within a day of the row's last day
    counted integer not null,
    --: Recent downloads in models with an all-time count, by the 30-day count nearest to the day
    covered integer not null,
    --: Recent downloads of all models with such a count
    coverable integer not null,
    primary key (scope, lab, month)
) strict, without rowid;

--: What the headline depends on: downloads by country up to the scope's last day when some models
--: are left out, or when those without an all-time count are added.
create table robustness (
    --: Number of the row in this build
    id integer primary key,
    --: Scope
    scope text not null references scopes (scope),
    --: publisher or base
    attribution text not null,
    --: Short name of the variant
    variant text not null,
    --: What is counted, in words
    label text not null,
    --: Operating country; empty is not established
    country text references countries (code),
    --: Models counted
    models integer not null,
    --: Estimate of all downloads
    downloads integer not null,
    --: Lower bound
    downloads_low integer not null,
    --: Upper bound; empty where nothing limits it
    downloads_high integer,
    --: Share of the downloads of all countries, percent
    share_pct real,
    --: Lower bound of the share
    low_pct real,
    --: Upper bound of the share
    high_pct real,
    --: Lower end of the 90 % interval of the share; empty where there is none
    likely_low_pct real,
    --: Upper end of the 90 % interval of the share
    likely_high_pct real,
    --: Part of the downloads in models counted within a day of the last day
    counted integer not null,
    --: 30-day counts near the day of models with an all-time count
    covered integer not null,
    --: 30-day counts near the day of all models of the variant
    coverable integer not null,
    --: Models in the series that the variant leaves out, of all countries
    left_out_models integer not null,
    --: The model or lab that is left out, when it is one
    left_out text,
    --: Lower end of the 90 % interval of the downloads; empty where there is none
    likely_low integer,
    --: Upper end of the 90 % interval of the downloads
    likely_high integer
) strict;
create index robustness_scope on robustness (scope, attribution, variant);

--: The ranking by country and by lab up to the last day with one thing left out. That is models
--: under a billion parameters, models with a count in doubt, or the most downloaded one.
create table left_out_series (
    --: Scope
    scope text not null references scopes (scope),
    --: Whose model it counts as
    attribution text not null,
    --: country or lab
    dimension text not null,
    --: none, under_1b, flagged (a count of the model contradicts others or stands out) or
    --: largest_model
    switch text not null,
    --: Country code or lab; empty is unverified
    key text,
    --: Name of the key
    label text not null,
    --: Models counted
    models integer not null,
    --: Estimate of all downloads
    downloads integer not null,
    --: Lower bound
    low integer not null,
    --: Upper bound
    high integer not null,
    --: Lower end of the 90 % interval; empty where there is none
    likely_low integer,
    --: Upper end of the 90 % interval
    likely_high integer,
    --: Lower end of the 50 % interval
    half_low integer,
    --: Upper end of the 50 % interval
    half_high integer,
    --: Share of the downloads of all keys, percent
    share_pct real,
    --: Lower bound of the share
    low_pct real,
    --: Upper bound of the share
    high_pct real,
    --: Lower end of the 90 % interval of the share
    likely_low_pct real,
    --: Upper end of the 90 % interval of the share
    likely_high_pct real,
    --: Lower end of the 50 % interval of the share
    half_low_pct real,
    --: Upper end of the 50 % interval of the share
    half_high_pct real,
    --: Part of the draws in which the key has its place
    p_place real,
    --: Part of the downloads in models counted within a day of the last day
    counted integer not null,
    --: 30-day counts near the day of models with an all-time count
    covered integer not null,
    --: 30-day counts near the day of all models that are kept
    coverable integer not null,
    --: Models in the series that are left out, of all keys
    left_out_models integer not null,
    --: The model that is left out, when it is one
    left_out text
) strict;
create index left_out_series_switch on left_out_series (
    scope, attribution, dimension, switch
);

--: What was published on a day, recorded as it was and never altered: the default list, by
--: publisher and operating country.
create table recorded_vintages (
    --: Day of recording, with a number from the second of the same day on
    day text primary key,
    --: Day of recording
    recorded_on text not null,
    --: How the series was made
    method text not null,
    --: Last day of the series
    through text not null,
    --: SHA-256 over the rules and the code that decided the numbers
    rules_digest text not null,
    --: SHA-256 of the recording's file
    sha256 text not null,
    --: Points that are known differently now
    changed_since integer not null
) strict;

--: The series as they were recorded, whole, by country, region and the 30 largest labs.
create table recorded_points (
    --: Number of the row in this build
    id integer primary key,
    --: The recording
    day text not null references recorded_vintages (day),
    --: country, region or lab
    dimension text not null,
    --: Code of the country, or the region or lab; empty is not established
    key text,
    --: Name of the key
    label text not null,
    --: Month
    month text not null,
    --: Last day that the month counts
    through text not null,
    --: cumulative or monthly
    measure text not null,
    --: Best estimate as published; empty was not published, here and in all that follow
    downloads integer,
    --: Lower bound
    low integer,
    --: Upper bound
    high integer,
    --: Lower end of what was called likely
    likely_low integer,
    --: Upper end of what was called likely
    likely_high integer,
    --: Share of the month's downloads, percent
    share_pct real,
    --: Lower bound of the share, percent
    low_pct real,
    --: Upper bound of the share, percent
    high_pct real,
    --: Lower end of the share that was called likely, percent
    likely_low_pct real,
    --: Upper end of the share that was called likely, percent
    likely_high_pct real
) strict;
create index recorded_points_key on recorded_points (day, dimension, measure, key, month);

--: Namespaces with many downloads that the registry does not have.
create table unregistered_publishers (
    --: Name on the Hub
    namespace text primary key,
    --: Models of the namespace in the source
    models integer not null,
    --: Their all-time counts, added up
    downloads_all_time integer not null,
    --: Their counts of the last 30 days, added up
    downloads_30d integer,
    --: Day of the counts
    counted_on text not null,
    --: Source of the counts
    source text not null references sources (slug)
) strict;

--: What changed in tags, scopes, rules and data, and by how much the headline moved. Entries are
--: only added.
create table changelog (
    --: Number of the entry
    number integer primary key,
    --: Day of the change
    date text not null,
    --: tag, scope, rule, method, data or correction
    kind text not null,
    --: What changed
    what text not null,
    --: Why
    reason text not null,
    --: The share that was measured before and after
    headline text,
    --: That share before the change, percent
    share_before real,
    --: That share after the change, percent
    share_after real,
    --: By how many points it moved; empty if that was not measured
    points real,
    --: The earlier entry that this one corrects
    corrects integer references changelog (number),
    --: Where the change is documented
    source_url text
) strict;
create index changelog_corrects on changelog (corrects);

--: Remarks that a person puts on pages for a time, from data/notices.csv.
create table notices (
    --: Number of the row in this build
    id integer primary key,
    --: Where it stands (home, charts or methodology)
    place text not null,
    --: What it says
    text text not null,
    --: Day since which it stands
    since text not null,
    --: Day on which it was ended; empty while it stands
    until text
) strict;

--: How recent each source is declared to be at least, and how recent it is.
create table source_freshness (
    --: Short name of the source, of observations, of another channel or of scores
    source text primary key,
    --: How often it is taken in (once, on request, daily, weekly or monthly)
    cadence text not null check (cadence in ('once', 'on request', 'daily', 'weekly', 'monthly')),
    --: Age in days beyond which it is stale; empty where it never is
    stale_after_days integer check (stale_after_days > 0),
    --: What follows (block, warn, or retired for a source that has ended)
    when_stale text check (when_stale in ('block', 'warn', 'retired')),
    --: Why so
    reason text not null,
    --: Its last day in this build; empty while it has none
    last_day text
) strict;

--: How recent the sources and the figures were on each day with a run, for ninety days.
create table age_record (
    --: The day of the run
    day text not null,
    --: Short name of a source, or figures for the totals of scope frontier as readers had them
    what text not null,
    --: The last day that it had
    through text not null,
    primary key (day, what)
) strict, without rowid;

--: What this build was made from.
create table build_info (
    --: Name
    key text primary key,
    --: Value
    value text not null
) strict, without rowid;

--: What one source said about one model on one day; facts, never edited.
create view observations as
select
    --: The day
    s.date,
    --: Name of the model
    m.name as model,
    --: Lab that publishes it
    m.lab,
    --: The source
    o.slug as source,
    --: Downloads in the 30 days before
    h.downloads_30d,
    --: Downloads since creation
    h.downloads_all_time,
    --: Likes
    h.likes
from snapshots as s
cross join history as h on s.day = h.day
inner join models as m on h.model = m.id
inner join sources as o on h.source = o.id;

--: Days on which a source gave all-time counts, and how well each day is known.
create view all_time_days as
select
    --: The day
    f.date,
    -- A day is exact as soon as one source of its all-time counts states it.
    --: 1 when every source of these counts only bounds the day
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

--: How well the last day of each scope is known. A day is "about" where no source dates it exactly.
--: Only the largest models were counted where the sources of that day list no others.
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
    --: Scope
    scope,
    --: Last day of its series
    through,
    --: 1 when the day is only bounded
    about,
    --: 1 when only the largest models were counted on the day
    largest_only,
    case
        when about = 1 and largest_only = 1
            then 'about this day; only the largest models were counted'
        when about = 1 then 'about this day'
        when largest_only = 1 then 'only the largest models were counted on this day'
    --: Both in words; empty where neither holds
    end as note
from ends;

--: Cumulative and monthly downloads of every key of every dimension, by month.
create view series as
select
    --: Scope
    k.scope,
    --: publisher or base
    k.attribution,
    --: Basis of the country; operating for other dimensions
    k.basis,
    --: country, region, lab, family, size_bucket, licence or modality
    k.dimension,
    --: Key in the dimension; empty is unknown
    k.key,
    --: Name of the key
    k.label,
    --: Month; the last one may be running
    p.month,
    --: All downloads by the row's last day, the middle of the drawn histories
    p.cumulative,
    --: Hard lower bound
    p.cumulative_low,
    --: Hard upper bound
    p.cumulative_high,
    --: Downloads in the month, the middle of the drawn histories
    p.monthly,
    --: Hard lower bound
    p.monthly_low,
    --: Hard upper bound
    p.monthly_high,
    --: Models summed
    p.models,
    --: Last day counted in the row
    p.through,
    --: Lower end of the 90 % interval; empty where too little was counted for one
    p.cumulative_likely_low,
    --: Upper end of the 90 % interval
    p.cumulative_likely_high,
    --: Lower end of the 90 % interval; empty where too little was counted for one
    p.monthly_likely_low,
    --: Upper end of the 90 % interval
    p.monthly_likely_high,
    --: Percentage of the downloads of all keys
    p.cumulative_share_pct,
    --: Hard lower bound of that share
    p.cumulative_low_pct,
    --: Hard upper bound of that share
    p.cumulative_high_pct,
    --: Lower end of its 90 % interval
    p.cumulative_likely_low_pct,
    --: Upper end of its 90 % interval
    p.cumulative_likely_high_pct,
    --: Percentage of the month's downloads of all keys
    p.monthly_share_pct,
    --: Hard lower bound of that share
    p.monthly_low_pct,
    --: Hard upper bound of that share
    p.monthly_high_pct,
    --: Lower end of its 90 % interval
    p.monthly_likely_low_pct,
    --: Upper end of its 90 % interval
    p.monthly_likely_high_pct,
    --: The part of these downloads in models counted within a day of the last day
    p.cumulative_counted,
    --: The part of these downloads in models counted within a day of both ends of the month
    p.monthly_counted,
    --: The part of all downloads in models that have not been counted since an earlier day
    p.carried,
    --: Recent downloads in models of the series, by the 30-day count nearest to the last day
    p.covered,
    --: Recent downloads of all models of the key with such a count
    p.coverable,
    --: What the cumulative downloads rest on: counted (95 % or more is), estimated (there is a
    --: likely interval) or bounds
    p.cumulative_rests_on,
    --: What the downloads of the month rest on
    p.monthly_rests_on
from series_keys as k
inner join series_points as p on k.id = p.series;

--: Share and place of each series among the series of its dimension, by downloads up to the month's
--: end, read from series_points.
create view standings as
select
    --: The series
    p.series,
    --: Month; the last one may be running
    p.month,
    --: Rank by the estimate; empty for an unknown key
    p.cumulative_place as place,
    --: Percentage of the downloads of all keys
    p.cumulative_share_pct as share_pct,
    --: Hard lower bound of the share
    p.cumulative_low_pct as low_pct,
    --: Hard upper bound of the share
    p.cumulative_high_pct as high_pct,
    --: Lower end of the share's 90 % interval; empty where too little was counted for one
    p.cumulative_likely_low_pct as likely_low_pct,
    --: Upper end of the share's 90 % interval
    p.cumulative_likely_high_pct as likely_high_pct,
    --: Part of the drawn histories, 0 to 1, in which the rank holds
    p.cumulative_p_place as p_place,
    --: counted (95 % or more is), estimated (there is a likely interval) or bounds
    p.cumulative_rests_on as rests_on,
    --: Counted part of the downloads, percent
    round(100.0 * p.cumulative_counted / nullif(p.cumulative, 0), 2) as counted_pct,
    --: Part of the recent downloads in models with an all-time count, percent
    round(100.0 * p.covered / nullif(p.coverable, 0), 2) as covered_pct
from series_points as p;

--: Every published row of a series: cumulative and monthly downloads by month, and by week and day
--: for the last 92 days of a scope. Each row says what it rests on and how much of it is counted and
--: covered.
create view series_steps as
select
    --: The series
    k.id as series,
    --: Scope
    k.scope,
    --: publisher or base
    k.attribution,
    --: Basis of the country; operating for other dimensions
    k.basis,
    --: country, region, lab, family, size_bucket, licence or modality
    k.dimension,
    --: Key in the dimension; empty is unknown
    k.key,
    --: Name of the key
    k.label,
    --: month, week or day
    'month' as step,
    --: Month of the row's last day
    p.month,
    --: Last day counted in the row
    p.through,
    --: cumulative (to the row's last day) or monthly (of the month, week or day alone)
    'cumulative' as measure,
    --: Estimate of the downloads, the middle of the draws
    p.cumulative as downloads,
    --: Lower bound
    p.cumulative_low as low,
    --: Upper bound
    p.cumulative_high as high,
    --: Lower end of the 90 % interval; empty where there is none
    p.cumulative_likely_low as likely_low,
    --: Upper end of the 90 % interval
    p.cumulative_likely_high as likely_high,
    --: Lower end of the 50 % interval
    p.cumulative_half_low as half_low,
    --: Upper end of the 50 % interval
    p.cumulative_half_high as half_high,
    --: Part of the downloads in models counted within a day of the row's ends
    p.cumulative_counted as counted,
    --: Share of all downloads of the scope, percent
    p.cumulative_share_pct as share_pct,
    --: Lower bound of the share
    p.cumulative_low_pct as low_pct,
    --: Upper bound of the share
    p.cumulative_high_pct as high_pct,
    --: Lower end of the 90 % interval of the share
    p.cumulative_likely_low_pct as likely_low_pct,
    --: Upper end of the 90 % interval of the share
    p.cumulative_likely_high_pct as likely_high_pct,
    --: Lower end of the 50 % interval of the share
    p.cumulative_half_low_pct as half_low_pct,
    --: Upper end of the 50 % interval of the share
    p.cumulative_half_high_pct as half_high_pct,
    --: Rank by the estimate; empty for an unknown key
    p.cumulative_place as place,
    --: Part of the draws in which the place holds
    p.cumulative_p_place as p_place,
    --: Part of the cumulative downloads in models after their last count
    p.carried,
    --: 30-day counts near the day of models with an all-time count
    p.covered,
    --: 30-day counts near the day of all models
    p.coverable,
    --: Models summed
    p.models,
    --: counted (95 % or more is), estimated (there is a likely interval) or bounds
    p.cumulative_rests_on as rests_on,
    --: Counted part of the downloads, percent
    round(100.0 * p.cumulative_counted / nullif(p.cumulative, 0), 2) as counted_pct,
    --: Part of the recent downloads in models with an all-time count, percent
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
    p.monthly_rests_on as rests_on,
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
    p.cumulative_rests_on as rests_on,
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
    p.monthly_rests_on as rests_on,
    round(100.0 * p.monthly_counted / nullif(p.monthly, 0), 2) as counted_pct,
    round(100.0 * p.covered / nullif(p.coverable, 0), 2) as covered_pct
from series_keys as k
inner join series_days as p on k.id = p.series;

--: The day for which each scope's downloads of the last 30 days are shown by default: the last one up
--: to the end of its series.
create view recent_ends as
select
    --: Scope
    s.scope,
    --: The day
    max(d.counted_on) as counted_on
from scopes as s
inner join recent_days as d on s.scope = d.scope and s.through >= d.counted_on
group by s.scope;

--: Downloads of the last 30 days of each key with its share of all keys, on each day of recent_days.
create view recent_shares as
select
    --: Scope
    r.scope,
    --: publisher or base
    r.attribution,
    --: Basis of the country; operating for other dimensions
    r.basis,
    --: country, lab or family
    r.dimension,
    --: The day, the last one of a crawl over several
    r.counted_on,
    --: The source that counted most of the models
    d.source,
    --: Key in the dimension; empty is unknown
    r.key,
    --: Name of the key
    r.label,
    --: Models counted on the day
    r.models,
    --: Their downloads of the last 30 days
    r.downloads,
    --: Those of its most downloaded model
    r.largest,
    -- Every model counted on the day is of one key of a dimension, be it the unknown one.
    --: Those of all keys
    d.downloads as total,
    --: Percentage of the downloads of all keys
    round(100.0 * r.downloads / nullif(d.downloads, 0), 4) as share_pct,
    --: Percentage of its downloads in counts that have a quality event
    round(100.0 * r.flagged / nullif(r.downloads, 0), 2) as flagged_pct,
    iif(
        abs(
            100.0 * (r.downloads - r.largest) / nullif(d.downloads - r.largest, 0)
            - 100.0 * r.downloads / nullif(d.downloads, 0)
        ) > 2,
        round(100.0 * (r.downloads - r.largest) / nullif(d.downloads - r.largest, 0), 4),
        null
    --: Its share without its largest model; empty where that moves it by two points at most
    ) as without_largest_pct,
    --: 30-day counts near the day of models counted on the day
    r.covered,
    --: 30-day counts near the day of all models
    r.coverable,
    --: The first as a percentage of the second
    round(100.0 * r.covered / nullif(r.coverable, 0), 2) as covered_pct
from recent_days as d
inner join recent_series as r on d.scope = r.scope and d.counted_on = r.counted_on;

--: Each key of the series at the end of its scope: all downloads by then with their share of all
--: keys, and what they rest on.
create view series_ends as
select
    --: The series
    k.id as series,
    --: Scope
    k.scope,
    --: publisher or base
    k.attribution,
    --: Basis of the country; operating for other dimensions
    k.basis,
    --: country, region, lab, family, size_bucket, licence or modality
    k.dimension,
    --: Key in the dimension; empty is unknown
    k.key,
    --: Name of the key
    k.label,
    --: Models summed
    p.models,
    --: Estimate of the downloads, the middle of the draws
    p.cumulative as downloads,
    --: Lower bound
    p.cumulative_low as low,
    --: Upper bound
    p.cumulative_high as high,
    --: Lower end of the 90 % interval; empty where there is none
    p.cumulative_likely_low as likely_low,
    --: Upper end of the 90 % interval
    p.cumulative_likely_high as likely_high,
    --: Lower end of the 50 % interval
    p.cumulative_half_low as half_low,
    --: Upper end of the 50 % interval
    p.cumulative_half_high as half_high,
    --: Share of all downloads of the scope, percent
    p.cumulative_share_pct as share_pct,
    --: Lower bound of the share
    p.cumulative_low_pct as low_pct,
    --: Upper bound of the share
    p.cumulative_high_pct as high_pct,
    --: Lower end of the 90 % interval of the share
    p.cumulative_likely_low_pct as likely_low_pct,
    --: Upper end of the 90 % interval of the share
    p.cumulative_likely_high_pct as likely_high_pct,
    --: Lower end of the 50 % interval of the share
    p.cumulative_half_low_pct as half_low_pct,
    --: Upper end of the 50 % interval of the share
    p.cumulative_half_high_pct as half_high_pct,
    --: Part of the draws in which the rank by downloads holds
    p.cumulative_p_place as p_place,
    --: counted (95 % or more is), estimated (there is a likely interval) or bounds
    p.cumulative_rests_on as rests_on,
    --: Counted part of the downloads, percent
    round(100.0 * p.cumulative_counted / nullif(p.cumulative, 0), 2) as counted_pct,
    --: Part of the recent downloads in models with an all-time count, percent
    round(100.0 * p.covered / nullif(p.coverable, 0), 2) as covered_pct,
    --: Last day counted in the row
    p.through
from scopes as s
inner join series_keys as k on s.scope = k.scope
inner join series_points as p on k.id = p.series and substr(s.through, 1, 7) = p.month;

-- Figures of different channels side by side, each of one channel alone.
--: The newest figure of each lab, country, region or family on every channel, the Hub's beside
--: them. Every row is of one channel alone, and each channel counts something different.
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
    --: The channel
    s.channel,
    --: country, region, lab or family; on the Hub more
    s.dimension,
    --: What the figure is of
    s.key,
    --: Its name
    s.label,
    --: What was counted; on the Hub the estimate
    s.value,
    --: What it is at least
    s.low,
    --: What it is at most; empty where nothing limits it
    s.high,
    --: Percentage of the channel; empty where the source lists a selection only
    s.share_pct,
    --: Its lowest possible value
    s.low_pct,
    --: Its highest possible value
    s.high_pct,
    --: Last day that is counted
    s.through,
    -- Another channel's figures are counts, not estimates.
    --: Lower end of the 90 % interval of an estimate of the Hub; empty where there is none
    null as likely_low,
    --: Upper end of the 90 % interval of an estimate of the Hub
    null as likely_high,
    --: Lower end of the 90 % interval of its share
    null as likely_low_pct,
    --: Upper end of the 90 % interval of its share
    null as likely_high_pct,
    --: What the Hub's figure rests on (counted, estimated or bounds); empty of other channels
    null as rests_on,
    --: Part of the Hub's figure in models counted on the day, percent
    null as counted_pct,
    --: Part of the Hub's recent downloads in models with an all-time count, percent
    null as covered_pct
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
    k.through,
    k.cumulative_likely_low as likely_low,
    k.cumulative_likely_high as likely_high,
    k.cumulative_likely_low_pct as likely_low_pct,
    k.cumulative_likely_high_pct as likely_high_pct,
    k.cumulative_rests_on as rests_on,
    round(100.0 * k.cumulative_counted / nullif(k.cumulative, 0), 2) as counted_pct,
    round(100.0 * k.covered / nullif(k.coverable, 0), 2) as covered_pct
from series as k
inner join scopes as t on k.scope = t.scope and k.through = t.through
where
    k.scope = 'frontier'
    and k.attribution = 'publisher'
    and k.basis = 'operating'
    and k.key is not null;

--: How often the intervals held when known counts were hidden from the estimate, by test
--: and level, from data/calibration.csv.
create table calibration (
    --: Number of the row in this build
    id integer primary key,
    --: What was hidden
    test text not null,
    --: model, lab, country or share; sums without a likely interval are levels of their own
    level text not null,
    --: How many known values were compared
    cases integer not null,
    --: Percentage of the cases inside their 50 % interval; empty without a case
    inside_50 real,
    --: Percentage inside their 80 % interval
    inside_80 real,
    --: Percentage inside their 90 % interval
    inside_90 real,
    --: Median width of the 90 % interval, percent of the true value, of shares in points
    median_width real,
    --: The true value farthest outside its 90 % interval; empty where none was outside
    worst_miss text,
    --: Last observation of the data that were tested
    last_observation text not null,
    --: SHA-256 of these data
    data_digest text not null,
    --: SHA-256 of the estimate's code
    code_digest text not null
) strict;
