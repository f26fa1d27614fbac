# How many labs each country has, with R on the data package.
#
# Usage: Rscript frictionless_labs.R EXPORTS
# Needs: install.packages("frictionless")
library(frictionless)

arguments <- commandArgs(trailingOnly = TRUE)
package <- read_package(file.path(arguments[1], "datapackage.json"))
labs <- read_resource(package, "labs")
# The code of Namibia is NA, which R would take for a missing value; the package says that only an
# empty value is one.
counts <- sort(table(labs$country[labs$role == "lab"]), decreasing = TRUE)
print(head(counts, 10))
