#!/bin/sh
# Builds the peers' programs into benchmarks/peers/target, which git ignores; compare.py leaves out
# what is not there.
#
#   benchmarks/peers/prepare.sh                 all but Spark
#   benchmarks/peers/prepare.sh elki spark      only these; Spark fetches 326 MB
#
# Names: peak armadillo commons elki smile spark. scikit-learn and mclust need no building.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$here/target
mkdir -p "$target"
[ $# -gt 0 ] || set -- peak armadillo commons elki smile

jvm() {
  echo "$1: fetching" >&2
  mvn -q -B -f "$here/jvm/pom.xml" -P "$1" dependency:copy-dependencies \
    -DoutputDirectory="$target/$1"
  javac -proc:none -nowarn -cp "$target/$1/*" -d "$target/$1-classes" \
    "$here/jvm/Peer.java" "$here/jvm/Clock.java" "$here/jvm/Cell.java" "$here/jvm/Worker.java" \
    "$here/jvm/$2.java"
}

for name; do
  case $name in
    peak) cc -O2 -march=native -o "$target/peak" "$here/peak.c" ;;
    armadillo)
      c++ -std=c++14 -O3 -march=native -fopenmp -DNDEBUG -o "$target/armadillo" \
        "$here/armadillo_worker.cpp" -larmadillo
      ;;
    commons) jvm commons CommonsMath ;;
    elki) jvm elki Elki ;;
    smile) jvm smile Smile ;;
    spark) jvm spark Spark ;;
    *) echo "no peer is called $name" >&2; exit 2 ;;
  esac
done
