# The site as an immutable image: the built and checked database is baked in, and nothing is written.
# Build the database first (`make build`): `docker build` only packs it.

# python:3.14.6-slim-trixie. The digest is what is used; dependabot proposes newer ones.
FROM python:3.14.6-slim-trixie@sha256:cea0e6040540fb2b965b6e7fb5ffa00871e632eef63719f0ea54bca189ce14a6

ENV HOME=/tmp HOST=0.0.0.0 PORT=8001 CENSUS_HTTPS=1 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app

# Names in Chinese, Japanese and Korean: without such a font they are boxes in charts.
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-wqy-microhei && rm -rf /var/lib/apt/lists/*

COPY requirements.lock ./
RUN python -m venv .venv
RUN .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

COPY . ./
RUN .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation --editable .
# The files belong to root and the site runs as somebody else, so it can change nothing.
RUN chmod -R a+rX,go-w . && chmod a-w census.db inspect-data.json

USER 1000:1000
EXPOSE 8001
# Only whether it serves: old data are told to people, not to the container's keeper.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD [".venv/bin/python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/-/healthz?live=1', timeout=4)"]
# By name of its shell: the Hub keeps no executable mode of uploaded files.
CMD ["sh", "tools/serve"]
