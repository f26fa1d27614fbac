"""A Croissant description (MLCommons, 1.0) of the exported files, for machine learning tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from census.export.data_package import LICENCE, File
from census.export.table_descriptions import Table

CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
# The context that the specification prescribes.
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
TYPES = {"integer": "sc:Integer", "real": "sc:Float", "text": "sc:Text"}
ENCODINGS = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "gz": "application/gzip",
    "db": "application/vnd.sqlite3",
}


def croissant(
    words: Mapping[str, Any],
    tables: Sequence[Table],
    csv_files: Mapping[str, File],
    others: Sequence[File],
    info: Mapping[str, str],
    url: str,
) -> dict[str, Any]:
    """Return the description: every file with its checksum, every table with its columns.

    `csv_files` has the CSV file of each table, `others` the files that hold the same data in
    other formats, `url` where the dataset lives; it is left out when it is empty.
    """
    day = info["last_observation"]
    described: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": "open-model-census",
        "alternateName": words["title"],
        "description": words["description"],
        "license": LICENCE["path"],
        "creator": {"@type": "sc:Organization", "name": words["title"]},
        "datePublished": day,
        # Versions have numbers without leading zeros: 2026-08-02 is 2026.8.2.
        "version": ".".join(str(int(part)) for part in day.split("-")),
        "citeAs": f"{words['title']}, observations to {day}, CC BY 4.0.",
        "isLiveDataset": True,
    }
    if url:
        described["url"] = url
    described["distribution"] = [_file_object(file) for file in (*csv_files.values(), *others)]
    described["recordSet"] = [_record_set(table, csv_files[table.name]) for table in tables]
    return described


def _file_object(file: File) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "description": file.what,
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": ENCODINGS[file.path.rpartition(".")[2]],
        "sha256": file.sha256,
    }


def _record_set(table: Table, file: File) -> dict[str, Any]:
    described: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
    }
    if table.key:
        described["key"] = [{"@id": f"{table.name}/{name}"} for name in table.key]
    described["field"] = [
        {
            "@type": "cr:Field",
            "@id": f"{table.name}/{column.name}",
            "name": column.name,
            "description": column.description,
            "dataType": TYPES[column.type],
            "source": {
                "fileObject": {"@id": file.path},
                "extract": {"column": column.name},
            },
        }
        for column in table.columns
    ]
    return described
