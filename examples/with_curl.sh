#!/bin/sh
# The census by HTTP, with curl alone. Usage: sh with_curl.sh https://SITE
set -eu
site=${1%/}

# --fail makes an error a status of the shell; a file that breaks off on the way is one too.
echo "How far the data go:"
curl --silent --show-error --fail "$site/census/series_status.csv"

echo "The three largest countries of the last day:"
curl --silent --show-error --fail "$site/census/ranking_by_country.csv" | head -n 4

echo "SQL of your own, with a value:"
curl --silent --show-error --fail --get "$site/census.csv" \
    --data-urlencode "sql=select name, country from labs where id = :lab" \
    --data-urlencode "lab=qwen"

echo "A wrong value is refused:"
curl --silent --show-error --output /dev/null --write-out '%{http_code}\n' \
    "$site/census/share_by_country.csv?scope=everything"

echo "The citation:"
curl --silent --show-error --fail "$site/open-model-census.citation.txt"
