-- Totals of the whole Hub, in SQL that DuckDB and Spark both run as it is.
--
-- It reads the views `counts` (day, name, namespace, downloads_30d, downloads_all_time,
-- size_bucket: one row a model and day), `registry` (namespace, lab, standing, country), `labs` (lab,
-- country) and, for the totals, `cells`: the outcome of the statement of this name. Statements are
-- named by a line `-- name: NAME`.

-- name: cells
select
    c.day,
    coalesce(r.standing, 'not registered') as standing,
    coalesce(r.lab, '') as lab,
    c.size_bucket,
    count(*) as models,
    count(c.downloads_30d) as models_30d,
    sum(c.downloads_30d) as downloads_30d,
    count(c.downloads_all_time) as models_all_time,
    sum(c.downloads_all_time) as downloads_all_time
from counts as c
left join registry as r on c.namespace = r.namespace
group by
    c.day,
    coalesce(r.standing, 'not registered'),
    coalesce(r.lab, ''),
    c.size_bucket;

-- name: publishers
select
    c.day,
    c.namespace,
    count(*) as models,
    count(c.downloads_30d) as models_30d,
    sum(c.downloads_30d) as downloads_30d,
    count(c.downloads_all_time) as models_all_time,
    sum(c.downloads_all_time) as downloads_all_time
from counts as c
left join registry as r on c.namespace = r.namespace
where r.namespace is null and c.day = (select max(day) from counts)
group by c.day, c.namespace
order by coalesce(sum(c.downloads_30d), sum(c.downloads_all_time)) desc, c.namespace
limit 100;

-- name: totals
with keyed as (
    select
        day,
        'standing' as dimension,
        standing as key,
        models,
        models_30d,
        downloads_30d,
        models_all_time,
        downloads_all_time
    from cells
    union all
    select
        c.day,
        'country' as dimension,
        case
            when c.standing = 'lab' then coalesce(l.country, 'not established')
            else c.standing
        end as key,
        c.models,
        c.models_30d,
        c.downloads_30d,
        c.models_all_time,
        c.downloads_all_time
    from cells as c
    left join labs as l on c.lab = l.lab
    union all
    select
        day,
        'lab' as dimension,
        case when standing = 'not registered' then standing else lab end as key,
        models,
        models_30d,
        downloads_30d,
        models_all_time,
        downloads_all_time
    from cells
    union all
    select
        day,
        'size' as dimension,
        size_bucket as key,
        models,
        models_30d,
        downloads_30d,
        models_all_time,
        downloads_all_time
    from cells
),
summed as (
    select
        day,
        dimension,
        key,
        sum(models) as models,
        sum(models_30d) as models_30d,
        sum(downloads_30d) as downloads_30d,
        sum(models_all_time) as models_all_time,
        sum(downloads_all_time) as downloads_all_time
    from keyed
    group by day, dimension, key
)
select
    day,
    dimension,
    key,
    models,
    models_30d,
    downloads_30d,
    100.0 * downloads_30d / sum(downloads_30d) over (partition by day, dimension) as share_30d_pct,
    models_all_time,
    downloads_all_time,
    100.0 * downloads_all_time
        / sum(downloads_all_time) over (partition by day, dimension) as share_all_time_pct
from summed
order by day, dimension, coalesce(downloads_30d, downloads_all_time) desc, key;
