"""The banner on every page when the data are stale, or are the bundled ones."""

from __future__ import annotations

from typing import Any, NamedTuple

from datasette import hookimpl

from census.site.site import DATABASE, Site, age_in_days, site_of


class Banner(NamedTuple):
    """The banner's content: `bundled` or `stale`, the last day, and its age in days."""

    kind: str
    through: str
    age: int


def banner_of(site: Site) -> Banner | None:
    """Return the banner of a site, None where its data are fresh or missing."""
    info = site.info
    through = info.get("data_through", "")
    if not through:
        return None
    age = age_in_days(through)
    if age <= site.stale_after_days:
        return None
    collected = int(info.get("collected_days", "0"))
    return Banner("stale" if collected else "bundled", through, age)


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Give every template, those of errors too, `site_banner()`."""

    def site_banner() -> Banner | None:
        """Return the banner as of now: a site that nobody updates becomes stale by itself."""
        if DATABASE not in datasette.databases:
            return None
        return banner_of(site_of(datasette))

    env.globals["site_banner"] = site_banner
