# How many labs each country has, with R on the data package: its description says where each table
# is, and of which type each column.
#
# Usage: Rscript labs_by_country.R EXPORTS
# Needs: the package jsonlite, in Debian and Ubuntu r-cran-jsonlite.
library(jsonlite)

folder <- commandArgs(trailingOnly = TRUE)[1]
package <- fromJSON(file.path(folder, "datapackage.json"), simplifyVector = FALSE)
labs <- Filter(function(resource) resource$name == "labs", package$resources)[[1]]
types <- c(integer = "numeric", number = "numeric", boolean = "character")
classes <- sapply(labs$schema$fields, function(field) {
  if (field$type %in% names(types)) types[[field$type]] else "character"
})
# Only what is empty is missing: R would take NA, the code of Namibia, for a missing value.
rows <- read.csv(
  file.path(folder, labs$path), colClasses = unname(classes), na.strings = "", encoding = "UTF-8"
)
stopifnot(identical(names(rows), sapply(labs$schema$fields, function(field) field$name)))
counts <- sort(table(rows$country[rows$role == "lab"]), decreasing = TRUE)
print(head(counts, 10))
